/** Centre of a county, degrees. */
export interface Centre {
  readonly code: string
  readonly lon: number
  readonly lat: number
}

/** How far apart the centres of a development zone and a county may be to count as neighbours, in km. */
export const zoneKm = 15
const earthKm = 6371

/** Great-circle distance in km (haversine). */
export function distanceKm(a: Pick<Centre, 'lon' | 'lat'>, b: Pick<Centre, 'lon' | 'lat'>): number {
  const rad = Math.PI / 180
  const dLat = (b.lat - a.lat) * rad
  const dLon = (b.lon - a.lon) * rad
  const h = Math.sin(dLat / 2) ** 2 + Math.cos(a.lat * rad) * Math.cos(b.lat * rad) * Math.sin(dLon / 2) ** 2
  return 2 * earthKm * Math.asin(Math.min(1, Math.sqrt(h)))
}

/**
 * Which counties touch, both ways. Outlines say it where there are any; a unit without an outline (a development zone) is
 * the neighbour of those whose centre is near.
 * @param outlines neighbours by code, of the units that have an outline
 */
export function touching(
  counties: readonly { readonly code: string; readonly lon: number | null; readonly lat: number | null }[],
  outlines: Readonly<Record<string, readonly string[]>>,
): (a: string, b: string) => boolean {
  const pairs = new Set<string>()
  const join = (a: string, b: string) => pairs.add(`${a} ${b}`).add(`${b} ${a}`)
  for (const [code, neighbours] of Object.entries(outlines)) for (const other of neighbours) join(code, other)
  const placed = counties.filter((county): county is Centre => county.lon !== null && county.lat !== null)
  for (const zone of placed) {
    if (zone.code in outlines) continue
    for (const county of placed)
      if (county.code !== zone.code && distanceKm(zone, county) <= zoneKm) join(zone.code, county.code)
  }
  return (a, b) => a === b || pairs.has(`${a} ${b}`)
}
