import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { gramsOf, kilograms, shortTime, time } from '../words.ts'
import {
  bodyOf,
  type Draft,
  emptyDraft,
  fieldOrder,
  isContainerNo,
  plateOf,
  problemsOf,
  problemsOfRefusal,
} from './declaration.ts'
import { ownLotNo } from './own-lot.ts'
import { bodyOfTrade, kinds, madeOf, makes, problemsOfTrade, sends, type Trade, yieldOf } from './trade.ts'

const today = '2026-11-22'
const good: Draft = {
  ...{ goodsId: 'g', goodsName: '冻三文鱼', origin: '挪威', plantNo: 'N-1', supplierLot: 'S-1', lotNo: '' },
  ...{ containerNo: 'CSQU3054383', producedOn: '2026-10-01', expiresOn: '2027-10-01', boxes: '12', kilograms: '120.5' },
  ...{ warehouseId: 'w', slotDay: '2026-11-25', slotAt: '2026-11-25T02:00:00.000Z', vehicle: '闽C·12345' },
  ...{ driverName: '王建军', driverMobile: '13800000000' },
}

describe('weights', () => {
  test('grams survive being shown and typed again', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10 ** 12 - 1 }), (grams) => {
        expect(gramsOf(kilograms(grams).replace(/[^\d.]/g, ''))).toBe(grams)
      }),
    )
    expect(kilograms(1_234_567_050)).toBe('1,234,567.05 千克')
  })
  test.each(['', '-1', '1.2345', '1e3', 'a', '1.', '1234567890', '１'])('%s is no weight', (typed) => {
    expect(gramsOf(typed)).toBeNull()
  })
})

describe('a declaration', () => {
  test('that is whole has no problem, and its body has no field of the form left', () => {
    expect(problemsOf(good, today)).toEqual({})
    expect(bodyOf(good, 'owner', '261122ABCDEFGH')).toEqual({
      ...{
        ownerId: 'owner',
        goodsId: 'g',
        origin: '挪威',
        plantNo: 'N-1',
        supplierLot: 'S-1',
        lotNo: '261122ABCDEFGH',
      },
      ...{ containerNo: 'CSQU3054383', producedOn: '2026-10-01', expiresOn: '2027-10-01', boxes: 12, grams: 120_500 },
      ...{ warehouseId: 'w', slotAt: '2026-11-25T02:00:00.000Z', vehicle: '闽C12345' },
      ...{ driverName: '王建军', driverMobile: '13800000000' },
    })
  })
  test('names each field that was left out, and no other', () => {
    const optional = new Set(['goodsName', 'lotNo', 'containerNo', 'slotDay'])
    const required = fieldOrder.filter((field) => !optional.has(field))
    fc.assert(
      fc.property(fc.subarray(required, { minLength: 1 }), (missing) => {
        const draft = { ...good, ...Object.fromEntries(missing.map((field) => [field, ''])) }
        expect(Object.keys(problemsOf(draft, today)).sort()).toEqual([...missing].sort())
      }),
    )
    expect(Object.keys(problemsOf(emptyDraft, today)).sort()).toEqual([...required].sort())
  })
  test.each<[keyof Draft, string]>([
    ['producedOn', '2026-11-23'],
    ['expiresOn', '2026-10-01'],
    ['expiresOn', '2026-11-25'],
    ['boxes', '0'],
    ['boxes', '100001'],
    ['boxes', '1.5'],
    ['kilograms', '0'],
    ['kilograms', '1.2345'],
    ['containerNo', 'CSQU3054384'],
    ['lotNo', '批次'],
    ['vehicle', '12345'],
    ['driverMobile', '1380000000'],
  ])('with %s %s names it', (field, value) => {
    expect(Object.keys(problemsOf({ ...good, [field]: value }, today))).toEqual([field])
  })
  test('one wrong digit of a container number is found, as ISO 6346 promises but for its ten', () => {
    const digits = fc.tuple(fc.integer({ min: 4, max: 9 }), fc.integer({ min: 1, max: 9 }))
    fc.assert(
      fc.property(digits, ([at, by]) => {
        const text = 'CSQU3054383'
        const other = (Number(text[at]) + by) % 10
        const changed = text.slice(0, at) + other + text.slice(at + 1)
        // 10 and 0 have the same check digit.
        expect(isContainerNo(changed)).toBe(false)
      }),
    )
    expect(isContainerNo('BL-2026/11')).toBe(true)
  })
  test.each([
    ['闽c·12345', '闽C12345'],
    ['闽C D12345', '闽CD12345'],
  ])('the plate %s is kept as %s', (typed, kept) => {
    expect(plateOf(typed)).toBe(kept)
    expect(problemsOf({ ...good, vehicle: typed }, today)).toEqual({})
  })
  test('a refusal is shown where it belongs', () => {
    const errors = [
      { pointer: '/slotAt', detail: '须提前 48 小时申报' },
      { pointer: '/body/grams', detail: '太重' },
      { pointer: '/elsewhere', detail: '?' },
    ]
    expect(problemsOfRefusal(errors, 'invalid', '')).toEqual({ slotAt: '须提前 48 小时申报', kilograms: '太重' })
    expect(problemsOfRefusal(undefined, 'full', '约满')).toEqual({ slotAt: '约满' })
    expect(problemsOfRefusal(undefined, 'taken', '已登记')).toEqual({ lotNo: '已登记' })
  })
  test('a number of its own has the form of a lot number', () => {
    const bytes = fc.uint8Array({ minLength: 8, maxLength: 8 })
    fc.assert(
      fc.property(bytes, (random) => {
        expect(ownLotNo(today, random)).toMatch(/^261122[0-9A-Z]{8}$/)
      }),
    )
  })
})

describe('work with a lot', () => {
  const weight = fc.integer({ min: 1, max: 10 ** 9 })
  const typed = (grams: number) => kilograms(grams).replace(/[^\d.]/g, '')
  test('never takes more than there is, and never makes more than went in', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...kinds),
        weight,
        weight,
        fc.array(weight, { maxLength: 4 }),
        (kind, stock, input, made) => {
          const outputs = made.map((grams) => ({ goodsId: 'g', goodsName: '', kilograms: typed(grams) }))
          const trade: Trade = { kind, kilograms: typed(input), toId: 't', outputs }
          const problems = problemsOfTrade(trade, stock)
          const sum = made.reduce((total, grams) => total + grams, 0)
          expect('kilograms' in problems).toBe(input > stock)
          const balanced = !makes(kind) || (kind === 'process' ? sum <= input : sum === input)
          if (input <= stock) expect(Object.keys(problems).length === 0).toBe(balanced)
          expect(madeOf(outputs)).toBe(sum)
          expect(yieldOf(input, sum)! * input).toBeLessThanOrEqual(sum * 1000)
        },
      ),
    )
  })
  test.each(kinds)('%s says to whom and what comes out only where that is asked', (kind) => {
    const trade: Trade = {
      kind,
      kilograms: '1',
      toId: 'to',
      outputs: [{ goodsId: 'g', goodsName: '', kilograms: '1' }],
    }
    const body = bodyOfTrade(trade, { uri: 'lot' }, 'me', 'key')
    expect(body).toMatchObject({ key: 'key', kind, holderId: 'me', lines: [{ code: 'lot', grams: 1000 }] })
    expect(['toId' in body, 'outputs' in body]).toEqual([sends(kind), makes(kind)])
  })
  test('asks for what is missing', () => {
    const none = { goodsId: '', goodsName: '', kilograms: '' }
    expect(Object.keys(problemsOfTrade({ kind: 'ship', kilograms: '', toId: '', outputs: [none] }, 10))).toEqual([
      'kilograms',
      'toId',
    ])
    const process = problemsOfTrade({ kind: 'process', kilograms: '1', toId: '', outputs: [none] }, 1000)
    expect(Object.keys(process)).toEqual(['goods.0', 'outputs.0'])
  })
})

test('times are those of China, with the year only when it is another one', () => {
  expect(time('2026-11-22T18:05:00.000Z')).toBe('2026-11-23 02:05')
  const now = Date.parse('2026-12-31T16:30:00.000Z')
  expect(shortTime('2027-01-01T00:00:00.000Z', now)).toBe('01-01 08:00')
  expect(shortTime('2026-12-31T15:00:00.000Z', now)).toBe('2026-12-31 23:00')
})
