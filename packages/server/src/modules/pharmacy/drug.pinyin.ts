import { pinyin } from 'pinyin-pro'

const han = /\p{Script=Han}/u

/** Lower case, half width, without the signs that people leave out: what texts and queries are compared in. */
export const plain = (text: string): string =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/ü/g, 'v')
    .replace(/[\s'’‘`·•,、()[\]【】《》/;+-]/g, '')

const plainSyllable = (syllable: string): string => plain(syllable).replace(/[^a-z]/g, '')

const byChar = new Map<string, readonly string[]>()

/** All readings of a character without tones (重: zhong, chong; 绿: lv, lu); none for what is not Chinese. */
export function readings(char: string): readonly string[] {
  let known = byChar.get(char)
  if (!known) {
    const found = han.test(char) ? pinyin(char, { multiple: true, toneType: 'none', type: 'array', v: true }) : []
    const syllables = found.map(plainSyllable).filter(Boolean)
    // Who has no ü on the keyboard types v or u: lv and lu are both 绿.
    known = [...new Set(syllables.flatMap((each) => (each.includes('v') ? [each, each.replace('v', 'u')] : [each])))]
    byChar.set(char, known)
  }
  return known
}

/** A text whose characters can be typed as Chinese, full pinyin, initials, or a mixture of them. */
export interface Spelled {
  /** Lower case, half width. */
  readonly text: string
  readonly chars: readonly string[]
  /** For each character all that may be typed for it, the character itself first. */
  readonly typed: readonly (readonly string[])[]
  /** For each character the letters with which it may begin, as bits. */
  readonly heads: readonly number[]
  /** All letters that may be typed, as bits. */
  readonly letters: number
}

/** What was typed, prepared once for a whole catalogue. */
export interface Typed {
  readonly text: string
  /** Letters that occur, as bits. */
  readonly letters: number
  /** All other characters, each once. */
  readonly others: readonly string[]
  /** The first letter as a bit; 0 when it begins otherwise. */
  readonly head: number
}

const bitOf = (char: string): number => (char >= 'a' && char <= 'z' ? 1 << (char.charCodeAt(0) - 97) : 0)
const bitsOf = (text: string): number => [...text].reduce((bits, char) => bits | bitOf(char), 0)

const typedByChar = new Map<string, { ways: readonly string[]; head: number; letters: number }>()

function typedFor(char: string) {
  let known = typedByChar.get(char)
  if (!known) {
    const spoken = readings(char)
    const double = spoken.filter((each) => /^[zcs]h/.test(each)).map((each) => each.slice(0, 2))
    const ways = [...new Set([char, ...spoken, ...spoken.map((each) => each.charAt(0)), ...double])]
    known = { ways, head: ways.reduce((bits, way) => bits | bitOf(way.charAt(0)), 0), letters: bitsOf(ways.join('')) }
    typedByChar.set(char, known)
  }
  return known
}

/** Prepares a text for `matchSpelled`. */
export function spell(name: string): Spelled {
  const text = plain(name)
  const chars = [...text]
  const typed = chars.map(typedFor)
  return {
    text,
    chars,
    typed: typed.map((each) => each.ways),
    heads: typed.map((each) => each.head),
    letters: typed.reduce((bits, each) => bits | each.letters, 0),
  }
}

/** Prepares what was typed, in any writing. */
export function typedText(query: string): Typed {
  const text = plain(query)
  const others = new Set([...text].filter((char) => bitOf(char) === 0))
  return { text, letters: bitsOf(text), others: [...others], head: bitOf(text.charAt(0)) }
}

/** How well a query matches: the whole text, its beginning, somewhere inside. */
export type MatchRank = 0 | 1 | 2

/** Where a query that starts at character `start` ends, or -1. The last syllable may be unfinished. */
function endOf(name: Spelled, start: number, query: string): number {
  let front = [0]
  for (let at = start; at < name.typed.length; at++) {
    const next: number[] = []
    for (const from of front) {
      const left = query.slice(from)
      for (const way of name.typed[at] ?? []) {
        if (way.startsWith(left)) return at + 1
        if (left.startsWith(way) && !next.includes(from + way.length)) next.push(from + way.length)
      }
    }
    if (next.length === 0) return -1
    front = next
  }
  return -1
}

/**
 * Matches what was typed against consecutive characters, each typed as itself, as a full syllable (any of its readings) or
 * as its initial. Undefined when it does not match. Most names are ruled out by their letters alone.
 */
export function matchSpelled(name: Spelled, query: Typed): MatchRank | undefined {
  if (query.text === '' || (query.letters & ~name.letters) !== 0) return undefined
  for (const char of query.others) if (!name.text.includes(char)) return undefined
  const first = query.head === 0 ? String.fromCodePoint(query.text.codePointAt(0) ?? 0) : ''
  for (let start = 0; start < name.chars.length; start++) {
    const begins = query.head === 0 ? name.chars[start] === first : ((name.heads[start] ?? 0) & query.head) !== 0
    if (!begins) continue
    const end = endOf(name, start, query.text)
    if (end >= 0) return start > 0 ? 2 : end === name.chars.length ? 0 : 1
  }
  return undefined
}
