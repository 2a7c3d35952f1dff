export interface ClinicFacts {
  readonly id: string
  readonly name: string
  readonly address: string
  readonly phone: string
  /** Degrees, WGS 84. */
  readonly lon: number
  readonly lat: number
  readonly active: boolean
}

export type NearClinic = Omit<ClinicFacts, 'active'> & { readonly distanceM: number }

// Mean radius R1 of the WGS 84 ellipsoid in metres (IUGG).
const earthRadiusM = 6_371_008.8
const radian = Math.PI / 180

/** Distance on the mean sphere in whole metres (haversine formula); differs from the ellipsoid by less than 0.6 %. */
export function distanceM(lon1: number, lat1: number, lon2: number, lat2: number): number {
  const a =
    Math.sin(((lat2 - lat1) * radian) / 2) ** 2 +
    Math.cos(lat1 * radian) * Math.cos(lat2 * radian) * Math.sin(((lon2 - lon1) * radian) / 2) ** 2
  return Math.round(2 * earthRadiusM * Math.asin(Math.min(1, Math.sqrt(a))))
}

/** The `n` active clinics nearest to a place, nearest first; equal distances in order of id. */
export function nearest(clinics: Iterable<ClinicFacts>, lon: number, lat: number, n: number): NearClinic[] {
  const found: NearClinic[] = []
  for (const { active, ...clinic } of clinics)
    if (active) found.push({ ...clinic, distanceM: distanceM(lon, lat, clinic.lon, clinic.lat) })
  return found.sort((a, b) => a.distanceM - b.distanceM || (a.id < b.id ? -1 : 1)).slice(0, n)
}
