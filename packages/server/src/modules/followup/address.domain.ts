import { toHalfWidth } from '@vigil/codes'

/** Signs that people set between the parts of an address, or leave out. */
const between = /[\s,，.。、;；:：\-－‐‑–—_/／()（）【】[\]"'“”‘’]/g
const sameWord: readonly (readonly [RegExp, string])[] = [
  [/[幢座]/g, '栋'],
  [/#/g, '号'],
  [/(\d)室$/, '$1'],
]
/** Shorter, an address names a village or a street and not a home. */
const shortest = 4

/**
 * An address in the one form by which two are compared: half width, capitals, without signs and without the names of the
 * areas above it. Undefined when it names no home: too short, or without a number.
 * @param names of the areas that hold the address, from the province down
 */
export function normaliseAddress(typed: string, names: readonly string[]): string | undefined {
  let text = toHalfWidth(typed).toUpperCase().replace(between, '')
  for (const name of names) if (name && text.startsWith(name)) text = text.slice(name.length)
  for (const [pattern, word] of sameWord) text = text.replace(pattern, word)
  return text.length >= shortest && /[\d一二三四五六七八九十]/.test(text) ? text : undefined
}

export interface Place {
  readonly code: string
  /** Materialised path of the area. */
  readonly path: string
}

/**
 * Who follows up: the area of residence where this installation administers it, or the office of the store when that lies
 * within it (people buy near their home) or when the residence is elsewhere.
 */
export const placeOf = (home: Place | undefined, shop: Place): Place =>
  home && !shop.path.startsWith(home.path) ? home : shop
