import { isDay } from '@vigil/codes'
import { type City as AreaCity, demoCities } from '@vigil/codes/areas'
import {
  type CityOptions,
  drugClasses,
  type Epidemic,
  type HabitKind,
  habitKinds,
  SimulationOptionError,
} from './types.ts'

/** Usual share of stores with each habit: about one store in nine has one. */
export const defaultHabits: Readonly<Record<HabitKind, number>> = {
  'fabricated-id': 0.015,
  'same-birthday': 0.01,
  'shared-id': 0.012,
  'shared-mobile': 0.018,
  'staff-id': 0.02,
  'batch-entry': 0.03,
  'near-identical': 0.012,
}

/** For a city in which every store behaves well. */
export const noHabits: Readonly<Record<HabitKind, number>> = {
  'fabricated-id': 0,
  'same-birthday': 0,
  'shared-id': 0,
  'shared-mobile': 0,
  'staff-id': 0,
  'batch-entry': 0,
  'near-identical': 0,
}

/** The calibrated figures of Quanzhou, used for what the options leave out. */
export const defaults = { stores: 1300, dailyPurchases: 5160 } as const

export type CheckedOptions = {
  seed: number
  area: AreaCity
  startDay: string
  days: number
  stores: number
  dailyPurchases: number
  epidemics: readonly Epidemic[]
  habits: Readonly<Record<HabitKind, number>>
}

function integer(field: string, value: number, min: number, max: number): number {
  if (Number.isSafeInteger(value) && value >= min && value <= max) return value
  throw new SimulationOptionError(field, `must be an integer from ${min} to ${max}`)
}

function number(field: string, value: number, min: number, max: number): number {
  if (Number.isFinite(value) && value >= min && value <= max) return value
  throw new SimulationOptionError(field, `must be a number from ${min} to ${max}`)
}

function day(field: string, value: string): string {
  if (isDay(value) && value >= '1990-01-01' && value <= '2099-12-31') return value
  throw new SimulationOptionError(field, 'must be a day YYYY-MM-DD from 1990 to 2099')
}

function checkEpidemic(epidemic: Epidemic, index: number, area: AreaCity): void {
  const field = `epidemics[${index}]`
  if (epidemic.id === '') throw new SimulationOptionError(`${field}.id`, 'must not be empty')
  if (!area.counties.some((county) => county.code === epidemic.countyCode))
    throw new SimulationOptionError(`${field}.countyCode`, `is not a county of ${area.code}`)
  if (!drugClasses.includes(epidemic.drugClass))
    throw new SimulationOptionError(`${field}.drugClass`, `must be one of ${drugClasses.join(', ')}`)
  day(`${field}.startDay`, epidemic.startDay)
  integer(`${field}.size`, epidemic.size, 0, 10_000_000)
  if (epidemic.medianDays !== undefined) number(`${field}.medianDays`, epidemic.medianDays, 0.1, 365)
  if (epidemic.sdLog !== undefined) number(`${field}.sdLog`, epidemic.sdLog, 0, 3)
}

/** Fills in the defaults. Throws SimulationOptionError naming the field that is wrong. */
export function checkOptions(options: CityOptions): CheckedOptions {
  const area = demoCities.find((city) => city.code === options.city)
  if (area === undefined)
    throw new SimulationOptionError('city', `must be one of ${demoCities.map((city) => city.code).join(', ')}`)
  const epidemics = options.epidemics ?? []
  for (const [index, epidemic] of epidemics.entries()) checkEpidemic(epidemic, index, area)
  if (new Set(epidemics.map((epidemic) => epidemic.id)).size < epidemics.length)
    throw new SimulationOptionError('epidemics', 'ids must differ')
  const habits = { ...defaultHabits, ...options.habits }
  for (const kind of habitKinds) number(`habits.${kind}`, habits[kind], 0, 1)
  if (habitKinds.reduce((sum, kind) => sum + habits[kind], 0) > 1 + 1e-9)
    throw new SimulationOptionError('habits', 'shares must not sum to more than 1')
  return {
    seed: integer('seed', options.seed, 0, 4_294_967_295),
    area,
    startDay: day('startDay', options.startDay),
    days: integer('days', options.days, 1, 3660),
    stores: integer('stores', options.stores ?? defaults.stores, area.counties.length, 9000 * area.counties.length),
    dailyPurchases: number('dailyPurchases', options.dailyPurchases ?? defaults.dailyPurchases, 0, 10_000_000),
    epidemics,
    habits,
  }
}
