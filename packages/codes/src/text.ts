// Zero-width and direction marks come with text pasted from WeChat and PDF; the eye does not see them, a regex does.
const INVISIBLE = /[\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]/g
const SPACES = /[\u00a0\u2000-\u200a\u202f\u205f\u3000]/g
const FULL_WIDTH = /[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a]/g
// Printable ASCII without spaces, and the common Chinese characters: what nothing has to be done to.
const USUAL = /^[\x21-\x7e\u4e00-\u9fff]*$/

/**
 * Full-width digits, letters and spaces become ASCII; zero-width characters go; both ends are trimmed.
 * Other full-width signs stay, since they belong to Chinese text. Anything but a string counts as empty.
 */
export function toHalfWidth(text: string): string {
  if (typeof text !== 'string') return ''
  if (USUAL.test(text)) return text
  return text
    .replace(INVISIBLE, '')
    .replace(SPACES, ' ')
    .replace(FULL_WIDTH, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0))
    .trim()
}

/** A number as people type it, without the spaces and hyphens that group it; upper case. */
export function compact(text: string): string {
  if (typeof text === 'string' && /^[0-9A-Z]+$/.test(text)) return text
  return toHalfWidth(text)
    .replace(/[\s\-－‐‑–—]/g, '')
    .toUpperCase()
}
