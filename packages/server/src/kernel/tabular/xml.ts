import { damaged } from './zip.ts'

/** What a scanner reports. Names come without namespace prefix; attributes as written, to be asked with `attribute`. */
export type XmlHandler = {
  open: (name: string, attributes: string) => void
  close: (name: string) => void
  text: (text: string) => void
}

const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

/** Replaces the five XML entities and character references. Unknown ones stay as they are. */
export function decodeEntities(text: string): string {
  if (!text.includes('&')) return text
  return text.replace(/&(#x[0-9a-f]+|#\d+|\w+);/gi, (whole, name: string) => {
    if (!name.startsWith('#')) return entities[name] ?? whole
    const code = name[1] === 'x' || name[1] === 'X' ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1))
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole
  })
}

/** The value of an attribute in the text of a tag, without regard to a namespace prefix; undefined when absent. */
export function attribute(attributes: string, name: string): string | undefined {
  let at = 0
  for (;;) {
    const equals = attributes.indexOf('=', at)
    if (equals < 0) return undefined
    let open = equals + 1
    while (attributes.charCodeAt(open) <= 32) open++
    const end = attributes.indexOf(attributes.charAt(open), open + 1)
    if (end < 0) return undefined
    const label = attributes.slice(at, equals).trim()
    if (label === name || label.slice(label.indexOf(':') + 1) === name) {
      return decodeEntities(attributes.slice(open + 1, end))
    }
    at = end + 1
  }
}

function tagEnd(text: string, from: number): number {
  let quote = 0
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (quote !== 0) {
      if (code === quote) quote = 0
    } else if (code === 34 || code === 39) quote = code
    else if (code === 62) return at
  }
  return -1
}

const maxPending = 1024 ** 2

/**
 * Scans XML in pieces (elements, text, CDATA; comments and processing instructions are skipped). A document type is
 * refused, since parts of a workbook have none and entity bombs do. Throws TableError 'damaged'.
 */
export class XmlScanner {
  readonly #handler: XmlHandler
  #rest = ''

  constructor(handler: XmlHandler) {
    this.#handler = handler
  }

  write(piece: string): void {
    const text = this.#rest + piece
    let at = 0
    while (at < text.length) {
      const next = text.charCodeAt(at) === 60 ? this.#markup(text, at) : this.#text(text, at)
      if (next < 0) break
      at = next
    }
    this.#rest = text.slice(at)
    if (this.#rest.length > maxPending) throw damaged('XML markup too long')
  }

  /** Ends the document: what is left must be nothing but white space. */
  end(): void {
    if (this.#rest.trim() !== '') throw damaged('XML ends inside markup')
  }

  #text(text: string, at: number): number {
    const end = text.indexOf('<', at)
    if (end < 0) return -1
    this.#handler.text(decodeEntities(text.slice(at, end)))
    return end
  }

  #markup(text: string, at: number): number {
    const code = text.charCodeAt(at + 1)
    if (code === 33) return this.#declaration(text, at)
    if (code === 63) {
      const end = text.indexOf('?>', at)
      return end < 0 ? -1 : end + 2
    }
    const end = tagEnd(text, at + 1)
    if (end < 0) return -1
    if (code === 47) {
      const name = text.slice(at + 2, end).trimEnd()
      this.#handler.close(name.slice(name.indexOf(':') + 1))
      return end + 1
    }
    const selfClosing = text.charCodeAt(end - 1) === 47
    let nameEnd = at + 1
    let nameStart = nameEnd
    for (; nameEnd < end; nameEnd++) {
      const char = text.charCodeAt(nameEnd)
      if (char <= 32 || char === 47) break
      if (char === 58) nameStart = nameEnd + 1
    }
    const name = text.slice(nameStart, nameEnd)
    this.#handler.open(name, text.slice(nameEnd, selfClosing ? end - 1 : end))
    if (selfClosing) this.#handler.close(name)
    return end + 1
  }

  #declaration(text: string, at: number): number {
    if (text.length - at < 9) return -1
    if (text.startsWith('<!--', at)) {
      const end = text.indexOf('-->', at + 4)
      return end < 0 ? -1 : end + 3
    }
    if (!text.startsWith('<![CDATA[', at)) throw damaged('document type in XML')
    const end = text.indexOf(']]>', at)
    if (end < 0) return -1
    this.#handler.text(text.slice(at + 9, end))
    return end + 3
  }
}

/** Scans a whole document held in memory. */
export function scanXml(
  text: string,
  open: (name: string, attributes: string) => void,
  rest?: Partial<XmlHandler>,
): void {
  const scanner = new XmlScanner({ open, close: rest?.close ?? (() => {}), text: rest?.text ?? (() => {}) })
  scanner.write(text.startsWith('\ufeff') ? text.slice(1) : text)
  scanner.end()
}
