import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { spaceTimePermutationScan } from './index.ts'

const rows = (name: string): string[][] =>
  readFileSync(new URL(`../../../../../shared/reference/detection/${name}`, import.meta.url), 'utf8')
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.replaceAll('"', '').split(','))

it('finds the clusters of SaTScan in the New York fever data', () => {
  const sites = rows('nycfever-zip.csv').map(([id, y, x]) => ({ id: id!, x: Number(x), y: Number(y) }))
  const cases = rows('nycfever-cases.csv').map(([site, count, date]) => ({
    site: site!,
    count: Number(count),
    day: Date.parse(date!.replaceAll('/', '-')) / 86_400_000,
  }))
  const { clusters } = spaceTimePermutationScan(sites, cases, { maxRadius: 3, maxDays: 7 })
  const [first, second, third] = clusters
  expect(first).toMatchObject({ center: '11418', cases: 4 })
  expect(first!.sites).toHaveLength(9)
  expect(first!.to - first!.from + 1).toBe(3)
  expect(first!.expected).toBeCloseTo(0.6701, 4)
  expect(first!.llr).toBeCloseTo(3.845418, 6)
  expect(second!.center).toBe('11372')
  expect(second!.llr).toBeCloseTo(3.164201, 6)
  expect(third!.center).toBe('10472')
  expect(third!.llr).toBeCloseTo(2.137259, 6)
  expect(Math.min(...clusters.map(({ p }) => p))).toBeGreaterThan(0.05)
})
