import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { inflateSync } from 'node:zlib'
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader'

export interface PdfPage {
  /** Points. */
  width: number
  height: number
  /** Texts in the order they were drawn. */
  texts: string[]
  /** Rectangles filled in black, in the page's own units. */
  black: [x: number, y: number, width: number, height: number][]
}

export interface Pdf {
  pages: PdfPage[]
  /** Names of embedded font programs, with the tag of their subset. */
  embedded: string[]
}

/** Reads what our own posters are made of, from the bytes of a PDF (ISO 32000-1): enough to look at them without a viewer. */
export function readPdf(bytes: Buffer): Pdf {
  const text = bytes.toString('latin1')
  const objects = new Map<string, string>()
  for (const [, id = '', body = ''] of text.matchAll(/(?:^|\n)(\d+) 0 obj\n([\s\S]*?)\nendobj/g)) objects.set(id, body)
  const streamOf = (id: string): string => {
    const body = objects.get(id) ?? ''
    const at = body.indexOf('stream\n') + 'stream\n'.length
    const data = Buffer.from(body.slice(at, body.lastIndexOf('\nendstream')), 'latin1')
    return (body.includes('/FlateDecode') ? inflateSync(data) : data).toString('latin1')
  }
  const ref = (body: string, name: string) => new RegExp(`/${name} (\\d+) 0 R`).exec(body)?.[1] ?? ''
  const unicodeOf = (font: string): Map<number, string> => {
    const map = new Map<number, string>()
    const ranges = streamOf(ref(objects.get(font) ?? '', 'ToUnicode'))
    for (const [, from = '', list = ''] of ranges.matchAll(/<([0-9a-f]+)> <[0-9a-f]+> \[([^\]]*)\]/g))
      for (const [at, [, hex = '']] of [...list.matchAll(/<([0-9a-f ]*)>/g)].entries())
        map.set(Number.parseInt(from, 16) + at, Buffer.from(hex.replace(/ /g, ''), 'hex').swap16().toString('utf16le'))
    return map
  }
  const pages = [...objects.values()].filter((body) => /\/Type \/Page\n/.test(body))
  return {
    pages: pages.map((body) => {
      const [, width, height] = /\/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]/.exec(body) ?? []
      const resources = objects.get(ref(body, 'Resources')) ?? body
      const fonts = new Map(
        [...resources.matchAll(/\/(F\d+) (\d+) 0 R/g)].map(([, name = '', id = '']) => [name, unicodeOf(id)]),
      )
      return { width: Number(width), height: Number(height), ...drawn(streamOf(ref(body, 'Contents')), fonts) }
    }),
    embedded: [...text.matchAll(/\/FontName \/(\S+)[^>]*\/FontFile\d? \d+ 0 R/g)].map(([, name = '']) => name),
  }
}

function drawn(content: string, fonts: Map<string, Map<number, string>>): Pick<PdfPage, 'texts' | 'black'> {
  const texts: string[] = []
  const black: PdfPage['black'] = []
  let font: Map<number, string> | undefined
  let waiting: PdfPage['black'] = []
  let colour = ''
  for (const line of content.split('\n')) {
    if (line.endsWith(' Tf')) font = fonts.get(line.slice(1, line.indexOf(' ')))
    else if (line.endsWith(' TJ'))
      texts.push(
        [...line.matchAll(/<([0-9a-f]+)>/g)]
          .flatMap(([, hex = '']) => hex.match(/.{4}/g) ?? [])
          .map((glyph) => font?.get(Number.parseInt(glyph, 16)) ?? '\ufffd')
          .join(''),
      )
    else if (line.endsWith(' scn')) colour = line
    else if (line.endsWith(' re')) {
      const [x = 0, y = 0, width = 0, height = 0] = line.split(' ').map(Number)
      waiting.push([x, y, width, height])
    } else if (line === 'f') {
      if (colour === '0 0 0 scn') black.push(...waiting)
      waiting = []
    }
  }
  return { texts, black }
}

/** Paints the black rectangles of a page, two dots to the unit of A4, and reads the QR code that they make. */
export async function readQr(page: PdfPage): Promise<string[]> {
  const require = createRequire(import.meta.url)
  const wasm = await readFile(require.resolve('zxing-wasm/reader/zxing_reader.wasm'))
  prepareZXingModule({ overrides: { wasmBinary: new Uint8Array(wasm).buffer } })
  const scale = 2
  const [width, height] = [600 * scale, 850 * scale]
  const data = new Uint8ClampedArray(width * height * 4).fill(255)
  for (const [x, y, w, h] of page.black)
    for (let row = Math.round(y * scale); row < Math.round((y + h) * scale); row++)
      for (let column = Math.round(x * scale); column < Math.round((x + w) * scale); column++)
        data.fill(0, (row * width + column) * 4, (row * width + column) * 4 + 3)
  const found = await readBarcodes({ data, width, height, colorSpace: 'srgb' } as ImageData, { formats: ['QRCode'] })
  return found.map((each) => each.text)
}
