import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { type EssenceDetection, essenceEwma } from '../ewma/index.ts'
import { essenceRegression, essenceSwitch, type RegressionDetection } from '../regression/index.ts'
import { type RCall, runR } from './r.ts'

const folder = join(import.meta.dirname, '../../../../../shared/reference/detection')
const read = (file: string) => JSON.parse(readFileSync(join(folder, file), 'utf8'))

/** Greatest relative difference; positions of null must agree. */
function difference(mine: readonly (number | null)[], theirs: readonly (number | null)[]): number {
  expect(mine.map((value) => value === null)).toEqual(theirs.map((value) => value === null))
  return Math.max(
    0,
    ...theirs.map((value, i) => Math.abs((value ?? 0) - (mine[i] ?? 0)) / Math.max(1, Math.abs(value ?? 0))),
  )
}

type Column = 'upper' | 'alarm' | 'expected' | 'trend' | 'phi' | 'score'
type Golden = RCall & { readonly [key in Column]?: (number | null)[] }

describe('R surveillance 1.20.3', () => {
  const goldens: Golden[] = read('surveillance-1.20.3.json')
  test('has the twelve runs', () => expect(goldens).toHaveLength(12))

  test.each(goldens.map((golden) => [golden.name, golden] as const))('%s', (_, golden) => {
    const result = runR(golden)
    expect(result.alarm).toEqual(golden.alarm)
    for (const column of ['upper', 'expected', 'trend', 'phi', 'score'] as const) {
      const theirs = golden[column]
      if (theirs?.length) expect(difference(result[column] ?? [], theirs), column).toBeLessThan(1e-6)
    }
  })
})

interface Row {
  readonly date: string
  readonly alert: string
  readonly detector?: string | null
  readonly [column: string]: string | number | null | undefined
}

const nan = (values: Float64Array) => Array.from(values, (value) => (Number.isNaN(value) ? null : value))
const columnOf = (rows: readonly Row[], name: string) => rows.map((row) => row[name] as number | null)

describe('Rnssp 0.3.1', () => {
  const golden: Record<'regression' | 'ewma' | 'switch', Row[]> & { y: number[] } = read('rnssp-0.3.1.json')
  const dates = golden.regression.map(({ date }) => date)
  const names = { regression: 'Adaptive Multiple Regression', ewma: 'EWMA' }

  function equal(detection: EssenceDetection, rows: readonly Row[]): void {
    expect(detection.colour).toEqual(rows.map(({ alert }) => alert))
    expect(difference(nan(detection.expected), columnOf(rows, 'baseline_expected'))).toBeLessThan(1e-6)
    expect(difference(nan(detection.score), columnOf(rows, 'test_statistic'))).toBeLessThan(1e-6)
    expect(difference(nan(detection.p), columnOf(rows, 'p.value'))).toBeLessThan(1e-6)
  }

  test('alert_regression', () => {
    const detection: RegressionDetection = essenceRegression(golden.y, dates)
    equal(detection, golden.regression)
    expect(difference(nan(detection.sigma), columnOf(golden.regression, 'sigma'))).toBeLessThan(1e-6)
    const explained = columnOf(golden.regression, 'adjusted_r_squared')
    expect(difference(nan(detection.adjustedRSquared), explained)).toBeLessThan(1e-6)
  })
  test('alert_ewma', () => equal(essenceEwma(golden.y), golden.ewma))
  test('alert_switch', () => {
    const detection = essenceSwitch(golden.y, dates)
    equal(detection, golden.switch)
    const detectors = detection.detector.map((detector) => detector && names[detector])
    expect(detectors).toEqual(golden.switch.map(({ detector }) => detector))
  })
})
