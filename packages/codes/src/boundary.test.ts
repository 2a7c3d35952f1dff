import { expect, test } from 'vitest'
import { demoCities } from './areas.ts'
import { findBoundary } from './boundary.ts'

test.each(demoCities)('$name: every statutory county has its outline, where the county is', async (city) => {
  const boundary = (await findBoundary(city.code))!
  const found = new Map(boundary.features.map((feature) => [feature.id, feature]))
  const statutory = city.counties.filter(({ code }) => !/7[1-9]$/.test(code))
  expect([...found.keys()].sort()).toEqual(statutory.map(({ code }) => code).sort())
  for (const county of statutory) {
    const { properties, geometry } = found.get(county.code)!
    expect(properties).toEqual({ code: county.code, name: county.name })
    const flat = (geometry.coordinates as number[][]).flat(3)
    const [lon, lat] = [flat.filter((_, at) => at % 2 === 0), flat.filter((_, at) => at % 2 === 1)]
    expect(county.lon).toBeGreaterThan(Math.min(...lon) - 0.05)
    expect(county.lon).toBeLessThan(Math.max(...lon) + 0.05)
    expect(county.lat).toBeGreaterThan(Math.min(...lat) - 0.05)
    expect(county.lat).toBeLessThan(Math.max(...lat) + 0.05)
  }
  for (const [code, others] of Object.entries(boundary.neighbours)) {
    expect(others.length).toBeGreaterThan(0)
    for (const other of others) expect(boundary.neighbours[other]).toContain(code)
  }
})

test('a city without a file has no outlines', async () => {
  expect(await findBoundary('110000')).toBeUndefined()
})
