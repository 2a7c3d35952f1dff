import { checkCitizenId, checkCreditCode, checkDocument, checkMobile, checkPhone } from '@vigil/codes'
import { demoCities, findArea } from '@vigil/codes/areas'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createCity } from './city.ts'
import { dayText } from './dates.ts'
import { demoEpidemics } from './demo.ts'
import { noHabits } from './options.ts'
import { householdMembers } from './people.ts'
import { apportion } from './places.ts'
import { originCodes, profileOf } from './profiles.ts'
import { type CityOptions, SimulationOptionError } from './types.ts'

const base: CityOptions = {
  seed: 5,
  city: '350500',
  startDay: '2022-03-01',
  days: 60,
  stores: 260,
  dailyPurchases: 600,
}
const city = createCity(base)

describe('createCity', () => {
  it('makes the 13 county-level units of Quanzhou with 4–12 offices and 2–4 clinics each', () => {
    expect(city.counties).toHaveLength(13)
    for (const county of city.counties) {
      const offices = city.offices.filter((office) => office.countyCode === county.code)
      expect(offices.length).toBeGreaterThanOrEqual(4)
      expect(offices.length).toBeLessThanOrEqual(12)
      expect(new Set(offices.map((office) => office.name)).size).toBe(offices.length)
      for (const [n, office] of offices.entries())
        expect(office.code).toBe(`${county.code}S${String(n + 1).padStart(2, '0')}`)
      const clinics = city.clinics.filter((clinic) => clinic.areaCode === county.code)
      expect(clinics.length).toBeGreaterThanOrEqual(2)
      expect(clinics.length).toBeLessThanOrEqual(4)
      for (const clinic of clinics) expect(checkPhone(clinic.phone).ok, clinic.phone).toBe(true)
    }
  })

  it('gives every store valid, distinct codes, a place near its county, clerks and households', () => {
    expect(city.stores).toHaveLength(260)
    for (const field of ['code', 'creditCode', 'licenceNo'] as const)
      expect(new Set(city.stores.map((store) => store[field])).size).toBe(260)
    for (const store of city.stores) {
      expect(checkCreditCode(store.creditCode), store.creditCode).toMatchObject({ ok: true })
      const county = city.counties[store.countyIndex]!
      expect(Math.hypot(store.lon - county.lon, store.lat - county.lat)).toBeLessThan(0.3)
      expect(store.clerks.length).toBeGreaterThan(0)
      expect(store.catchment.count).toBeGreaterThan(0)
      expect(store.catchment.first + store.catchment.count).toBeLessThanOrEqual(county.households)
      expect(store.closesAt).toBeGreaterThan(store.opensAt)
    }
    expect(city.stores.reduce((sum, store) => sum + store.size, 0)).toBeCloseTo(1, 9)
    for (const party of city.parties) expect(checkCreditCode(party.creditCode).ok).toBe(true)
    expect(new Set(city.parties.map((party) => party.creditCode)).size).toBe(city.parties.length)
  })

  it('works for every demo city', () => {
    for (const area of demoCities) {
      const other = createCity({ seed: 1, city: area.code, startDay: '2020-02-01', days: 3, stores: 60 })
      expect(other.counties.map((county) => county.code)).toEqual(area.counties.map((county) => county.code))
      expect(demoEpidemics(area.code, '2020-02-01', 60)).toHaveLength(3)
    }
  })

  it('weighs every county of Quanzhou by its own figure, none by the fallback', () => {
    const { weights } = profileOf('350500')
    expect(Object.keys(weights).sort()).toEqual(city.counties.map((county) => county.code).sort())
  })

  it('knows only origin codes that exist', () => {
    for (const code of originCodes) expect(findArea(code), code).toBeDefined()
  })

  it('is a function of its options', () => {
    expect(createCity(base)).toEqual(city)
    expect(createCity({ ...base, seed: 6 }).stores).not.toEqual(city.stores)
  })
})

describe('people', () => {
  it('have valid documents and mobiles that no two share in the whole city', () => {
    const documents = new Set<string>()
    const mobiles = new Set<string>()
    let persons = 0
    const today = dayText(city.epochDay)
    for (const county of city.counties) {
      for (let household = 0; household < county.households; household += 1) {
        for (const person of householdMembers(city, county, household)) {
          persons++
          documents.add(person.documentNumber)
          mobiles.add(person.mobile)
          if (household % 50 !== 0) continue
          expect(checkDocument(person.documentType, person.documentNumber, today).ok, person.documentNumber).toBe(true)
          expect(checkMobile(person.mobile).ok, person.mobile).toBe(true)
        }
      }
    }
    expect(persons).toBeGreaterThan(100_000)
    expect(documents.size).toBe(persons)
    expect(mobiles.size).toBe(persons)
  })

  it('are mostly from here, of both sexes and all ages', () => {
    const county = city.counties[9]!
    let local = 0
    let male = 0
    let ids = 0
    const ages = [0, 0, 0, 0]
    for (let household = 0; household < 3000; household++) {
      for (const person of householdMembers(city, county, household)) {
        if (person.documentType !== 'citizen-id') continue
        const id = checkCitizenId(person.documentNumber, '2022-03-01')
        if (!id.ok) throw new Error(person.documentNumber)
        ids++
        if (id.value.areaCode === county.idAreaCode) local++
        if (id.value.sex === 'male') male++
        ages[person.age < 18 ? 0 : person.age < 40 ? 1 : person.age < 65 ? 2 : 3]!++
        expect(Number(id.value.birthDate.slice(0, 4)) + Math.floor(person.age)).toBeGreaterThanOrEqual(2021)
      }
    }
    expect(local / ids).toBeGreaterThan(0.85)
    expect(local / ids).toBeLessThan(0.91)
    expect(male / ids).toBeGreaterThan(0.46)
    expect(male / ids).toBeLessThan(0.54)
    for (const count of ages) expect(count / ids).toBeGreaterThan(0.08)
  })
})

describe('options', () => {
  const epidemic = { id: 'a', countyCode: '350502', drugClass: 'cough', startDay: '2022-03-10', size: 5 } as const
  it.each<[string, Partial<CityOptions>]>([
    ['seed', { seed: -1 }],
    ['seed', { seed: 1.5 }],
    ['city', { city: '110000' }],
    ['startDay', { startDay: '2022-02-30' }],
    ['days', { days: 0 }],
    ['stores', { stores: 12 }],
    ['dailyPurchases', { dailyPurchases: Number.NaN }],
    ['epidemics[0].countyCode', { epidemics: [{ ...epidemic, countyCode: '430202' }] }],
    ['epidemics[0].size', { epidemics: [{ ...epidemic, size: -1 }] }],
    ['epidemics[0].startDay', { epidemics: [{ ...epidemic, startDay: 'soon' }] }],
    ['epidemics[0].sdLog', { epidemics: [{ ...epidemic, sdLog: 9 }] }],
    ['epidemics', { epidemics: [epidemic, epidemic] }],
    ['habits.staff-id', { habits: { 'staff-id': 2 } }],
    ['habits', { habits: { ...noHabits, 'staff-id': 0.6, 'shared-id': 0.6 } }],
  ])('names the field %s of %j', (field, wrong) => {
    try {
      createCity({ ...base, ...wrong })
    } catch (error) {
      expect(error).toBeInstanceOf(SimulationOptionError)
      expect((error as SimulationOptionError).field).toBe(field)
      return
    }
    throw new Error('accepted')
  })

  it('apportions exactly and at least one to each', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 1000 }), { minLength: 1, maxLength: 20 }),
        fc.nat(5000),
        (weights, more) => {
          const total = weights.length + more
          const parts = apportion(total, weights)
          expect(parts.reduce((a, b) => a + b, 0)).toBe(total)
          expect(Math.min(...parts)).toBeGreaterThanOrEqual(1)
          const sum = weights.reduce((a, b) => a + b, 0)
          for (const [i, part] of parts.entries())
            expect(Math.abs(part - 1 - (more * weights[i]!) / sum)).toBeLessThan(1)
        },
      ),
    )
  })
})
