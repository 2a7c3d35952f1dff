import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { checkApprovalNumber, checkEan13, checkTraceCode, ean13CheckDigit } from './index.ts'

describe('EAN-13', () => {
  // 690123456789-2: GB 12904; 9501101530003: GS1's own example; 4006381333931: the usual example of ISO/IEC 15420.
  test.each(['6901234567892', '9501101530003', '4006381333931'])('golden value %s', (text) => {
    expect(checkEan13(text)).toEqual({ ok: true, value: text })
  })

  test('generated codes pass, every single change is caught', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^\d{12}$/), (first12) => {
        const text = first12 + ean13CheckDigit(first12)
        expect(checkEan13(text).ok).toBe(true)
        for (let i = 0; i < 13; i += 1)
          for (const digit of '0123456789')
            if (digit !== text[i]) expect(checkEan13(text.slice(0, i) + digit + text.slice(i + 1)).ok).toBe(false)
      }),
      { numRuns: 30 },
    )
  })

  test.each([
    ['', 'empty'],
    ['690123456789', 'length'],
    ['81234567890123456789', 'length'],
    ['690123456789X', 'characters'],
    ['6901234567893', 'check-digit'],
  ])('%s is refused as %s', (text, code) => {
    expect(checkEan13(text)).toMatchObject({ ok: false, code })
  })
})

describe('trace code, NMPAB/T 1002-2019', () => {
  test('20 digits, the first 7 name the drug', () => {
    expect(checkTraceCode(' 8123456 7890 1234 56789')).toEqual({
      ok: true,
      value: { code: '81234567890123456789', drugCode: '8123456' },
    })
  })

  test.each([
    ['', 'empty'],
    ['8123456789012345678', 'length'],
    ['812345678901234567890', 'length'],
    ['8123456789012345678A', 'characters'],
  ])('%s is refused as %s', (text, code) => {
    expect(checkTraceCode(text)).toMatchObject({ ok: false, code })
  })
})

describe('approval number', () => {
  test.each([
    ['国药准字H00000001', '国药准字H00000001', 'chemical', 'domestic'],
    ['国药准字 Ｚ００００ ０００１', '国药准字Z00000001', 'chinese', 'domestic'],
    ['批准文号：国药准字s00000001', '国药准字S00000001', 'biological', 'domestic'],
    ['国药准字B00000001', '国药准字B00000001', 'health', 'domestic'],
    ['国药准字J20000001', '国药准字J20000001', 'repackaged', 'domestic'],
    ['国药准字T00000001', '国药准字T00000001', 'reagent', 'domestic'],
    ['国药准字F00000001', '国药准字F00000001', 'excipient', 'domestic'],
    ['国药准字C20000001', '国药准字C20000001', 'classical', 'domestic'],
    ['国药准字HJ20000001', '国药准字HJ20000001', 'chemical', 'imported'],
    ['国药准字SJ20000001', '国药准字SJ20000001', 'biological', 'imported'],
    ['国药准字ZC20000001', '国药准字ZC20000001', 'chinese', 'hk-macau-taiwan'],
    ['注册证号 H20000001', 'H20000001', 'chemical', 'certificate'],
    ['BH20000001', 'BH20000001', 'chemical', 'certificate'],
    ['HC20000001', 'HC20000001', 'chemical', 'certificate'],
  ])('%s is accepted', (text, number, category, kind) => {
    expect(checkApprovalNumber(text)).toEqual({ ok: true, value: { number, category, kind } })
  })

  test.each([
    ['', 'empty'],
    ['国药试字H00000001', 'trial'],
    ['国药准字H0000001', 'format'],
    ['国药准字H000000011', 'format'],
    ['国药准字X00000001', 'format'],
    ['国药准字00000001', 'format'],
    ['国药准字BJ20000001', 'format'],
    ['国药准字HJ99990001', 'format'],
    ['国食健字G20000001', 'format'],
  ])('%s is refused as %s', (text, code) => {
    expect(checkApprovalNumber(text)).toMatchObject({ ok: false, code })
  })
})
