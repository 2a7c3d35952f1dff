import { citizenIdCheckDigit, uuidv7 } from '@vigil/codes'
import { type PurchaseInput, receiptNo } from '@vigil/contract'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { canonical, type Decision, decide, type Facts, isFever, type StoreFacts } from './purchase.domain.ts'
import { countyPath } from './purchase.rollup.ts'

const now = new Date('2026-11-23T10:00:00+08:00')
const minute = 60_000
const day = 86_400_000
const drugs = {
  '00000000-0000-7000-8000-00000000000a': { class: 'antipyretic', active: true },
  '00000000-0000-7000-8000-00000000000b': { class: 'cough', active: true },
  '00000000-0000-7000-8000-00000000000c': { class: 'antibiotic', active: false },
} as const
const [fever, cough, stopped] = Object.keys(drugs) as [string, string, string]
const store: StoreFacts = {
  code: 'STORE-A',
  name: '测试药店',
  county: '350582',
  areaCode: '350582S01',
  path: '/350000/350500/350582/350582S01/STORE-A/',
  status: 'active',
}
const facts: Facts = {
  now,
  store,
  drug: (id) => drugs[id as keyof typeof drugs],
  dutyClasses: () => new Set(['antipyretic', 'antibiotic']),
  areaExists: (code) => code === '350582',
}
const idAt = (ms: number) => uuidv7(ms, new Uint8Array(10).fill(7))
// GB 11643-1999 with the example area 晋江; the check character is computed by the rule of appendix A.
const first17 = '35058219800101001'
const number = first17 + citizenIdCheckDigit(first17)
const person = { name: '林小明', mobile: '13800000001', residenceAreaCode: '350582', residenceAddress: '青阳街道 8 号' }
const base: PurchaseInput = {
  id: idAt(now.getTime()),
  soldAt: now.toISOString(),
  documentType: 'citizen-id',
  documentNumber: number,
  person,
  items: [{ drugId: fever, quantity: 2 }],
  symptoms: [],
  temperatureTenths: null,
}

const told = (decision: Decision) =>
  'errors' in decision ? decision.errors.map(({ pointer, code }) => `${pointer} ${code}`).sort() : 'accepted'
const judge = (change: Partial<PurchaseInput>, more: Partial<Facts> = {}) =>
  told(decide({ ...base, ...change }, { ...facts, ...more }))
const accept = (change: Partial<PurchaseInput>, more: Partial<Facts> = {}) => {
  const decision = decide({ ...base, ...change }, { ...facts, ...more })
  if ('errors' in decision) throw new Error(JSON.stringify(decision.errors))
  return decision.accepted
}
const withPerson = (change: Partial<typeof person> & { emergencyName?: string; emergencyMobile?: string }) => ({
  person: { ...person, ...change },
})

describe('each rule names its field', () => {
  const impossible = (digits: string) => digits + citizenIdCheckDigit(digits)
  const wrongCheck = first17 + (number.endsWith('1') ? '2' : '1')
  test.each<[string, Partial<PurchaseInput>, string | string[]]>([
    ['a valid entry', {}, 'accepted'],
    ['id of another version', { id: '3f2504e0-4f89-41d3-9a0c-0305e82c3301' }, ['/id format']],
    ['id four days away', { id: idAt(now.getTime() - 4 * day) }, ['/id clock']],
    ['id two days away', { id: idAt(now.getTime() - 2 * day) }, 'accepted'],
    ['second 60', { soldAt: '2026-11-23T09:59:60+08:00' }, ['/soldAt format']],
    ['no time at all', { soldAt: '昨天' }, ['/soldAt format']],
    ['end of all years', { soldAt: '9999-12-31T23:59:59-12:00' }, ['/id clock', '/soldAt clock']],
    ['before all years', { soldAt: '0000-01-01T00:00:00Z' }, ['/id clock', '/soldAt too-old']],
    ['wrong check digit', { documentNumber: wrongCheck }, ['/documentNumber check-digit']],
    ['31 February', { documentNumber: impossible('35058219800231001') }, ['/documentNumber birth-date-impossible']],
    ['born tomorrow', { documentNumber: impossible('35058220261124001') }, ['/documentNumber birth-date-future']],
    ['first generation', { documentNumber: '350582800101001' }, ['/documentNumber first-generation']],
    ['passport of one letter', { documentType: 'passport', documentNumber: 'E' }, ['/documentNumber length']],
    ['name of signs', withPerson({ name: '<script>' }), ['/person/name name']],
    ['name of spaces', withPerson({ name: '  \u3000' }), ['/person/name name']],
    ['name with half a character', withPerson({ name: '林\ud842' }), ['/person/name name']],
    ['short mobile', withPerson({ mobile: '1380000' }), ['/person/mobile length']],
    ['landline of a citizen', withPerson({ mobile: '0595-22345678' }), ['/person/mobile length']],
    ['area that is none', withPerson({ residenceAreaCode: '999999' }), ['/person/residenceAreaCode area']],
    ['blank address', withPerson({ residenceAddress: '  ' }), ['/person/residenceAddress required']],
    ['contact without number', withPerson({ emergencyName: '林父' }), ['/person/emergencyMobile required']],
    ['contact without name', withPerson({ emergencyMobile: '13800000002' }), ['/person/emergencyName required']],
    [
      'contact with a bad number',
      withPerson({ emergencyName: '林父', emergencyMobile: '12' }),
      ['/person/emergencyMobile format'],
    ],
    ['nobody', { person: undefined }, ['/person required']],
    ['unknown drug', { items: [{ drugId: idAt(1), quantity: 1 }] }, ['/items/0/drugId drug']],
    ['inactive drug', { items: [{ drugId: stopped, quantity: 1 }] }, ['/items/0/drugId drug']],
    [
      'the same drug twice',
      {
        items: [
          { drugId: fever, quantity: 1 },
          { drugId: fever, quantity: 1 },
        ],
      },
      ['/items/1/drugId duplicate'],
    ],
    ['nothing to register', { items: [{ drugId: cough, quantity: 1 }] }, ['/items no-duty']],
    ['nameless other', { boughtFor: { name: '?', relation: 'family' } }, ['/boughtFor/name name']],
    [
      'other with a bad number',
      { boughtFor: { name: '林父', documentNumber: wrongCheck, relation: 'family' } },
      ['/boughtFor/documentNumber check-digit'],
    ],
  ])('%s', (_name, change, expected) => {
    expect(judge(change)).toEqual(expected)
  })

  test.each([
    ['suspended', '暂停'],
    ['closed', '关闭'],
  ] as const)('a store that is %s', (status, words) => {
    const decision = decide(base, { ...facts, store: { ...store, status } })
    expect(decision).toMatchObject({
      errors: [{ pointer: '/storeCode', code: 'store-suspended', detail: expect.stringContaining(words) }],
    })
  })

  test('all of them at once', () => {
    const everything: Partial<PurchaseInput> = {
      id: '3f2504e0-4f89-41d3-9a0c-0305e82c3301',
      soldAt: new Date(now.getTime() + day).toISOString(),
      documentNumber: wrongCheck,
      person: {
        name: '1',
        mobile: '1',
        residenceAreaCode: '999999',
        residenceAddress: '',
        emergencyName: '!',
        emergencyMobile: '1',
      },
      items: [{ drugId: stopped, quantity: 1 }],
      boughtFor: { name: '2', relation: 'other', documentNumber: '3' },
    }
    expect(judge(everything, { store: { ...store, status: 'closed' } })).toEqual(
      [
        '/storeCode store-suspended',
        '/id format',
        '/soldAt clock',
        '/documentNumber check-digit',
        '/person/name name',
        '/person/mobile length',
        '/person/residenceAreaCode area',
        '/person/residenceAddress required',
        '/person/emergencyName name',
        '/person/emergencyMobile format',
        '/items/0/drugId drug',
        '/boughtFor/name name',
        '/boughtFor/documentNumber length',
      ].sort(),
    )
  })
})

describe('what is accepted is normalised', () => {
  test('full-width digits and letters', () => {
    const wide = (text: string) => text.replace(/[0-9A-Z]/g, (c) => String.fromCharCode(c.charCodeAt(0) + 0xfee0))
    const accepted = accept({
      documentNumber: wide(number),
      ...withPerson({ mobile: wide('13800000001'), name: ' 林　小明 ' }),
    })
    expect(accepted.documentNumber).toBe(number)
    expect(accepted.person).toMatchObject({ mobile: '13800000001', name: '林 小明' })
  })

  test('a known profile is taken instead of what was typed', () => {
    expect(accept({ useKnownProfile: true, person: undefined }).person).toBeUndefined()
    expect(accept({ useKnownProfile: true, ...withPerson({ mobile: '1' }) }).person).toBeUndefined()
  })

  test('classes, units and proxy come from the lines', () => {
    const accepted = accept({
      items: [
        { drugId: fever, quantity: 2 },
        { drugId: cough, quantity: 3 },
      ],
      boughtFor: { name: '林父', documentNumber: number.toLowerCase(), relation: 'family' },
      symptoms: ['cough', 'fatigue'],
    })
    expect(accepted).toMatchObject({
      classes: ['antipyretic', 'cough'],
      units: 5,
      proxy: true,
      boughtFor: { documentType: 'citizen-id', documentNumber: number },
      day: '2026-11-23',
    })
  })

  test('fever is the symptom or 37.3 °C', () => {
    expect([isFever([], 372), isFever([], 373), isFever(['fever'], null), isFever(['cough'], null)]).toEqual([
      false,
      true,
      true,
      false,
    ])
  })
})

describe('the clock of the device', () => {
  const wrong = (skew: number) => {
    const device = now.getTime() + skew
    return { id: idAt(device), soldAt: new Date(device).toISOString() }
  }
  test.each([-day, day, -3 * 3_600_000, 2 * day])('is set right by the time of sending (%i ms)', (skew) => {
    const accepted = accept(wrong(skew), { sentAt: new Date(now.getTime() + skew) })
    expect(accepted.soldAt).toEqual(now)
    expect(accepted.day).toBe('2026-11-23')
  })
  test('an offline sale keeps its distance from the sending', () => {
    const accepted = accept(wrong(day - 3_600_000), { sentAt: new Date(now.getTime() + day) })
    expect(accepted.soldAt.getTime()).toBe(now.getTime() - 3_600_000)
  })
  test('a difference of two minutes is left alone', () => {
    const accepted = accept(wrong(-90_000), { sentAt: new Date(now.getTime() - 90_000) })
    expect(accepted.soldAt.getTime()).toBe(now.getTime() - 90_000)
  })
  test('ahead by a day without the time of sending is told', () => {
    expect(judge(wrong(day))).toEqual(['/soldAt clock'])
    expect(judge(wrong(9 * minute))).toBe('accepted')
  })
  test('so far off that the id is useless is told', () => {
    expect(judge(wrong(-30 * day), { sentAt: new Date(now.getTime() - 30 * day) })).toEqual(['/id clock'])
  })
  test('a sale of last year is refused', () => {
    const sold = now.getTime() - 401 * day
    expect(judge({ id: idAt(sold), soldAt: new Date(sold).toISOString() })).toEqual(['/soldAt too-old'])
  })
})

describe('properties', () => {
  const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 40 }), fc.constantFrom('', '\0', '\ud800', '林', number))
  const instant = fc.oneof(
    fc.date({ noInvalidDate: false }).map((d) => (Number.isNaN(d.getTime()) ? 'x' : d.toISOString())),
    fc.constantFrom('9999-12-31T23:59:59-12:00', '0001-01-01T00:00:00Z', '2026-11-23T23:59:60Z', '', '2026-11-23'),
  )
  const entry = fc.record({
    id: fc.oneof(fc.uuid({ version: 7 }), fc.uuid(), text),
    soldAt: instant,
    documentType: fc.constantFrom('citizen-id', 'passport', 'hmt-residence', 'taiwan-permit'),
    documentNumber: text,
    useKnownProfile: fc.boolean(),
    person: fc.option(
      fc.record(
        {
          name: text,
          mobile: text,
          residenceAreaCode: text,
          residenceAddress: text,
          emergencyName: text,
          emergencyMobile: text,
        },
        { requiredKeys: ['name', 'mobile', 'residenceAreaCode', 'residenceAddress'] },
      ),
      { nil: undefined },
    ),
    items: fc.array(
      fc.record({ drugId: fc.oneof(fc.constantFrom(fever, cough, stopped), text), quantity: fc.integer() }),
    ),
    symptoms: fc.array(fc.constantFrom('fever', 'cough', 'other')),
    temperatureTenths: fc.option(fc.integer()),
    boughtFor: fc.option(fc.record({ name: text, documentNumber: text, relation: fc.constant('other') })),
    history: text,
  })

  test('odd input never throws, and an error is a pointer, a code and a Chinese sentence', () => {
    fc.assert(
      fc.property(entry, fc.option(instant), (input, sentAt) => {
        const decision = decide(input as PurchaseInput, { ...facts, ...(sentAt && { sentAt: new Date(sentAt) }) })
        if ('accepted' in decision) return !Number.isNaN(decision.accepted.soldAt.getTime())
        return (
          decision.errors.length > 0 &&
          decision.errors.every(
            (e) => e.pointer.startsWith('/') && /^[a-z-]+$/.test(e.code) && /\p{Script=Han}/u.test(e.detail),
          )
        )
      }),
      { numRuns: 500 },
    )
  })

  test('canonical text does not depend on the order of keys, and differs when a value does', () => {
    const shuffled = (value: unknown, random: () => number): unknown => {
      if (Array.isArray(value)) return value.map((item) => shuffled(item, random))
      if (!value || typeof value !== 'object') return value
      const keys = Object.keys(value).sort(() => random() - 0.5)
      return Object.fromEntries(keys.map((key) => [key, shuffled((value as Record<string, unknown>)[key], random)]))
    }
    fc.assert(
      fc.property(
        fc.jsonValue(),
        fc.jsonValue(),
        fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })),
        (a, b, stream) => {
          const random = () => stream.next().value as number
          expect(canonical(shuffled(a, random))).toBe(canonical(a))
          expect(canonical(a) === canonical(b)).toBe(
            canonical(JSON.parse(canonical(a))) === canonical(JSON.parse(canonical(b))),
          )
          expect(JSON.parse(canonical(a))).toEqual(JSON.parse(JSON.stringify(a)))
        },
      ),
    )
    expect(canonical({ b: 1, a: undefined, c: { e: null, d: [2, { g: 1, f: 0 }] } })).toBe(
      '{"b":1,"c":{"d":[2,{"f":0,"g":1}],"e":null}}',
    )
  })

  test('the county is cut out of a path at its own step', () => {
    expect(countyPath('/350000/350500/350582/350582S01/P1/', '350582')).toBe('/350000/350500/350582/')
    expect(countyPath('/350000/350500/350582/', '350582')).toBe('/350000/350500/350582/')
    expect(() => countyPath('/350000/350500/350583/', '350582')).toThrow('350582')
    expect(() => countyPath('/350000/350582S01/', '350582')).toThrow('350582')
  })

  test('the receipt number is six characters out of the random part, the same every time', () => {
    expect(receiptNo('0199aaaa-0000-7000-8000-ffffffffffff')).toBe('ZZZ-ZZZ')
    expect(receiptNo('0199aaaa-0000-7000-8000-000000000000')).toBe('000-000')
    fc.assert(
      fc.property(fc.uuid({ version: 7 }), (id) => {
        expect(receiptNo(id)).toMatch(/^[0-9A-HJKMNP-TV-Z]{3}-[0-9A-HJKMNP-TV-Z]{3}$/)
        expect(receiptNo(id.toUpperCase())).toBe(receiptNo(id))
      }),
    )
  })
})
