import type { Bytes } from './bytes.ts'
import { TableError } from './types.ts'
import { attribute, scanXml, XmlScanner } from './xml.ts'
import { damaged, readEntry, readText, type ZipEntry } from './zip.ts'

export type SheetPart = { name: string; visible: boolean; entry: ZipEntry }

/** The parts of a workbook that reading needs. `formats[i]` is the number format of cell style i ('' = General). */
export type Workbook = { sheets: SheetPart[]; date1904: boolean; formats: string[]; strings: ZipEntry | undefined }

type Relation = { type: string; target: string }

const maxPartBytes = 32 * 1024 ** 2

function resolve(base: string, target: string): string {
  const parts = target.startsWith('/') ? [] : base.split('/').slice(0, -1)
  for (const part of target.split('/')) {
    if (part === '..') parts.pop()
    else if (part !== '' && part !== '.') parts.push(part)
  }
  return parts.join('/')
}

/**
 * Finds sheets, shared strings and number formats through the relationships (ECMA-376 part 1, 12.3; part 2, 6.5), so
 * that any file names are accepted. Throws TableError 'unsupported-format' for a ZIP that is no workbook, 'damaged'.
 */
export async function readWorkbook(bytes: Bytes, entries: ReadonlyMap<string, ZipEntry>): Promise<Workbook> {
  const find = (path: string): ZipEntry | undefined => entries.get(path.toLowerCase())
  const relations = async (path: string, base: string): Promise<Map<string, Relation>> => {
    const found = new Map<string, Relation>()
    const entry = find(path)
    if (!entry) return found
    scanXml(await readText(bytes, entry, maxPartBytes), (name, attributes) => {
      if (name !== 'Relationship') return
      // Transitional and strict documents differ in the address but not in its last word.
      const type = (attribute(attributes, 'Type') ?? '').split('/').at(-1) ?? ''
      found.set(attribute(attributes, 'Id') ?? '', {
        type,
        target: resolve(base, attribute(attributes, 'Target') ?? ''),
      })
    })
    return found
  }
  const root = await relations('_rels/.rels', '')
  const path = [...root.values()].find((relation) => relation.type === 'officeDocument')?.target
  const entry = path === undefined ? undefined : find(path)
  if (path === undefined || !entry) throw notWorkbook()
  const slash = path.lastIndexOf('/') + 1
  const parts = await relations(`${path.slice(0, slash)}_rels/${path.slice(slash)}.rels`, path)
  const sheets: SheetPart[] = []
  let date1904 = false
  let workbook = false
  scanXml(await readText(bytes, entry, maxPartBytes), (name, attributes) => {
    if (name === 'workbook') workbook = true
    if (name === 'workbookPr') date1904 = ['1', 'true', 'on'].includes(attribute(attributes, 'date1904') ?? '')
    if (name !== 'sheet') return
    const part = parts.get(attribute(attributes, 'id') ?? '')
    const sheet = part?.type === 'worksheet' ? find(part.target) : undefined
    if (!sheet) return
    const visible = (attribute(attributes, 'state') ?? 'visible') === 'visible'
    sheets.push({ name: attribute(attributes, 'name') ?? '', visible, entry: sheet })
  })
  if (!workbook) throw notWorkbook()
  if (sheets.length === 0) throw damaged('no worksheet')
  const part = (type: string): ZipEntry | undefined => {
    const target = [...parts.values()].find((relation) => relation.type === type)?.target
    return target === undefined ? undefined : find(target)
  }
  const styles = part('styles')
  return {
    sheets,
    date1904,
    formats: styles ? readFormats(await readText(bytes, styles, maxPartBytes)) : [],
    strings: part('sharedStrings'),
  }
}

function notWorkbook(): TableError {
  return new TableError('unsupported-format', '文件不是 Excel 工作簿，请上传 .xlsx 或 .csv 文件')
}

/** Formats that Excel knows by number only (ECMA-376 part 1, 18.8.30), as far as they change what a value means. */
const builtIn: Record<number, string> = {
  14: 'yyyy-m-d',
  22: 'yyyy-m-d h:mm',
  45: 'mm:ss',
  46: '[h]:mm:ss',
  47: 'mm:ss',
}
for (const id of [15, 16, 17, 27, 28, 29, 30, 31, 36, 50, 51, 52, 53, 54, 57, 58]) builtIn[id] = 'yyyy-m-d'
for (const id of [18, 19, 20, 21, 32, 33, 34, 35, 55, 56]) builtIn[id] = 'h:mm:ss'

function readFormats(xml: string): string[] {
  const custom = new Map<number, string>()
  const formats: string[] = []
  let inCells = false
  scanXml(
    xml,
    (name, attributes) => {
      if (name === 'numFmt')
        custom.set(Number(attribute(attributes, 'numFmtId')), attribute(attributes, 'formatCode') ?? '')
      else if (name === 'cellXfs') inCells = true
      else if (name === 'xf' && inCells) {
        const id = Number(attribute(attributes, 'numFmtId') ?? 0)
        formats.push(custom.get(id) ?? builtIn[id] ?? '')
      }
    },
    {
      close: (name) => {
        if (name === 'cellXfs') inCells = false
      },
    },
  )
  return formats
}

/** The shared strings in order, rich text joined, phonetic guides left out; each cut at `maxLength` + 1 characters. */
export async function readStrings(bytes: Bytes, entry: ZipEntry, maxLength: number): Promise<string[]> {
  const strings: string[] = []
  let text = ''
  let inText = false
  let phonetic = false
  const scanner = new XmlScanner({
    open: (name) => {
      if (name === 'si') text = ''
      else if (name === 't') inText = !phonetic
      else if (name === 'rPh') phonetic = true
    },
    close: (name) => {
      if (name === 'si') strings.push(decodeEscapes(text.length > maxLength ? text.slice(0, maxLength + 1) : text))
      else if (name === 't') inText = false
      else if (name === 'rPh') phonetic = false
    },
    text: (piece) => {
      if (inText && text.length <= maxLength) text += piece
    },
  })
  const decoder = new TextDecoder('utf-8')
  for await (const chunk of readEntry(bytes, entry)) scanner.write(decoder.decode(chunk, { stream: true }))
  scanner.end()
  return strings
}

/** Undoes the `_xHHHH_` escape of characters that XML cannot hold (ECMA-376 part 1, 22.9.2.19, ST_Xstring). */
export function decodeEscapes(text: string): string {
  if (!text.includes('_x')) return text
  return text.replace(/_x([0-9a-f]{4})_/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
}
