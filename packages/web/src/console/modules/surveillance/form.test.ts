import type { Rule } from '@vigil/contract'
import { expect, test } from 'vitest'
import { fieldOf, settingsOf, type Values, valuesOf } from './form.ts'
import { adviceOf } from './words.ts'

const settings = {
  detector: 'ears-c2',
  parameters: { baseline: 14, alpha: 0.001 },
  levels: ['store'],
  classes: ['cough'],
  grades: { blue: 2, yellow: 3, orange: 4, red: 5 },
  budget: 0.1,
  minExcess: 3,
  minCompleteness: 0.6,
  historyDays: 200,
} as const

test('a rule that is only opened and saved stays as it is', () => {
  const rule = { name: '试', current: { settings } } as unknown as Rule
  expect(settingsOf(valuesOf(rule, undefined) as Values)).toEqual(settings)
})

test('parameters of another detector are not sent', () => {
  const values = { ...valuesOf(undefined, '350500'), name: '新', detector: 'cusum' } as Values
  expect(settingsOf(values).parameters).toEqual({ k: 1.04, h: 2.26 })
})

test('a fault of the settings stands at its field', () => {
  expect(fieldOf(['settings', 'grades', 'yellow'])).toEqual(['grades', 'yellow'])
  expect(fieldOf(['name'])).toEqual(['name'])
  expect(fieldOf(['settings'])).toBeUndefined()
})

test('only a first version for sudden rises that is in force without a limit of age is advised upon', () => {
  const sudden = { ...settings, detector: 'daily', levels: ['county'], parameters: { windows: [1, 2, 3] } }
  const rule = (own: object, activeVersion: number | null = 1) =>
    ({ activeVersion, current: { settings: { ...sudden, ...own } } }) as unknown as Rule
  expect(adviceOf(rule({}))).toMatch(/180/)
  expect(adviceOf(rule({ maxAgeDays: 180 }))).toBeUndefined()
  expect(adviceOf(rule({ parameters: { windows: [5] } }))).toBeUndefined()
  expect(adviceOf(rule({ levels: ['store'] }))).toBeUndefined()
  expect(adviceOf(rule({}, 2))).toBeUndefined()
  expect(adviceOf(rule({}, null))).toBeUndefined()
})
