/** Application identifier and value. */
export type Element = readonly [ai: string, value: string]

/** Separator that scanners send for FNC1. */
const fnc1 = '\u001d'

/** Digits of an application identifier by its first two (GS1 General Specifications 3.2). */
function digitsOf(start: string): number {
  if (/^(0[0-4]|1\d|2[0-2]|30|37|9\d)/.test(start)) return 2
  if (/^(2[3-5]|4[0-2]|71)/.test(start)) return 3
  return /^(3[1-69]|43|70|72|8[0-2])/.test(start) ? 4 : 0
}

/** Length of a value that needs no separator behind it (7.8.5); 0 for every other. */
function fixedLength(ai: string): number {
  if (ai === '00') return 18
  if (/^0[1-3]$/.test(ai)) return 14
  if (/^1[1-9]$/.test(ai)) return 6
  if (ai === '20') return 2
  if (/^3[1-6]/.test(ai)) return 6
  return /^41/.test(ai) ? 13 : 0
}

function bracketed(text: string): Element[] | null {
  const elements: Element[] = []
  const mark = /\((\d{2,4})\)([^(]*(?:\((?!\d{2,4}\))[^(]*)*)/g
  let end = 0
  for (let found = mark.exec(text); found; found = mark.exec(text)) {
    if (found.index !== end) return null
    elements.push([found[1] ?? '', found[2] ?? ''])
    end = mark.lastIndex
  }
  return elements.length > 0 && end === text.length ? elements : null
}

function plain(text: string): Element[] | null {
  const elements: Element[] = []
  for (let rest = text.charAt(0) === fnc1 ? text.slice(1) : text; rest !== ''; ) {
    const digits = digitsOf(rest)
    const ai = rest.slice(0, digits)
    if (digits === 0 || !/^\d+$/.test(ai) || ai.length < digits) return null
    const fixed = fixedLength(ai)
    const mark = rest.indexOf(fnc1)
    const end = fixed > 0 ? digits + fixed : mark < 0 ? rest.length : mark
    const value = rest.slice(digits, end)
    if (value === '' || (fixed > 0 && value.length < fixed)) return null
    elements.push([ai, value])
    rest = rest.slice(rest.charAt(end) === fnc1 ? end + 1 : end)
  }
  return elements.length > 0 ? elements : null
}

/**
 * Element string as a scanner sends it, with symbology identifier (`]C1`, `]d2`, `]Q3`) and FNC1, or with brackets as people read it.
 * What the server knows of GS1 is @vigil/epcis; this is the part of it that a phone needs without a network.
 * @returns null for what is no element string
 */
export const readElements = (text: string): Element[] | null =>
  text.charAt(0) === '(' ? bracketed(text) : plain(text.replace(/^\](C1|d2|Q3|e0|J1)/, ''))
