import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { checkDigit, hasCheckDigit, parseDigitalLink } from '@vigil/epcis/identifier'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader'
import { readPdf, readQr } from '../pharmacy/poster.fixture.ts'
import { gs1Widths } from './code128.domain.ts'
import {
  boxLabel,
  boxLink,
  boxSerial,
  boxUri,
  kilograms,
  localGtin,
  lotUri,
  palletLabel,
  palletLink,
  palletSscc,
  palletUri,
  readCode,
  serialBytes,
} from './label.domain.ts'
import { labelPdf } from './label.pdf.ts'
import { labelZpl } from './label.zpl.ts'

const publicUrl = 'https://shouwang.example.cn'
const lot = {
  gtin: localGtin(17),
  lot: '261122-7KQ2',
  goods: '冷冻去骨牛前八件套',
  origin: '巴西 SIF 4507',
  importer: '泉州海通进出口贸易有限公司',
  produced: '2026-08-01',
  expires: '2028-07-31',
  grams: 25_400,
}
const bytes = fc.uint8Array({ minLength: serialBytes, maxLength: serialBytes })

describe('codes of ours', () => {
  test('serials keep every bit and are 16 legible characters', () => {
    fc.assert(
      fc.property(bytes, bytes, (a, b) => {
        expect(boxSerial(a)).toMatch(/^[0-9A-HJKMNP-TV-Z]{16}$/)
        expect(boxSerial(a) === boxSerial(b)).toBe(Buffer.compare(a, b) === 0)
      }),
    )
    expect(() => boxSerial(new Uint8Array(8))).toThrow(RangeError)
  })
  test('goods without a GTIN get a sound one of the range 02', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 9_999_999_999 }), (item) => {
        const gtin = localGtin(item)
        expect(gtin).toMatch(/^002\d{11}$/)
        expect(hasCheckDigit(gtin)).toBe(true)
      }),
    )
    expect(() => localGtin(10_000_000_000)).toThrow(RangeError)
  })
  test('pallets get an SSCC of 18 digits, another for every number', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 9_999_999_999 }), (number) => {
        const sscc = palletSscc('6901234', number)
        expect(sscc).toHaveLength(18)
        expect(sscc.slice(1, 8)).toBe('6901234')
        expect(Number(sscc[0] + sscc.slice(8, 17))).toBe(number)
        expect(checkDigit(sscc.slice(0, 17))).toBe(sscc[17])
      }),
    )
    expect(() => palletSscc('6901234', 10_000_000_000)).toThrow(RangeError)
    expect(() => palletSscc('69', 1)).toThrow(RangeError)
  })
})

describe('a scanned code', () => {
  test('is the same thing however it is spelled', () => {
    fc.assert(
      fc.property(bytes, (random) => {
        const serial = boxSerial(random)
        const uri = boxUri(lot.gtin, serial)
        const spellings = [
          uri,
          boxLink(publicUrl, { ...lot, serial }),
          `(01)${lot.gtin}(10)${lot.lot}(21)${serial}`,
          `01${lot.gtin}10${lot.lot}\u001d21${serial}`,
          `]d201${lot.gtin}21${serial}`,
          ` ${uri}\n`,
        ]
        for (const text of spellings)
          expect(readCode(text)).toMatchObject({ ok: true, code: { kind: 'box', uri, gtin: lot.gtin, serial } })
      }),
    )
    const sscc = palletSscc('6901234', 5)
    for (const text of [
      sscc,
      `00${sscc}`,
      `(00)${sscc}`,
      palletLink(publicUrl, sscc),
      `urn:epc:id:sscc:6901234.${sscc[0]}${sscc.slice(8, 17)}`,
    ])
      expect(readCode(text)).toEqual({ ok: true, code: { kind: 'pallet', uri: palletUri(sscc), sscc } })
  })
  test('of somebody else is kept as it is', () => {
    const foreign = readCode('https://brand.example/beef/01/04012345111118/10/L-9/21/77?17=281231')
    expect(foreign).toEqual({
      ok: true,
      code: {
        kind: 'box',
        uri: 'https://id.gs1.org/01/04012345111118/21/77',
        gtin: '04012345111118',
        lot: 'L-9',
        serial: '77',
      },
    })
    expect(readCode('4012345111118')).toMatchObject({ code: { kind: 'goods', gtin: '04012345111118' } })
    expect(readCode(lotUri(lot.gtin, lot.lot))).toMatchObject({ code: { kind: 'lot', lot: lot.lot } })
    expect(readCode('(414)4012345000115')).toMatchObject({ code: { kind: 'other' } })
  })
  test.each([
    ['4012345111119', '校验位'],
    ['https://example.cn/shop?id=1', '没有商品编码'],
    ['闽A12345', '不是可以识别'],
    ['', '不是可以识别'],
  ])('%s is refused with a sentence', (text, sentence) => {
    expect(readCode(text)).toMatchObject({ ok: false, message: expect.stringContaining(sentence) })
  })
})

test('kilograms are exact', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: -5_000_000, max: 5_000_000 }),
      (grams) => Math.round(Number(kilograms(grams)) * 1000) === grams,
    ),
  )
  expect([kilograms(25_400), kilograms(1_000), kilograms(-5), kilograms(0)]).toEqual(['25.4', '1', '-0.005', '0'])
})

const serialOf = (number: number) => boxSerial(Uint8Array.from({ length: serialBytes }, (_, at) => number * 7 + at))
const boxes = (of: number) =>
  Array.from({ length: of }, (_, at) => boxLabel(publicUrl, lot, { serial: serialOf(at), number: at + 1, of }))
const pallet = palletLabel(publicUrl, {
  sscc: palletSscc('6901234', 77),
  goods: lot.goods,
  lots: [lot.lot, 'B-2'],
  boxes: 48,
  grams: 1_219_200,
  holder: '晋江市集中监管仓',
})
const pdfOf = async (...input: Parameters<typeof labelPdf>) => {
  const chunks: Uint8Array[] = []
  for await (const chunk of labelPdf(...input)) chunks.push(chunk)
  return readPdf(Buffer.concat(chunks))
}

describe('a sheet', () => {
  test.each([8, 24] as const)('of %i has each label once, in order, readable', async (perPage) => {
    const list = boxes(perPage + 1)
    const pdf = await pdfOf(list, { perPage })
    expect(pdf.pages).toHaveLength(2)
    const texts = pdf.pages.map(({ texts }) => texts.join('\n'))
    for (const [at, label] of list.entries()) {
      const text = texts[at < perPage ? 0 : 1]!
      for (const words of [label.code, ...label.lines]) expect(text).toContain(words)
    }
    expect(await readQr(pdf.pages[1]!)).toEqual([list.at(-1)!.link])
  })
  test('of a pallet has its SSCC as bars, too, all bars within the label', async () => {
    const pdf = await pdfOf([pallet], { perPage: 4 })
    const bars = pdf.pages[0]!.black.filter(([, , width, height]) => height > 10 * width)
    const widths = gs1Widths(`00${pallet.sscc}`)
    expect(bars).toHaveLength(Math.ceil(widths.length / 2))
    const module = (bars.at(-1)![0] + bars.at(-1)![2] - bars[0]![0]) / widths.reduce((sum, each) => sum + each, 0)
    expect(bars.map(([, , width]) => Math.round(width / module))).toEqual(widths.filter((_, at) => at % 2 === 0))
    expect(bars.every(([x, , width]) => x > 0 && x + width < 297)).toBe(true)
    expect(await readQr(pdf.pages[0]!)).toEqual([pallet.link])
  })
  test('that was begun is used up from the next place', async () => {
    const pdf = await pdfOf(boxes(6), { perPage: 8, first: 5 })
    expect(pdf.pages.map(({ texts }) => texts.filter((text) => text === lot.goods).length)).toEqual([3, 3])
  })
  test('cuts what is too long for its label', async () => {
    const [label] = boxes(1)
    const pdf = await pdfOf([{ ...label!, title: '很'.repeat(80) }], { perPage: 24 })
    expect(pdf.pages[0]!.texts.find((text) => text.startsWith('很很'))).toMatch(/^很{5,40}…$/)
  })
})

describe('GS1-128', () => {
  test('is read as the digits by another program', async () => {
    const wasm = await readFile(createRequire(import.meta.url).resolve('zxing-wasm/reader/zxing_reader.wasm'))
    prepareZXingModule({ overrides: { wasmBinary: new Uint8Array(wasm).buffer } })
    // Every pair of digits once, in symbols of ten pairs.
    for (let first = 0; first < 100; first += 10) {
      const digits = Array.from({ length: 10 }, (_, at) => String(first + at).padStart(2, '0')).join('')
      const row = [0, ...gs1Widths(digits), 0].flatMap((width, at) =>
        Array<number>((width || 10) * 3).fill(at % 2 ? 0 : 255),
      )
      const data = new Uint8ClampedArray(Array.from({ length: 40 }, () => row.flatMap((v) => [v, v, v, 255])).flat())
      const image = { data, width: row.length, height: 40, colorSpace: 'srgb' } as ImageData
      const [found] = await readBarcodes(image, { formats: ['Code128'], textMode: 'Plain' })
      expect(found?.text).toBe(digits)
      expect(found?.symbologyIdentifier).toBe(']C1')
    }
  })
  test('takes pairs of digits only', () => {
    for (const wrong of ['', '123', '00a1']) expect(() => gs1Widths(wrong)).toThrow(RangeError)
  })
})

describe('ZPL', () => {
  test('is one format for each label, in UTF-8, with the link as QR code', () => {
    const text = [...labelZpl(boxes(3), { dots: 8, copies: 2 })]
    expect(text).toHaveLength(3)
    for (const [at, format] of text.entries()) {
      expect(format).toMatch(/^\^XA\n\^CI28\n\^PW800\n\^LL560\n[\s\S]*\n\^PQ2\n\^XZ\n$/)
      const link = /\^BQN,2,6\^FH\^FDMA,(.*)\^FS/.exec(format)?.[1]
      expect(link).toBe(boxes(3)[at]!.link)
      expect(parseDigitalLink(link!).ok).toBe(true)
      expect(format).toContain('冷冻去骨牛前八件套')
    }
  })
  test('has the SSCC of a pallet as GS1-128', () => {
    const [format] = labelZpl([pallet], { dots: 12 })
    expect(format).toContain(`^BCN,144,N,N,N^FD>;>800${pallet.sscc}^FS`)
    expect(format).toContain('^PW1200')
  })
  test('lets no text give the printer an order', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('^', '~', '_', '\\', '\n', '中', 'X', 'Z', 'F', 'S') }),
        (title) => {
          const [format] = labelZpl([{ ...pallet, title }], { dots: 8 })
          const field = /\^A@N,44,44,[^^]*\^FH\^FD([^^]*)\^FS/.exec(format!)?.[1]
          expect(field).not.toMatch(/[\n~\\]/)
          const back = field!.replace(/_([0-9A-F]{2})/g, (_, hex: string) =>
            String.fromCharCode(Number.parseInt(hex, 16)),
          )
          expect(back).toBe(title)
        },
      ),
    )
  })
})
