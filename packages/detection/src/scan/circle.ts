import type { ScanSite } from './types.ts'

const EARTH_RADIUS_KM = 6371.0088

/** Great-circle distance in km (haversine) or distance in the plane. */
export function distanceBetween(a: ScanSite, b: ScanSite, metric: 'degrees' | 'plane'): number {
  if (metric === 'plane') return Math.hypot(a.x - b.x, a.y - b.y)
  const radians = Math.PI / 180
  const north = Math.sin(((b.y - a.y) * radians) / 2) ** 2
  const east = Math.sin(((b.x - a.x) * radians) / 2) ** 2
  const h = north + Math.cos(a.y * radians) * Math.cos(b.y * radians) * east
  return 2 * EARTH_RADIUS_KM * Math.asin(Math.min(1, Math.sqrt(h)))
}

export type Circles = {
  first: Int32Array
  neighbour: Int32Array
  distance: Float64Array
  circleEnd: Uint8Array
}

/** All circles around every site up to a radius and a total weight, as nested lists by distance. */
export function buildCircles(
  sites: readonly ScanSite[],
  weight: Float64Array,
  limit: { radius: number; weight: number; metric: 'degrees' | 'plane' },
): Circles {
  const first = new Int32Array(sites.length + 1)
  const neighbours: number[] = []
  const distances: number[] = []
  const ends: number[] = []
  const own = new Float64Array(sites.length)
  for (let center = 0; center < sites.length; center++) {
    const near: number[] = []
    for (let other = 0; other < sites.length; other++) {
      own[other] = distanceBetween(sites[center]!, sites[other]!, limit.metric)
      if (own[other]! <= limit.radius) near.push(other)
    }
    // The centre comes first even among sites at the same point.
    near.sort((a, b) => own[a]! - own[b]! || Number(b === center) - Number(a === center) || a - b)
    let sum = 0
    for (let i = 0; i < near.length; ) {
      let end = i + 1
      while (end < near.length && own[near[end]!] === own[near[i]!]) end++
      for (let j = i; j < end; j++) sum += weight[near[j]!]!
      if (sum > limit.weight) break
      for (let j = i; j < end; j++) {
        neighbours.push(near[j]!)
        distances.push(own[near[j]!]!)
        ends.push(j === end - 1 ? 1 : 0)
      }
      i = end
    }
    first[center + 1] = neighbours.length
  }
  return {
    first,
    neighbour: Int32Array.from(neighbours),
    distance: Float64Array.from(distances),
    circleEnd: Uint8Array.from(ends),
  }
}
