/** GS1 AI encodable character set 82 (GS1 General Specifications 7.11). */
export const set82 = /^[!"%&'()*+,\-./0-9:;<=>?A-Z_a-z]*$/
/** GS1 AI encodable character set 39: component/part references. */
export const set39 = /^[#\-/0-9A-Z]*$/

const urnEscaped = /[^A-Za-z0-9!'()*+,\-.:;=_]/g
/** Must be escaped in a web URI's path, as the canonical form of a GS1 Digital Link escapes them. */
const linkEscaped = /[^A-Za-z0-9\-._~';=]/g
const percent = (char: string) => `%${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`

/** Component of an EPC URN: `" % & / < > ? #` become triples (EPC Tag Data Standard 6.3.1). */
export const escapeUrn = (text: string): string => text.replace(urnEscaped, percent)

/** Value in the path of a GS1 Digital Link. */
export const escapeLink = (text: string): string => text.replace(linkEscaped, percent)

/** Text behind percent triples; null when a `%` does not begin a triple of an ASCII character. */
export function unescapePercent(text: string): string | null {
  if (!text.includes('%')) return text
  if (/%(?![0-7][0-9A-Fa-f])/.test(text)) return null
  return text.replace(/%(..)/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
}

/** Component of an EPC URN as the text it stands for; null when it has a character that must be escaped there. */
export function unescapeUrn(text: string): string | null {
  return /^[A-Za-z0-9!'()*+,\-.:;=_%]*$/.test(text) ? unescapePercent(text) : null
}
