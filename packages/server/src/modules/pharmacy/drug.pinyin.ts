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
  readonly chars: readonly string[]
  /** For each character all that may be typed for it, the character itself first. */
  readonly typed: readonly (readonly string[])[]
  /** Characters with which a query may begin at each place. */
  readonly heads: readonly string[]
  /** All characters and letters that occur: a query with any other cannot match. */
  readonly alphabet: ReadonlySet<string>
}

function typedFor(char: string): string[] {
  const spoken = readings(char)
  const double = spoken.filter((each) => /^[zcs]h/.test(each)).map((each) => each.slice(0, 2))
  return [...new Set([char, ...spoken, ...spoken.map((each) => each.charAt(0)), ...double])]
}

/** Prepares a text for `matchSpelled`. */
export function spell(text: string): Spelled {
  const chars = [...plain(text)]
  const typed = chars.map(typedFor)
  return {
    chars,
    typed,
    heads: typed.map((each) => [...new Set(each.map((way) => [...way][0] ?? ''))].join('')),
    alphabet: new Set(typed.flat().flatMap((way) => [...way])),
  }
}

/** How well a query matches: the whole text, its beginning, somewhere inside. */
export type MatchRank = 0 | 1 | 2

/** Where a query that starts at character `start` ends, or -1. The last syllable may be unfinished. */
function endOf(text: Spelled, start: number, query: string): number {
  let front = [0]
  for (let at = start; at < text.typed.length; at++) {
    const next: number[] = []
    for (const from of front) {
      const left = query.slice(from)
      for (const way of text.typed[at] ?? []) {
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
 * Matches a query, already `plain`, against consecutive characters, each typed as itself, as a full syllable (any of its
 * readings) or as its initial. Undefined when it does not match.
 */
export function matchSpelled(text: Spelled, query: string): MatchRank | undefined {
  const first = [...query][0]
  if (first === undefined) return undefined
  for (const char of query) if (!text.alphabet.has(char)) return undefined
  let best: MatchRank | undefined
  for (let start = 0; start < text.chars.length; start++) {
    if (!text.heads[start]?.includes(first)) continue
    const end = endOf(text, start, query)
    if (end < 0) continue
    if (start === 0) return end === text.chars.length ? 0 : 1
    best = 2
    break
  }
  return best
}
