import type { Boundary } from '@vigil/codes/boundary'

type Feature = Boundary['features'][number]
type Point = readonly [number, number]

/** Twice the signed area of a ring and its centroid (shoelace formula), in degrees. */
function centroid(ring: readonly Point[]): { area: number; at: Point } {
  let [area, x, y] = [0, 0, 0]
  for (const [i, [x1, y1]] of ring.entries()) {
    const [x2, y2] = ring[(i + 1) % ring.length]!
    const cross = x1 * y2 - x2 * y1
    area += cross
    x += (x1 + x2) * cross
    y += (y1 + y2) * cross
  }
  return area === 0 ? { area: 0, at: ring[0]! } : { area, at: [x / (3 * area), y / (3 * area)] }
}

/** Where a unit's name stands: the centroid of the largest of its parts. Longitude and latitude in degrees. */
export function namePlace({ geometry }: Feature): Point {
  const polygons = (geometry.type === 'MultiPolygon' ? geometry.coordinates : [geometry.coordinates]) as Point[][][]
  const parts = polygons.map(([outline]) => centroid(outline!))
  return parts.reduce((largest, part) => (Math.abs(part.area) > Math.abs(largest.area) ? part : largest)).at
}

/** Share of the map's height and width within which two names would lie over each other. */
const room = { lat: 0.06, lon: 0.09 }

/**
 * Names that would lie over another one.
 * @param places where they would stand
 * @param all places of the whole map, whose extent decides what is near: names of a few neighbours alone have none
 * @returns their positions in `places`
 */
export function crowded(places: readonly Point[], all: readonly Point[] = places): Set<number> {
  const extent = (axis: 0 | 1) => {
    const values = all.map((place) => place[axis])
    return Math.max(...values) - Math.min(...values)
  }
  const [width, height] = [extent(0), extent(1)]
  const near = ([lon1, lat1]: Point, [lon2, lat2]: Point) =>
    Math.abs(lon1 - lon2) < room.lon * width && Math.abs(lat1 - lat2) < room.lat * height
  const found = new Set<number>()
  for (const [i, one] of places.entries()) if (places.some((other, j) => i !== j && near(one, other))) found.add(i)
  return found
}
