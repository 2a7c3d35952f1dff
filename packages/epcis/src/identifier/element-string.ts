import { type Read, refuse } from '../result.ts'
import { applicationIdentifiers, findAi } from './ai.ts'
import { type Element, type Elements, toElements } from './elements.ts'

/** Separator that scanners send for FNC1. */
export const fnc1 = '\u001d'

/** How an element string is written: for people, `(01)…(21)…`, or as a scanner sends it, with FNC1 where needed. */
export type ElementForm = 'bracketed' | 'plain'

/** Element string of a key, its qualifiers and attributes (GS1 General Specifications 7.8). */
export function formatElementString(
  { key, qualifiers, attributes }: Elements,
  form: ElementForm = 'bracketed',
): string {
  const all = [key, ...qualifiers, ...attributes]
  if (form === 'bracketed') return all.map(([ai, value]) => `(${ai})${value}`).join('')
  return all
    .map(([ai, value], i) => {
      const ends = i === all.length - 1 || applicationIdentifiers.get(ai)?.predefined
      return `${ai}${value}${ends ? '' : fnc1}`
    })
    .join('')
}

/**
 * Reads an element string in either form; a symbology identifier (`]C1`, `]d2`, `]Q3`, `]e0`) before a plain one is passed over.
 * Error rules: `syntax`, and those of `toElements`. A bracket inside a value is read as part of it unless it looks like
 * `(digits)` of a known application identifier.
 */
export function parseElementString(text: string): Read<Elements> {
  const elements = text.startsWith('(') ? bracketed(text) : plain(text.replace(/^\](C1|d2|Q3|e0|J1)/, ''))
  return elements ? toElements(elements) : refuse('syntax', 'the text is not an element string')
}

/** By exec: this runs on phones whose browsers have no matchAll. */
function marksIn(text: string): RegExpExecArray[] {
  const mark = /\((\d{2,4})\)/g
  const marks: RegExpExecArray[] = []
  for (let found = mark.exec(text); found; found = mark.exec(text))
    if (applicationIdentifiers.has(found[1]!)) marks.push(found)
  return marks
}

function bracketed(text: string): Element[] | null {
  const marks = marksIn(text)
  if (marks[0]?.index !== 0) return null
  return marks.map((mark, i) => [mark[1]!, text.slice(mark.index + mark[0].length, marks[i + 1]?.index ?? text.length)])
}

function plain(text: string): Element[] | null {
  const elements: Element[] = []
  for (let rest = text.startsWith(fnc1) ? text.slice(1) : text; rest !== ''; ) {
    const ai = [2, 3, 4]
      .map((n) => rest.slice(0, n))
      .find((start) => /^\d+$/.test(start) && findAi(start)?.ai === start)
    if (!ai) return null
    const { digits, predefined } = applicationIdentifiers.get(ai)!
    const mark = rest.indexOf(fnc1, ai.length)
    const end = predefined ? ai.length + digits : mark < 0 ? rest.length : mark
    elements.push([ai, rest.slice(ai.length, end)])
    rest = rest.slice(rest[end] === fnc1 ? end + 1 : end)
  }
  return elements.length > 0 ? elements : null
}
