import { createHash } from 'node:crypto'

/** SHA-256 in hexadecimal, by the platform: several times faster than the built-in one of @vigil/epcis. */
export const digest = (text: string): string => createHash('sha256').update(text).digest('hex')
