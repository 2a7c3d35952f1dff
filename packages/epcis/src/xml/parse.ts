/** An element with its namespace resolved. Attributes are without `xmlns`; `prefixes` are those declared on this element. */
export interface XmlElement {
  readonly namespace: string
  readonly prefix: string
  readonly local: string
  readonly attributes: readonly XmlAttribute[]
  readonly prefixes: ReadonlyMap<string, string>
  readonly children: XmlElement[]
  /** Text directly inside, children left out. */
  text: string
}

export interface XmlAttribute {
  readonly namespace: string
  readonly prefix: string
  readonly local: string
  readonly value: string
}

/** The text is no well-formed XML, or has what is refused for safety (a DTD, deep nesting). `at` is the offset from 0. */
export class XmlError extends Error {
  override readonly name = 'XmlError'
  readonly at: number

  constructor(message: string, at: number) {
    super(`${message} (at ${at})`)
    this.at = at
  }
}

const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" }
const name = '[A-Za-z_\\u0080-\\uffff][\\w.\\-\\u0080-\\uffff]*'
const tag = new RegExp(`<(/?)(?:(${name}):)?(${name})`, 'y')
const attribute = new RegExp(`\\s+(?:(${name}):)?(${name})\\s*=\\s*("[^"<]*"|'[^'<]*')`, 'y')
const skipped = /<!--(?:(?!--)[\s\S])*-->|<\?[\s\S]*?\?>/y
/** One that only names the root, as GS1's own examples have it. */
const bareDoctype = /<!DOCTYPE\s(?:[^[\]<>"']|"[^"]*"|'[^']*')*>/y
const maxDepth = 100

/**
 * Parses XML 1.0 with namespaces; throws `XmlError`. A document type declaration is passed over, what it refers to is not fetched; one with
 * declarations inside is refused.
 */
export function parseXml(input: string): XmlElement {
  const text = input.replace(/^\ufeff/, '').replace(/\r\n?/g, '\n')
  const open: { element: XmlElement; scope: ReadonlyMap<string, string>; name: string }[] = []
  let root: XmlElement | null = null
  let at = 0
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at
    const match = pattern.exec(text)
    if (match) at = pattern.lastIndex
    return match
  }
  while (at < text.length) {
    const top = open.at(-1)
    if (text[at] !== '<') {
      const end = text.indexOf('<', at)
      const content = text.slice(at, end < 0 ? text.length : end)
      if (top) top.element.text += decode(content, at)
      else if (content.trim() !== '') throw new XmlError('text outside the root element', at)
      at += content.length
    } else if (text.startsWith('<![CDATA[', at)) {
      const end = text.indexOf(']]>', at)
      if (!top || end < 0) throw new XmlError('misplaced CDATA', at)
      top.element.text += text.slice(at + 9, end)
      at = end + 3
    } else if (!take(skipped) && !(root === null && !top && take(bareDoctype))) {
      const start = at
      const match = take(tag)
      if (!match)
        throw new XmlError(text.startsWith('<!', at) ? 'a document type declaration is refused' : 'no tag', at)
      const [, closing, prefix = '', local] = match as unknown as [string, string, string | undefined, string]
      if (closing) {
        if (top?.name !== `${prefix}:${local}` || !take(/\s*>/y))
          throw new XmlError('closing tag does not match', start)
        open.pop()
        continue
      }
      if (!top && root) throw new XmlError('a second root element', start)
      if (open.length >= maxDepth) throw new XmlError('nested too deeply', start)
      const raw: (readonly [string, string, string])[] = []
      for (let each = take(attribute); each; each = take(attribute))
        raw.push([each[1] ?? '', each[2]!, decode(each[3]!.slice(1, -1).replace(/[\n\t]/g, ' '), at)])
      const end = take(/\s*(\/?)>/y)
      if (!end) throw new XmlError('tag does not end', at)
      const opened = build(prefix, local, raw, top?.scope ?? noScope, start)
      if (top) top.element.children.push(opened.element)
      else root = opened.element
      if (!end[1]) open.push({ ...opened, name: `${prefix}:${local}` })
    }
  }
  if (!root || open.length > 0) throw new XmlError('the document ends before its root element', at)
  return root
}

const noScope: ReadonlyMap<string, string> = new Map([['xml', 'http://www.w3.org/XML/1998/namespace']])

function build(
  prefix: string,
  local: string,
  raw: readonly (readonly [string, string, string])[],
  outer: ReadonlyMap<string, string>,
  at: number,
) {
  if (new Set(raw.map(([p, l]) => `${p}:${l}`)).size < raw.length) throw new XmlError('an attribute is given twice', at)
  const prefixes = new Map(
    raw.flatMap(([p, l, value]): [string, string][] =>
      p === 'xmlns' ? [[l, value]] : p === '' && l === 'xmlns' ? [['', value]] : [],
    ),
  )
  const scope = prefixes.size > 0 ? new Map([...outer, ...prefixes]) : outer
  const resolve = (each: string): string => {
    const namespace = scope.get(each)
    if (namespace === undefined && each !== '') throw new XmlError(`prefix ${each} is not declared`, at)
    return namespace ?? ''
  }
  const attributes = raw
    .filter(([p, l]) => p !== 'xmlns' && !(p === '' && l === 'xmlns'))
    .map(([p, l, value]) => ({ namespace: p === '' ? '' : resolve(p), prefix: p, local: l, value }))
  const element: XmlElement = {
    namespace: resolve(prefix),
    prefix,
    local,
    attributes,
    prefixes,
    children: [],
    text: '',
  }
  return { element, scope }
}

function decode(text: string, at: number): string {
  if (!text.includes('&')) return text
  return text.replace(/&([^;&]{0,10});?/g, (whole, body: string) => {
    const code = /^#(?:x([0-9a-fA-F]+)|(\d+))$/.exec(body)
    const point = code && (code[1] ? Number.parseInt(code[1], 16) : Number(code[2]))
    if (whole.endsWith(';') && Object.hasOwn(entities, body)) return entities[body]!
    if (!whole.endsWith(';') || !point || point > 0x10ffff) throw new XmlError(`unknown entity ${whole}`, at)
    return String.fromCodePoint(point)
  })
}
