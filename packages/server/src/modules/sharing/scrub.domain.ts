const keptLength = 500
const removed = '＊'

/** Names of JSON fields whose text tells of a person. */
const personField =
  /("[^"]*(?:name|mobile|phone|tel|addr|id_?card|sfz|zjh|xm|姓名|证件|身份证|手机|电话|地址|住址)[^"]*"\s*:\s*)"(?:[^"\\]|\\.)*"/gi
/** Numbers of documents, telephones, passports: long runs of digits, also with spaces or hyphens between. */
const longNumber = /\d(?:[ -]?\d){6,}[xX]?/g
const passport = /\b[A-Z]{1,2}\d{6,9}\b/gi

/**
 * Beginning of a recipient's answer for the record: at most 500 characters, tags of a page removed, and whatever may be
 * personal data or a secret replaced.
 * @param secrets texts that must not be kept, such as the value of the secret header
 */
export function scrub(answer: string, secrets: readonly string[] = []): string {
  let text = answer.slice(0, keptLength * 8)
  for (const secret of secrets) if (secret) text = text.replaceAll(secret, removed)
  if (/<\s*(?:!doctype|html|body|head|div|p|h1)\b/i.test(text))
    text = text.replace(/<(script|style)\b[\s\S]*?(?:<\/\1\s*>|$)/gi, ' ').replace(/<[^>]*(?:>|$)/g, ' ')
  return text
    .replace(personField, `$1"${removed}"`)
    .replace(passport, removed)
    .replace(longNumber, removed)
    .replace(/\p{Cc}+/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, keptLength)
}
