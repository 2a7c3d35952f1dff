import { createHash } from 'node:crypto'
import type { ChannelKind } from '@vigil/contract'

const mailPattern =
  /^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)+$/

/** Whether a text is an e-mail address that can be written to (a single one, without name or comment). */
export const isMail = (text: string): boolean => text.length <= 254 && mailPattern.test(text)

/** An address as lists show it: nothing that opens it, and no whole e-mail address. */
export function hintOf(kind: ChannelKind, address: string): string {
  if (kind === 'email') {
    const at = address.lastIndexOf('@')
    return `${address.slice(0, 1)}***${address.slice(at)}`
  }
  const url = new URL(address)
  return `${url.host} …${createHash('sha256').update(address).digest('hex').slice(0, 6)}`
}
