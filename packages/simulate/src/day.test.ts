import { createHash } from 'node:crypto'
import { checkCitizenId, checkDocument, checkMobile, isUuidv7, uuidv7Time } from '@vigil/codes'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createCity } from './city.ts'
import { toCsv, toCsvRows } from './csv.ts'
import { dayText } from './dates.ts'
import { purchases, purchasesOfDay } from './day.ts'
import { demoEpidemics } from './demo.ts'
import { findDrug } from './drugs.ts'
import { injectedCount } from './epidemics.ts'
import { noHabits } from './options.ts'
import { type CityOptions, type HabitKind, habitKinds, type SimulatedPurchase } from './types.ts'

const small: CityOptions = {
  seed: 20220301,
  city: '350500',
  startDay: '2022-03-01',
  days: 20,
  stores: 80,
  dailyPurchases: 200,
  epidemics: demoEpidemics('350500', '2022-03-01', 20),
}
const city = createCity(small)
const all = [...purchases(city)]
const digest = (list: Iterable<SimulatedPurchase>): string => {
  const hash = createHash('sha256')
  for (const purchase of list) hash.update(JSON.stringify(purchase))
  return hash.digest('hex')
}

/** All purchases of a city in which every store has one habit. */
function withHabit(kind: HabitKind): { city: ReturnType<typeof createCity>; list: SimulatedPurchase[] } {
  const made = createCity({ ...small, epidemics: [], habits: { ...noHabits, [kind]: 1 } })
  return { city: made, list: [...purchases(made)] }
}

describe('purchases', () => {
  it('are the same bytes for the same seed', () => {
    expect(digest(purchases(createCity(small)))).toBe(digest(all))
    // Golden value of this generator: a change of it is a change of every city, to be made knowingly.
    expect(digest(all)).toBe('7f67fb6f22a9262e0d3d2be114c249e532bfa878e2cf7809cc15cec5c1238b6f')
    expect(digest(purchases(createCity({ ...small, seed: 1 })))).not.toBe(digest(all))
  })

  it('can be made for any day alone, and none outside the period', () => {
    const day = dayText(city.epochDay + 7)
    expect(purchasesOfDay(city, 7)).toEqual(all.filter((purchase) => purchase.soldAt.startsWith(day)))
    for (const outside of [-1, 20, 0.5]) expect(purchasesOfDay(city, outside)).toEqual([])
  })

  it('come in order of sale within the opening hours and are reported afterwards', () => {
    const stores = new Map(city.stores.map((store) => [store.code, store]))
    let previous = 0
    for (const purchase of all) {
      const sold = Date.parse(purchase.soldAt)
      expect(purchase.soldAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+08:00$/)
      expect(sold).toBeGreaterThanOrEqual(previous)
      previous = sold
      expect(isUuidv7(purchase.id)).toBe(true)
      expect(uuidv7Time(purchase.id)).toBe(sold)
      const store = stores.get(purchase.storeCode)!
      const minute = Number(purchase.soldAt.slice(11, 13)) * 60 + Number(purchase.soldAt.slice(14, 16))
      expect(minute).toBeGreaterThanOrEqual(store.opensAt)
      expect(minute).toBeLessThan(store.closesAt)
      const delay = (Date.parse(purchase.reportedAt) - sold) / 1000
      expect(delay).toBeGreaterThan(0)
      if (store.reporting.kind === 'live') expect(delay).toBeLessThan(60)
      else expect(delay).toBeLessThan((store.reporting.everyDays + 1) * 86_400)
    }
    expect(new Set(all.map((purchase) => purchase.id)).size).toBe(all.length)
  })

  it('have every field valid, bad habits included', () => {
    for (const purchase of all) {
      const day = purchase.soldAt.slice(0, 10)
      expect(checkDocument(purchase.documentType, purchase.documentNumber, day).ok, purchase.documentNumber).toBe(true)
      expect(checkMobile(purchase.mobile).ok, purchase.mobile).toBe(true)
      expect(checkMobile(purchase.emergencyContact.mobile).ok).toBe(true)
      expect(city.counties.some((county) => county.code === purchase.residenceAreaCode)).toBe(true)
      expect(purchase.name).toMatch(/^\p{Script=Han}{2,4}$/u)
      expect(purchase.residenceAddress.length).toBeGreaterThan(5)
      expect(purchase.items.length).toBeGreaterThan(0)
      for (const item of purchase.items) {
        expect(findDrug(item.drugKey)?.drugClass).toBe(item.drugClass)
        expect(item.quantity).toBeGreaterThan(0)
      }
      const { temperatureTenths, boughtFor } = purchase
      if (temperatureTenths !== null) {
        expect(temperatureTenths).toBeGreaterThanOrEqual(358)
        expect(temperatureTenths).toBeLessThanOrEqual(400)
        expect(temperatureTenths >= 373).toBe(purchase.symptoms.includes('fever'))
      }
      if (boughtFor !== null) {
        expect(checkDocument(boughtFor.documentType, boughtFor.documentNumber, day).ok).toBe(true)
        expect(boughtFor.documentNumber).not.toBe(purchase.documentNumber)
      }
    }
  })

  it('are none from a silent store, and late stores exist', () => {
    const year = createCity({ ...small, days: 400, epidemics: [], dailyPurchases: 300 })
    const silent = year.stores.filter((store) => store.silences.length > 0)
    expect(silent.length).toBeGreaterThan(5)
    expect(year.stores.filter((store) => store.reporting.kind === 'late').length).toBeGreaterThan(2)
    for (const store of silent.slice(0, 5)) {
      const { from, to } = store.silences[0]!
      for (let day = from; day < to; day++)
        expect(purchasesOfDay(year, day).some((purchase) => purchase.storeCode === store.code)).toBe(false)
    }
  })

  it('hold for any seed: ordered, unique, epidemics counted', () => {
    fc.assert(
      fc.property(fc.nat(4_294_967_295), fc.integer({ min: 1, max: 200 }), (seed, size) => {
        const made = createCity({
          seed,
          city: '140500',
          startDay: '2021-12-30',
          days: 6,
          stores: 20,
          dailyPurchases: 40,
          epidemics: [
            { id: 'x', countyCode: '140502', drugClass: 'antiviral', startDay: '2021-12-31', size, medianDays: 2 },
          ],
        })
        const list = [...purchases(made)]
        const times = list.map((purchase) => purchase.soldAt)
        expect(times).toEqual([...times].sort())
        expect(new Set(list.map((purchase) => purchase.id)).size).toBe(list.length)
        const injected = list.filter((purchase) => purchase.truth.outbreak === 'x')
        expect(injected.length).toBe(injectedCount(made, 'x'))
        for (const purchase of injected) expect(purchase.storeCode.startsWith('140502')).toBe(true)
      }),
      { numRuns: 25 },
    )
  })
})

describe('epidemics', () => {
  it('add exactly the labelled purchases and change no other', () => {
    const { epidemics: _, ...without } = small
    const plain = [...purchases(createCity(without))]
    expect(all.filter((purchase) => purchase.truth.outbreak === undefined)).toEqual(plain)
    for (const epidemic of city.epidemics) {
      const injected = all.filter((purchase) => purchase.truth.outbreak === epidemic.id)
      expect(injected.length).toBe(injectedCount(city, epidemic.id))
      for (const purchase of injected) {
        expect(purchase.items[0]!.drugClass).toBe(epidemic.drugClass)
        expect(purchase.storeCode.startsWith(epidemic.countyCode)).toBe(true)
        expect(purchase.soldAt >= epidemic.startDay).toBe(true)
      }
    }
    expect(all.length - plain.length).toBe(
      city.epidemics.reduce((n, epidemic) => n + injectedCount(city, epidemic.id), 0),
    )
  })
})

describe('bad habits', () => {
  it.each(habitKinds)('%s labels purchases of stores with that habit only', (kind) => {
    const { city: made, list } = withHabit(kind)
    const labelled = list.filter((purchase) => purchase.truth.habit !== undefined)
    expect(labelled.length).toBeGreaterThan(50)
    expect(labelled.length).toBeLessThan(list.length)
    for (const purchase of labelled) {
      expect(purchase.truth.habit).toBe(kind)
      const store = made.stores.find((candidate) => candidate.code === purchase.storeCode)!
      const day = dayText(made.epochDay + store.habits[0]!.from)
      expect(purchase.soldAt >= day).toBe(true)
    }
  })

  it('fabricated-id: valid numbers of one birthday in a running sequence', () => {
    const { list } = withHabit('fabricated-id')
    const bySameStoreAndDay = new Map<string, number[]>()
    for (const purchase of list.filter((candidate) => candidate.truth.habit !== undefined)) {
      expect(checkCitizenId(purchase.documentNumber, '2022-04-01').ok).toBe(true)
      expect(purchase.documentNumber.slice(10, 14)).toBe('0101')
      const key = purchase.storeCode + purchase.soldAt.slice(0, 10)
      const run = bySameStoreAndDay.get(key) ?? []
      run.push(Number(purchase.documentNumber.slice(14, 17)))
      bySameStoreAndDay.set(key, run)
    }
    const runs = [...bySameStoreAndDay.values()].filter((run) => run.length > 1)
    expect(runs.length).toBeGreaterThan(5)
    for (const run of runs) for (let i = 1; i < run.length; i++) expect(run[i]! - run[i - 1]!).toBe(1)
  })

  it('shared-id: one number under several names; shared-mobile: one mobile; staff-id: a clerk', () => {
    const names = new Map<string, Set<string>>()
    for (const purchase of withHabit('shared-id').list) {
      if (purchase.truth.habit === undefined) continue
      names.set(purchase.documentNumber, (names.get(purchase.documentNumber) ?? new Set()).add(purchase.name))
    }
    expect([...names.values()].filter((set) => set.size > 1).length).toBeGreaterThan(10)

    for (const kind of ['shared-mobile', 'staff-id'] as const) {
      const { city: made, list } = withHabit(kind)
      const clerks = new Map(made.stores.map((store) => [store.code, store.clerks]))
      for (const purchase of list.filter((candidate) => candidate.truth.habit === kind)) {
        const own = clerks.get(purchase.storeCode)!
        expect(own.some((clerk) => clerk.mobile === purchase.mobile)).toBe(true)
        if (kind === 'staff-id')
          expect(own.some((clerk) => clerk.documentNumber === purchase.documentNumber)).toBe(true)
      }
    }
  })

  it('batch-entry: minutes before closing; near-identical: the same person again within seven minutes', () => {
    const { city: made, list } = withHabit('batch-entry')
    const closing = new Map(made.stores.map((store) => [store.code, store.closesAt]))
    for (const purchase of list.filter((candidate) => candidate.truth.habit === 'batch-entry')) {
      const minute = Number(purchase.soldAt.slice(11, 13)) * 60 + Number(purchase.soldAt.slice(14, 16))
      expect(closing.get(purchase.storeCode)! - minute).toBeLessThan(60)
    }
    const doubled = withHabit('near-identical').list
    for (const copy of doubled.filter((candidate) => candidate.truth.habit === 'near-identical')) {
      const original = doubled.filter(
        (other) =>
          other.id !== copy.id && other.storeCode === copy.storeCode && other.documentNumber === copy.documentNumber,
      )
      expect(original.length).toBeGreaterThan(0)
      const gaps = original.map((other) => Math.abs(Date.parse(copy.soldAt) - Date.parse(other.soldAt)) / 1000)
      expect(Math.min(...gaps)).toBeLessThanOrEqual(420)
    }
  })
})

describe('files', () => {
  it('hold no truth', () => {
    const labelled = all.find((purchase) => purchase.truth.outbreak !== undefined)!
    const text = toCsv(toCsvRows(labelled))
    expect(text).not.toContain(labelled.truth.outbreak)
  })
})
