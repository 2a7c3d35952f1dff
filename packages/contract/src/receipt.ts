const digits = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/**
 * Short number of an entry for the slip: six characters (Crockford's base 32, 30 bits) out of the random part of its
 * UUIDv7. Made from the id alone, so that the counter can show it offline and a retry shows the same one.
 */
export function receiptNo(id: string): string {
  const bits = Number.parseInt(id.slice(28, 36), 16) >>> 2
  let text = ''
  for (let shift = 25; shift >= 0; shift -= 5) text += digits[(bits >>> shift) & 31]
  return `${text.slice(0, 3)}-${text.slice(3)}`
}
