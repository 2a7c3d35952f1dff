/** A quote that never closes: the record that begins with it has this number, counted from 1. */
export class OpenQuoteError extends Error {
  readonly record: number
  constructor(record: number) {
    super(`record ${record}: a quote is not closed`)
    this.name = 'OpenQuoteError'
    this.record = record
  }
}

const quote = '"'

/**
 * Splits CSV text (RFC 4180) into records as it comes. Lines end in CRLF, LF or CR; cells may be quoted and then hold
 * delimiters, line ends and doubled quotes. As spreadsheets and people write it, a quote inside an unquoted cell is a
 * character like another, and so is one after which a quoted cell goes on.
 */
export class CsvScanner {
  readonly #delimiter: string
  readonly #maxRecord: number
  #text = ''
  #at = 0
  #records = 0
  // Where the next one stands at or after #at: looked for again only when passed, so that none is searched twice.
  #feed = -1
  #return = -1
  #quote = -1

  /** @param maxRecord characters after which a record that does not end is taken for a quote left open */
  constructor(delimiter: string, maxRecord: number) {
    this.#delimiter = delimiter
    this.#maxRecord = maxRecord
  }

  /**
   * Takes a piece of text. @returns the records that it completes
   * @throws OpenQuoteError
   */
  write(piece: string, last = false): string[][] {
    this.#text = this.#text.slice(this.#at) + piece
    this.#at = 0
    this.#feed = this.#return = this.#quote = -1
    const records: string[][] = []
    while (this.#at < this.#text.length) {
      const record = this.#next(last)
      if (!record) break
      this.#records += 1
      records.push(record)
    }
    if (this.#text.length - this.#at > this.#maxRecord) throw new OpenQuoteError(this.#records + 1)
    return records
  }

  #next(last: boolean): string[] | undefined {
    const text = this.#text
    const at = this.#at
    if (this.#feed < at) this.#feed = find(text, '\n', at)
    if (this.#return < at) this.#return = find(text, '\r', at)
    if (this.#quote < at) this.#quote = find(text, quote, at)
    const end = Math.min(this.#feed, this.#return)
    if (this.#quote < end) return this.#quoted(last)
    if (!this.#pass(end, last)) return undefined
    return text.slice(at, end).split(this.#delimiter)
  }

  /** Moves behind the line end at `end`; false when more text is needed to know it. */
  #pass(end: number, last: boolean): boolean {
    const text = this.#text
    if (end >= text.length) {
      if (!last) return false
      this.#at = text.length
      return true
    }
    if (text.charCodeAt(end) === 10) this.#at = end + 1
    else if (end + 1 === text.length && !last) return false
    else this.#at = text.charCodeAt(end + 1) === 10 ? end + 2 : end + 1
    return true
  }

  /** A record with quotes, character by character where it must be. */
  #quoted(last: boolean): string[] | undefined {
    const text = this.#text
    const cells: string[] = []
    let at = this.#at
    for (;;) {
      let cell = ''
      if (text[at] === quote) {
        let from = at + 1
        for (;;) {
          const close = text.indexOf(quote, from)
          if (close < 0 || (close + 1 === text.length && !last)) {
            if (last) throw new OpenQuoteError(this.#records + 1)
            return undefined
          }
          cell += text.slice(from, close)
          from = close + 1
          if (text[from] !== quote) break
          cell += quote
          from += 1
        }
        const after = text[from]
        if (after !== undefined && after !== this.#delimiter && after !== '\r' && after !== '\n')
          cell = quote + cell + quote
        at = from
      }
      const end = this.#cellEnd(at)
      cell += text.slice(at, end)
      cells.push(cell)
      if (end < text.length && text[end] === this.#delimiter) {
        at = end + 1
        continue
      }
      return this.#pass(end, last) ? cells : undefined
    }
  }

  #cellEnd(at: number): number {
    const text = this.#text
    for (let end = at; end < text.length; end++) {
      const char = text[end]
      if (char === this.#delimiter || char === '\n' || char === '\r') return end
    }
    return text.length
  }
}

const find = (text: string, char: string, from: number): number => {
  const at = text.indexOf(char, from)
  return at < 0 ? text.length : at
}
