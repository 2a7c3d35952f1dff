/**
 * The message catalogue of all screens. The Chinese text itself is the key, so that code reads as the screen does. It is
 * twenty lines of our own because a library made the counter's first script a third larger (see ADR 0011).
 */
let translations: ReadonlyMap<string, string> = new Map()

const place = /\{(\w+)\}/g

/**
 * A text of the catalogue in the language of the screen.
 * @param text Chinese, with places for values in braces: `共 {count} 家`
 */
export function t(text: string, values?: Readonly<Record<string, string | number>>): string {
  const found = translations.get(text) ?? text
  return values ? found.replace(place, (whole, name: string) => String(values[name] ?? whole)) : found
}

/**
 * Puts a language in place of Chinese. Called before the modules of the screens are loaded, since their tables of words are
 * made then.
 * @param texts translations by their Chinese text; what is missing stays Chinese
 */
export function setLanguage(texts: Readonly<Record<string, string>>): void {
  translations = new Map(Object.entries(texts))
}
