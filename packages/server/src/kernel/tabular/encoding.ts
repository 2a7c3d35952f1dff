import { TableError } from './types.ts'

export type Encoding = 'utf-8' | 'gb18030' | 'utf-16le' | 'utf-16be'

/** Bytes after the first non-ASCII one that are looked at before UTF-8 or GB 18030 is decided. */
const lookAhead = 65_536

function markOf(bytes: Buffer): Encoding | undefined {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return 'utf-8'
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le'
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be'
  return undefined
}

/** UTF-16 without a mark shows in the zero halves of commas, digits and line ends. */
function wideOf(bytes: Buffer): Encoding | undefined {
  let even = 0
  let odd = 0
  const length = Math.min(bytes.length, 4096)
  for (let at = 0; at < length; at++) if (bytes[at] === 0) at % 2 === 0 ? even++ : odd++
  if (odd > 8 * even && odd > length / 40) return 'utf-16le'
  return even > 8 * odd && even > length / 40 ? 'utf-16be' : undefined
}

function isUtf8(bytes: Buffer, whole: boolean): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: !whole })
    return true
  } catch {
    return false
  }
}

function firstWide(bytes: Buffer): number {
  for (let at = 0; at < bytes.length; at++) if (bytes[at]! >= 0x80) return at
  return -1
}

/**
 * Decodes a text file of unknown encoding: by byte order mark, as UTF-16 by its zeros, as UTF-8 when valid, otherwise as
 * GB 18030 (a superset of GBK and GB 2312). Pure ASCII passes at once; the choice is made where the first other
 * character stands. Throws TableError 'bad-encoding' at bytes that the encoding does not have, 'unsupported-format' for
 * binary content.
 */
export async function* decodeText(source: AsyncIterable<Buffer>): AsyncGenerator<string, void, undefined> {
  let decoder: TextDecoder | undefined
  let held: Buffer = Buffer.alloc(0)
  let started = false
  const decode = (bytes: Buffer, stream: boolean): string => {
    try {
      return decoder!.decode(bytes, { stream })
    } catch (error) {
      const message = '文件中有无法识别的字符，请在 Excel 或 WPS 中另存为“CSV UTF-8”或 .xlsx 后再上传'
      throw new TableError('bad-encoding', message, { encoding: decoder!.encoding }, error)
    }
  }
  const choose = (encoding: Encoding): void => {
    decoder = new TextDecoder(encoding, { fatal: true })
  }
  for await (const chunk of source) {
    if (decoder) {
      yield decode(chunk, true)
      continue
    }
    held = held.length === 0 ? chunk : Buffer.concat([held, chunk])
    if (!started) {
      if (held.length < 4) continue
      started = true
      const known = markOf(held) ?? wideOf(held)
      if (known) choose(known)
      else if (held.includes(0))
        throw new TableError('unsupported-format', '文件不是文本表格，请上传 .xlsx 或 .csv 文件')
    }
    if (!decoder) {
      const at = firstWide(held)
      if (at < 0) {
        yield held.toString('latin1')
        held = Buffer.alloc(0)
        continue
      }
      if (held.length - at < lookAhead) continue
      choose(isUtf8(held, false) ? 'utf-8' : 'gb18030')
    }
    yield decode(held, true)
    held = Buffer.alloc(0)
  }
  if (!decoder) choose(markOf(held) ?? (isUtf8(held, true) ? 'utf-8' : 'gb18030'))
  yield decode(held, false)
}
