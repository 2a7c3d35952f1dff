import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { epcArbitrary } from './epc.fixture.ts'
import {
  canonicalUri,
  checkCharacters,
  checkDigit,
  elementsToEpc,
  epcToElements,
  escapeUrn,
  fnc1,
  formatDigitalLink,
  formatElementString,
  formatEpc,
  hasCheckDigit,
  isClass,
  parseDigitalLink,
  parseElementString,
  parseEpc,
  unescapeUrn,
  uriProblem,
} from './index.ts'

const digits = fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: 1, maxLength: 17 })

test.each(['1987654Ad4X4bL5ttr2310c2K', '12345678901234567890123NT', '7907665Bm8v2AB', '00000!HV', '23956qk1&dB!23'])(
  'check characters of the global model number %s, as GS1’s syntax engine has them',
  (gmn) => {
    expect(checkCharacters(gmn.slice(0, -2))).toBe(gmn.slice(-2))
    expect(parseElementString(`(8013)${gmn}`).ok).toBe(true)
    expect(parseElementString(`(8013)${gmn.slice(0, -1)}0`)).toMatchObject({ ok: false, rule: 'check-digit' })
  },
)

describe('check digit', () => {
  test('is that of the General Specifications', () => {
    // 7.9.1: GTIN-13 629104150021 has 3; SSCC 37610425002123456 has 9.
    expect(checkDigit('629104150021')).toBe('3')
    expect(checkDigit('37610425002123456')).toBe('9')
  })
  test('finds every wrong digit', () => {
    fc.assert(
      fc.property(digits, fc.nat(), fc.integer({ min: 1, max: 9 }), (text, at, add) => {
        const whole = text + checkDigit(text)
        expect(hasCheckDigit(whole)).toBe(true)
        const i = at % whole.length
        const wrong = whole.slice(0, i) + ((Number(whole[i]) + add) % 10) + whole.slice(i + 1)
        expect(hasCheckDigit(wrong)).toBe(false)
      }),
    )
  })
})

/** Written out by hand from EPC Tag Data Standard 1.13, 6 and 7. */
const pairs: readonly (readonly [urn: string, link: string])[] = [
  ['urn:epc:id:sgtin:0614141.112345.400', '/01/10614141123459/21/400'],
  ['urn:epc:id:sgtin:0614141.812345.32a%2Fb', '/01/80614141123458/21/32a%2Fb'],
  ['urn:epc:id:sscc:0614141.1234567890', '/00/106141412345678908'],
  ['urn:epc:id:sgln:0614141.12345.400', '/414/0614141123452/254/400'],
  ['urn:epc:id:sgln:0614141.12345.0', '/414/0614141123452'],
  ['urn:epc:id:sgln:614141123452..0', '/414/6141411234524'],
  ['urn:epc:id:grai:0614141.12345.400', '/8003/00614141123452400'],
  ['urn:epc:id:giai:0614141.12345400', '/8004/061414112345400'],
  ['urn:epc:id:gsrn:0614141.1234567890', '/8018/061414112345678902'],
  ['urn:epc:id:gsrnp:0614141.1234567890', '/8017/061414112345678902'],
  ['urn:epc:id:gdti:0614141.12345.400', '/253/0614141123452400'],
  ['urn:epc:id:cpi:0614141.123ABC.123456789', '/8010/0614141123ABC/8011/123456789'],
  ['urn:epc:id:sgcn:4012345.67890.04711', '/255/401234567890104711'],
  ['urn:epc:id:ginc:0614141.xyz3311cba', '/401/0614141xyz3311cba'],
  ['urn:epc:id:gsin:0614141.123456789', '/402/06141411234567890'],
  ['urn:epc:id:itip:4012345.012345.01.02.987', '/8006/040123451234560102/21/987'],
  ['urn:epc:id:upui:1234567.089456.51qIgY)%3C%26Jp3*j7SDB', '/01/01234567894560/235/51qIgY%29%3C%26Jp3%2Aj7SDB'],
  ['urn:epc:id:pgln:1234567.89012', '/417/1234567890128'],
  ['urn:epc:class:lgtin:4012345.012345.998877', '/01/04012345123456/10/998877'],
  ['urn:epc:idpat:sgtin:4012345.012345.*', '/01/04012345123456'],
  ['urn:epc:idpat:grai:0614141.12345.*', '/8003/00614141123452'],
]

describe('EPC and Digital Link', () => {
  test.each(pairs)('%s', (urn, path) => {
    const epc = parseEpc(urn)
    if (!epc.ok) throw new Error(epc.message)
    expect(formatEpc(epc.value)).toBe(urn)
    expect(canonicalUri(urn)).toBe(`https://id.gs1.org${path}`)
    expect(canonicalUri(`http://example.com/a/b${path}?17=261231`)).toBe(`https://id.gs1.org${path}`)
    expect(uriProblem(urn)).toBeNull()
    expect(uriProblem(`https://id.gs1.org${path}`)).toBeNull()
    expect(isClass(epc.value)).toBe(/class|idpat/.test(urn))
  })

  test('every EPC survives URN, Digital Link and both element strings', () => {
    fc.assert(
      fc.property(epcArbitrary, (epc) => {
        expect(parseEpc(formatEpc(epc))).toEqual({ ok: true, value: epc })
        const elements = epcToElements(epc)
        const link = parseDigitalLink(formatDigitalLink(elements, 'https://example.org/x'))
        expect(link).toEqual({ ok: true, value: { stem: 'https://example.org/x', elements } })
        expect(parseElementString(formatElementString(elements, 'plain'))).toEqual({ ok: true, value: elements })
        expect(canonicalUri(formatDigitalLink(elements))).toBe(canonicalUri(formatEpc(epc)))
        if (epc.scheme === 'upui' && epc.serial === null) return
        const back = elementsToEpc(elements, epc.companyPrefix.length)
        expect(back.ok && formatEpc(back.value)).toBe(formatEpc(epc))
      }),
      { numRuns: 300 },
    )
  })

  test('a character more or less is a fault or another thing, never the same', () => {
    fc.assert(
      fc.property(epcArbitrary, fc.nat(), fc.constantFrom('', '7', '.', '%', ' ', '"'), (epc, at, put) => {
        const urn = formatEpc(epc)
        const i = 15 + (at % (urn.length - 15))
        const changed = urn.slice(0, i) + put + urn.slice(i + 1)
        const parsed = parseEpc(changed)
        if (parsed.ok) expect(formatEpc(parsed.value) === urn).toBe(changed === urn)
        else expect(uriProblem(changed)?.rule).toBe('malformed-epc')
      }),
    )
  })

  test.each([
    ['urn:epc:id:sgtin:40123.0111112.1', 'company-prefix'],
    ['urn:epc:id:sgtin:4012345.01111.1', 'length'],
    ['urn:epc:id:sgtin:4012345.011111', 'length'],
    ['urn:epc:id:sgtin:4012345.011111.', 'serial'],
    ['urn:epc:id:sgtin:4012345.011111.123456789012345678901', 'serial'],
    ['urn:epc:id:sgtin:4012345.011111.a/b', 'escape'],
    ['urn:epc:id:sgtin:4012345.011111.a%2', 'escape'],
    ['urn:epc:id:sgtin:4012345.011111.%7E', 'characters'],
    ['urn:epc:id:lgtin:4012345.011111.1', 'scheme'],
    ['urn:epc:idpat:sscc:4012345.*', 'scheme'],
    ['urn:epc:id:cpi:4012345.abc.1', 'characters'],
    ['urn:epc:id:cpi:4012345.ABC.01', 'serial'],
    ['urn:epc:id:itip:4012345.012345.03.02.1', 'piece'],
    ['urn:epc:id:sgcn:4012345.67890.x', 'serial'],
  ])('%s breaks %s', (urn, rule) => expect(parseEpc(urn)).toMatchObject({ ok: false, rule }))
})

describe('Digital Link', () => {
  test('keeps only the finest qualifier, on GS1’s domain', () => {
    const uri = 'https://shop.example/gtin/4012345999990/cpv/2A/lot/L1/ser/XYZ?15=261231&linkType=all#top'
    expect(canonicalUri(uri)).toBe('https://id.gs1.org/01/04012345999990/21/XYZ')
    const link = parseDigitalLink(uri)
    expect(link.ok && formatElementString(link.value.elements)).toBe('(01)04012345999990(22)2A(10)L1(21)XYZ(15)261231')
  })
  test.each([
    ['https://id.gs1.org/01/04012345999991', 'malformed-digital-link'],
    ['https://id.gs1.org/01/04012345999990/21', 'malformed-digital-link'],
    ['https://id.gs1.org/01/04012345999990/21/A/10/B', 'malformed-digital-link'],
    ['https://id.gs1.org/01/abc', 'malformed-digital-link'],
    ['https://id.gs1.org/01/04012345999990/10/A/235/B', 'malformed-digital-link'],
    ['https://id.gs1.org/415/4012345000115/8020/INV-7', undefined],
    ['https://id.gs1.org/417/4012345000115/7040/1AB2', undefined],
    ['https://example.com/po/12345678', undefined],
    ['urn:uuid:374d95fc-9457-4a51-bd6a-0bba133845a8', undefined],
    ['urn:epc:id:bic:CSQU3054383', undefined],
  ])('%s: %s', (uri, rule) => expect(uriProblem(uri)?.rule).toBe(rule))
})

describe('element string', () => {
  test('as scanners send it', () => {
    const text = `]C1010401234599999017261231${'10'}L-1${fnc1}21XYZ`
    const parsed = parseElementString(text)
    expect(parsed.ok && formatElementString(parsed.value)).toBe('(01)04012345999990(10)L-1(21)XYZ(17)261231')
  })
  test.each([
    ['', 'syntax'],
    ['(01)04012345999991', 'check-digit'],
    ['(01)04012345999990(01)04012345999990', 'twice'],
    ['(10)A', 'key'],
    ['(01)04012345999990(00)106141412345678908', 'key'],
    ['(01)04012345999990(17)261331', 'date'],
    ['(01)04012345999990(3103)01250', 'length'],
    ['(01)04012345999990(422)C56', 'digits'],
    ['(01)04012345999990(421)156', 'length'],
    // GS1's syntax dictionary: what each application identifier may hold.
    ['(01)04012345999990(3106)012500', 'length'],
    ['(01)04012345999990(7006)261100', 'date'],
    ['(01)04012345999990(7003)2613010830', 'date'],
    ['(00)106141412345678908(4321)2', 'characters'],
    ['(00)106141412345678908(4331)001800+', 'characters'],
    ['(8026)040123459999900302(37)1', 'piece'],
  ])('%s breaks %s', (text, rule) => expect(parseElementString(text)).toMatchObject({ ok: false, rule }))
  test('a carton of imported fish, as a scanner sends it', () => {
    const text = `0104012345999990310301250015270930422578${fnc1}10L7${fnc1}7030578NO-123`
    const parsed = parseElementString(text)
    expect(parsed.ok && formatElementString(parsed.value)).toBe(
      '(01)04012345999990(10)L7(3103)012500(15)270930(422)578(7030)578NO-123',
    )
  })
  test('a pallet of frozen goods with its limits, and the first day of freezing', () => {
    const text = `00106141412345678908${'4307'}CN${fnc1}4331001800-${fnc1}4326261130`
    const parsed = parseElementString(text)
    expect(parsed.ok && formatElementString(parsed.value)).toBe(
      '(00)106141412345678908(4307)CN(4331)001800-(4326)261130',
    )
    expect(parseElementString('(01)04012345999990(11)261100(7006)261130(7231)EMABC').ok).toBe(true)
  })
  test('the company prefix has to be told, and decides the URN', () => {
    const gtin = parseElementString('(01)04012345123456(21)7')
    if (!gtin.ok) throw new Error(gtin.message)
    const urn = (length: number) => {
      const epc = elementsToEpc(gtin.value, length)
      return epc.ok ? formatEpc(epc.value) : epc.rule
    }
    expect(urn(7)).toBe('urn:epc:id:sgtin:4012345.012345.7')
    expect(urn(9)).toBe('urn:epc:id:sgtin:401234512.0345.7')
    expect(urn(5)).toBe('company-prefix')
  })
})

test('escapes of a URN come back', () => {
  const text = fc.string({ unit: fc.constantFrom(...'!"%&\'()*+,-./09:;<=>?AZ_az#'), maxLength: 30 })
  fc.assert(fc.property(text, (each) => unescapeUrn(escapeUrn(each)) === each))
})
