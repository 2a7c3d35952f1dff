import { uuidv7 } from '@vigil/codes'
import * as areaData from '@vigil/codes/areas'
import type { PurchaseItem } from '@vigil/contract'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { backoffMs } from '../../device/backoff.ts'
import { areaBook, countyOf, provinceName } from './area.ts'
import { checkDraft, toPurchase } from './check.ts'
import { measureSkew, minutes, restamp, serverNow } from './clock.ts'
import { beginCorrection, checkCorrection, correctionBody, togglePart } from './correction.ts'
import { type Draft, emptyDraft, isUntouched, withDocument, withDrug, withQuantity, withSymptom } from './draft.ts'
import { drugsByCode, readDrugCode, remember, searchDrugs } from './drug.ts'
import { fieldOf, problemsOf } from './field.ts'
import { groupId, type Key, pressIdKey, pressTemperatureKey } from './keypad.ts'
import { idleLimitMs, localTryLimit, nextSession, startingSession, storeCodeOf, unlockLocally } from './session.ts'
import { formatTenths, parseTemperature } from './temperature.ts'

const press = (keys: string, start = '') => [...keys].reduce((value, key) => pressIdKey(value, key as Key), start)
const pressWarm = (keys: string) => [...keys].reduce((value, key) => pressTemperatureKey(value, key as Key), '')

describe('keypad', () => {
  test('X is taken only as the eighteenth character, and no nineteenth', () => {
    expect(press('3505821990X')).toBe('3505821990')
    expect(press('35058219900307106X9')).toBe('35058219900307106X')
    expect(groupId('35058219900307106X')).toBe('350582 19900307 106X')
  })
  test('the decimal point of a temperature comes by itself', () => {
    expect(pressWarm('373')).toBe('37.3')
    expect(pressWarm('37.3')).toBe('37.3')
    expect(pressWarm('3799')).toBe('37.9')
    expect(pressTemperatureKey('37.3', 'back')).toBe('37.')
    expect(pressTemperatureKey('37.', 'back')).toBe('3')
  })
})

describe('temperature', () => {
  test.each([
    ['37.3', 373],
    ['373', 373],
    ['３７．３', 373],
    ['37', 370],
    ['36。8℃', 368],
    ['', null],
  ])('%s', (text, tenths) => expect(parseTemperature(text)).toEqual({ ok: true, value: tenths }))
  test.each([
    ['33.9', 'range'],
    ['43.1', 'range'],
    ['abc', 'format'],
    ['3', 'format'],
  ])('%s is refused: %s', (text, code) => expect(parseTemperature(text)).toMatchObject({ ok: false, code }))
  test('every tenth in range survives display and input', () => {
    for (let tenths = 340; tenths <= 430; tenths += 1)
      expect(parseTemperature(formatTenths(tenths))).toEqual({ ok: true, value: tenths })
  })
})

describe('places of the form', () => {
  test.each([
    ['/purchases/3/person/mobile', 'person.mobile'],
    ['/changes/documentNumber', 'documentNumber'],
    ['/items/0/drugId', 'items'],
    ['/symptoms/1', 'symptoms'],
    ['/boughtFor/documentNumber', 'proxy.documentNumber'],
    ['/temperatureTenths', 'temperature'],
    ['/id', 'soldAt'],
    ['/storeCode', 'form'],
    ['', 'form'],
  ])('%s → %s', (pointer, field) => expect(fieldOf(pointer)).toBe(field))
  test('keeps the words of the server', () =>
    expect(problemsOf([{ pointer: '/person/name', detail: '姓名有误' }])).toEqual([
      { field: 'person.name', message: '姓名有误', code: '' },
    ]))
})

const line = (id: string, name: string, pinyin: string, initials: string) => ({
  id,
  class: 'antipyretic' as const,
  name,
  pinyin,
  initials,
  ean13: id === '1' ? '6901234567892' : null,
  tracePrefix: id === '2' ? '8112345' : null,
})
const pack = [
  line('1', '布洛芬缓释胶囊', 'buluofenhuanshijiaonang', 'blfhsjn'),
  line('2', '小儿布洛芬栓', 'xiaoerbuluofenshuan', 'xeblfs'),
  line('3', '布洛芬片', 'buluofenpian', 'blfp'),
  line('4', '对乙酰氨基酚片', 'duiyixiananjifenpian', 'dyxajfp'),
]
const ids = (query: string, recent: string[] = []) => searchDrugs(pack, query, recent).map((one) => one.id)

describe('drug search', () => {
  test('by initials, Chinese, pinyin and bar code, beginnings first', () => {
    expect(ids('blf')).toEqual(['3', '1', '2'])
    expect(ids('BLF', ['1'])).toEqual(['1', '3', '2'])
    expect(ids('布洛芬')).toEqual(['3', '1', '2'])
    expect(ids('duiyi')).toEqual(['4'])
    expect(ids('690123')).toEqual(['1'])
    expect(ids('zzz')).toEqual([])
    expect(ids('  ')).toEqual([])
  })
  test('20,000 lines are searched at typing speed', () => {
    const many = Array.from({ length: 20_000 }, (_, i) =>
      line(`n${i}`, `某药${i}号片`, `mouyao${i}haopian`, `my${i}hp`),
    )
    const times = ['m', 'my', 'my1', 'my19', 'my199', 'my1999'].map((query) => {
      const began = performance.now()
      expect(searchDrugs(many, query).length).toBe(8)
      return performance.now() - began
    })
    // The least of them: the machine that runs the tests has other work as well.
    expect(Math.min(...times)).toBeLessThan(50)
  })
  test('reads bar codes, trace codes and links with one inside', () => {
    expect(readDrugCode('6901234567892')).toEqual({ kind: 'ean13', code: '6901234567892' })
    expect(readDrugCode('https://x.example/c?code=81123456789012345678&v=1')?.code).toBe('81123456789012345678')
    expect(readDrugCode('811234567890123456789')).toBeUndefined()
    expect(drugsByCode(pack, '81123456789012345678').map((one) => one.id)).toEqual(['2'])
    expect(drugsByCode(pack, '6900000000000')).toEqual([])
  })
  test('recent drugs stay few and unlike', () => expect(remember(['a', 'b'], ['b', 'c'], 3)).toEqual(['b', 'c', 'a']))
})

describe('areas', () => {
  const tree = [
    { code: '350500', name: '泉州市', level: 'city', parent: '350000' },
    { code: '350582', name: '晋江市', level: 'county', parent: '350500' },
    { code: '350582001', name: '青阳所', level: 'office', parent: '350582' },
    { code: '3505Z1', name: '泉州台商投资区', level: 'county', parent: '350500' },
  ]
  const book = areaBook(areaData, tree)
  test('names, children and local units', () => {
    expect(book.name('350582')).toBe('福建省泉州市晋江市')
    expect(book.name('3505Z1')).toBe('福建省泉州市泉州台商投资区')
    expect(book.children('350500').map((one) => one.code)).toContain('3505Z1')
    expect(book.children('')).toHaveLength(34)
    expect(book.short('999999')).toBe('')
  })
  test('the home area of an ID needs no exact county', () => {
    expect(book.home('110101')).toBe('北京市东城区')
    expect(provinceName('350582')).toBe('福建省')
    expect(provinceName('00')).toBe('')
  })
  test('the county of an office', () => {
    expect(countyOf(tree, '350582001')).toBe('350582')
    expect(countyOf([], '350582001')).toBe('350582')
  })
})

describe('clock', () => {
  test('a small difference is none, a day is a day', () => {
    const now = Date.parse('2026-03-14T06:00:00Z')
    expect(measureSkew('2026-03-14T06:00:01Z', now, now + 100)).toBe(0)
    expect(measureSkew('2026-03-15T06:00:00Z', now, now)).toBe(86_400_000)
    expect(measureSkew('nonsense', now, now)).toBeUndefined()
    expect(serverNow(now, 86_400_000)).toBe('2026-03-15T06:00:00.000Z')
  })
  test('a refused sale is moved by what was missing, never into the future', () => {
    const now = Date.parse('2026-03-14T06:00:00Z')
    expect(restamp('2026-03-14T05:00:00Z', 0, 3_600_000, now)).toBe('2026-03-14T06:00:00.000Z')
    expect(restamp('2026-03-15T05:00:00Z', 0, 0, now)).toBe('2026-03-14T06:00:00.000Z')
    expect(restamp('2026-03-15T05:00:00Z', 0, -86_400_000, now + 86_400_000)).toBe('2026-03-14T05:00:00.000Z')
  })
  test('countdown', () => expect([minutes(300_000), minutes(61_000), minutes(-5)]).toEqual(['5:00', '1:01', '0:00']))
})

test('back-off grows to five minutes and is never less than what the server asked', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 200 }),
      fc.double({ min: 0, max: 0.999, noNaN: true }),
      fc.nat(600_000),
      (n, r, after) => {
        const wait = backoffMs(n, r, after)
        expect(wait).toBeGreaterThanOrEqual(Math.max(after, 1500))
        expect(wait).toBeLessThanOrEqual(Math.max(after, 300_000))
      },
    ),
  )
})

describe('session', () => {
  const device = { storeCode: 'S-1', storeName: '店', areaName: '', areaCode: '350582', permissions: [] }
  const open = nextSession(startingSession, { type: 'opened', device, nowMs: 0, confirmed: true })
  test('locks after a quarter of an hour without a touch', () => {
    expect(nextSession(open, { type: 'tick', nowMs: idleLimitMs - 1 }).phase).toBe('open')
    expect(nextSession(open, { type: 'tick', nowMs: idleLimitMs })).toMatchObject({ phase: 'locked', reason: 'idle' })
    const touched = nextSession(open, { type: 'active', nowMs: 60_000 })
    expect(nextSession(touched, { type: 'tick', nowMs: idleLimitMs }).phase).toBe('open')
  })
  test('a reload within that time stays open; a clock set back does not keep it open', () => {
    const found = (activeMs: number | null) =>
      nextSession(startingSession, { type: 'found', device, nowMs: 1_000_000, activeMs }).phase
    expect([found(999_000), found(1_000_000 - idleLimitMs), found(1_000_001), found(null)]).toEqual([
      'open',
      'locked',
      'locked',
      'locked',
    ])
    expect(nextSession(startingSession, { type: 'found', device: null, nowMs: 0, activeMs: 0 }).phase).toBe('new')
  })
  test('an ended session asks the PIN and keeps the device', () =>
    expect(nextSession(open, { type: 'expired' })).toMatchObject({ phase: 'locked', reason: 'expired', device }))
  test('store code of the QR address', () => {
    expect(storeCodeOf('/c/demo-0001')).toBe('DEMO-0001')
    expect([storeCodeOf('/c/'), storeCodeOf('/c/%E0%A4%A'), storeCodeOf('/c/<x>')]).toEqual(['', '', ''])
  })
  test('offline tries are few, and the right PIN after them does not help', async () => {
    let tries = 0
    const vault = {
      verify: async (pin: string) => pin === '135790',
      tries: async () => tries,
      setTries: async (count: number) => {
        tries = count
      },
    }
    for (let i = 1; i < localTryLimit; i += 1)
      expect(await unlockLocally(vault, '000000')).toEqual({ kind: 'wrong', left: localTryLimit - i })
    expect(await unlockLocally(vault, '135790')).toEqual({ kind: 'ok' })
    expect(tries).toBe(0)
    for (let i = 0; i < localTryLimit; i += 1) await unlockLocally(vault, '000000')
    expect(await unlockLocally(vault, '135790')).toEqual({ kind: 'blocked' })
    expect(await unlockLocally({ ...vault, tries: async () => 0, verify: async () => undefined }, '1')).toEqual({
      kind: 'unknown',
    })
  })
})

const complete: Draft = {
  ...emptyDraft('350582'),
  documentNumber: '110101199003072738',
  buyer: 'new',
  person: {
    name: '李小明',
    mobile: '１３９１２３４５６７８',
    areaCode: '350582',
    address: '青阳街道 12 号',
    emergencyName: '',
    emergencyMobile: '',
  },
  items: [{ drugId: 'd', name: '布洛芬', drugClass: 'antipyretic', quantity: 2 }],
  noSymptoms: true,
}
const sale = { id: uuidv7(), soldAt: '2026-03-14T06:05:00.000Z', storeCode: 'S-1', offline: false }
const fieldsOf = (draft: Draft) => checkDraft(draft, '2026-03-14').map((one) => one.field)

describe('draft', () => {
  test('a complete one becomes a purchase, digits made half-width', () => {
    expect(fieldsOf(complete)).toEqual([])
    expect(toPurchase(complete, sale)).toEqual({
      ...sale,
      documentType: 'citizen-id',
      documentNumber: '110101199003072738',
      person: {
        name: '李小明',
        mobile: '13912345678',
        residenceAreaCode: '350582',
        residenceAddress: '青阳街道 12 号',
      },
      items: [{ drugId: 'd', quantity: 2 }],
      symptoms: [],
      temperatureTenths: null,
      boughtFor: null,
    })
  })
  test('a confirmed buyer sends no personal field', () => {
    const purchase = toPurchase({ ...complete, buyer: 'confirmed' }, sale)
    expect(purchase.useKnownProfile).toBe(true)
    expect(purchase.person).toBeUndefined()
  })
  test('every missing answer is told, in the order of the form', () =>
    expect(
      fieldsOf({
        ...emptyDraft(),
        buyer: 'new',
        temperature: '50',
        proxy: { name: '', relation: '', documentType: 'citizen-id', documentNumber: '1' },
      }),
    ).toEqual([
      'documentNumber',
      'person.name',
      'person.mobile',
      'person.area',
      'person.address',
      'items',
      'symptoms',
      'temperature',
      'proxy.name',
      'proxy.relation',
      'proxy.documentNumber',
    ]))
  test('half an emergency contact is asked for the other half', () => {
    const person = { ...complete.person, emergencyName: '王' }
    expect(fieldsOf({ ...complete, person })).toEqual(['person.emergencyMobile'])
  })
  test('a foreigner may leave a number of Hong Kong, a citizen a mainland mobile', () => {
    const person = { ...complete.person, mobile: '+852 9123 4567' }
    expect(fieldsOf({ ...complete, person })).toEqual(['person.mobile'])
    expect(fieldsOf({ ...complete, person, documentType: 'passport', documentNumber: 'E12345678' })).toEqual([])
  })
  test('another number forgets the buyer that was known', () => {
    const known = { name: '王*', mobile: '138****1234', residence: '晋江市…', hasEmergencyContact: false }
    const next = withDocument({ ...complete, buyer: 'confirmed', known }, 'citizen-id', '1')
    expect(next).toMatchObject({ buyer: 'unknown', known: null, person: { name: '' } })
    expect(next.items).toHaveLength(1)
  })
  test('quantities stay between nothing and 99', () => {
    const drug = { id: 'x', name: 'x', class: 'cough' }
    const twice = withDrug(withDrug(emptyDraft(), drug), drug)
    expect(twice.items.map((item) => item.quantity)).toEqual([2])
    expect(withQuantity(twice, 'x', 500).items[0]?.quantity).toBe(99)
    expect(withQuantity(twice, 'x', 0).items).toEqual([])
  })
  test('a symptom and none exclude each other', () => {
    const ill = withSymptom(withSymptom(emptyDraft(), 'none'), 'fever')
    expect(ill).toMatchObject({ noSymptoms: false, symptoms: ['fever'] })
    expect(withSymptom(ill, 'none')).toMatchObject({ noSymptoms: true, symptoms: [] })
    expect([isUntouched(emptyDraft('350582')), isUntouched(ill)]).toEqual([true, false])
  })
})

test('a correction sends only the chosen parts', () => {
  const item = {
    ...{
      id: sale.id,
      revision: 3,
      status: 'valid' as const,
      storeCode: 'S-1',
      storeName: '',
      areaCode: '350582',
      areaName: '',
    },
    ...{
      soldAt: sale.soldAt,
      receivedAt: sale.soldAt,
      name: '李*',
      documentType: 'citizen-id' as const,
      documentNumber: null,
    },
    ...{
      mobile: null,
      residence: null,
      symptoms: ['cough' as const],
      temperatureTenths: 373,
      fever: true,
      referred: true,
    },
    ...{ proxy: false, offline: false, receiptNo: '0314-0001' },
    items: [{ drugId: 'd', name: '布洛芬', class: 'antipyretic' as const, quantity: 1 }],
  }
  const begun = beginCorrection(item, '350582')
  expect(checkCorrection(begun).map((one) => one.field)).toEqual(['form', 'reason'])
  const ready = { ...togglePart(begun, 'symptoms'), reason: ' 体温录错 ' }
  expect(checkCorrection(ready)).toEqual([])
  expect(correctionBody(ready)).toEqual({
    revision: 3,
    reason: '体温录错',
    changes: { symptoms: ['cough'], temperatureTenths: 373 },
  })
})

test('a correction names who the drugs were for, takes a wrong 代购 back, and clears a history', () => {
  const item = {
    id: sale.id,
    revision: 0,
    documentType: 'citizen-id',
    items: [],
    symptoms: [],
    temperatureTenths: null,
  }
  const begun = beginCorrection(item as unknown as PurchaseItem, '350582')
  const chosen = { ...togglePart(togglePart(begun, 'proxy'), 'history'), reason: '代购漏登' }
  expect(checkCorrection(chosen).map((one) => one.field)).toEqual(['proxy.name', 'proxy.relation'])
  const filled = (proxy: Partial<NonNullable<Draft['proxy']>> | null, history: string) => ({
    ...chosen,
    draft: { ...chosen.draft, history, proxy: proxy && { ...chosen.draft.proxy!, ...proxy } },
  })
  const named = { name: ' 林母 ', relation: 'family' as const }
  expect(checkCorrection(filled({ ...named, documentNumber: '1' }, '')).map((one) => one.field)).toEqual([
    'proxy.documentNumber',
  ])
  expect(checkCorrection(filled(named, 'x'.repeat(301))).map((one) => one.field)).toEqual(['history'])
  const ready = filled(named, ' 三亚返回 ')
  expect(checkCorrection(ready)).toEqual([])
  expect(correctionBody(ready).changes).toEqual({
    boughtFor: { name: '林母', relation: 'family' },
    history: '三亚返回',
  })
  expect(correctionBody(filled(null, '')).changes).toEqual({ boughtFor: null, history: '' })
  expect(correctionBody({ ...ready, parts: ['items'] }).changes).toEqual({ items: [] })
})
