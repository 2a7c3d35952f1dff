/**
 * A county-level unit of a city with the approximate centre of its seat (WGS 84, degrees, two decimals).
 * `standard` is false for a zone that GB/T 2260 does not list; its code is local to this data.
 */
export type CityCounty = { code: string; name: string; lon: number; lat: number; standard: boolean }

/** A city as data: its code in GB/T 2260, its centre and its county-level units. */
export type City = {
  id: string
  code: string
  name: string
  provinceCode: string
  lon: number
  lat: number
  counties: readonly CityCounty[]
}

/** A county-level unit listed in GB/T 2260. */
export function county(code: string, name: string, lon: number, lat: number): CityCounty {
  return { code, name, lon, lat, standard: true }
}

/** A development or investment zone that supervises like a county but has no code in GB/T 2260. */
export function zone(code: string, name: string, lon: number, lat: number): CityCounty {
  return { code, name, lon, lat, standard: false }
}
