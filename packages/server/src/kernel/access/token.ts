import { createHash, randomBytes, randomInt } from 'node:crypto'

const base62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
/** Crockford's base 32: no I, L, O, U, so that a code survives being read aloud and typed. */
const base32 = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

const pick = (alphabet: string, length: number) =>
  Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join('')

/** 32 random bytes for a cookie, base64url. */
export const newToken = (): string => randomBytes(32).toString('base64url')

/** SHA-256 of a random secret; what is stored instead of it. Not for passwords or PINs, which people choose. */
export const hashToken = (token: string): Buffer => createHash('sha256').update(token).digest()

/** API key of a program: `vgl_` and 32 base62 characters (190 bits). */
export const newApiKey = (): string => `vgl_${pick(base62, 32)}`

/** One-time code for a person to type, `XXXX-XXXX-XXXX` (60 bits). */
export const newCode = (): string => pick(base32, 12).replace(/(.{4})(?=.)/g, '$1-')

/** Recovery code of ten characters (50 bits), short enough for the field of the six digits. */
export const newRecoveryCode = (): string => pick(base32, 10)

/** Brings a typed code into the form that is hashed: capitals, no separators, Crockford's look-alikes resolved. */
export const normalCode = (typed: string): string =>
  typed
    .normalize('NFKC')
    .toUpperCase()
    .replace(/[\s\-–—]/g, '')
    .replaceAll('O', '0')
    .replace(/[IL]/g, '1')

/** Stored form of a one-time code. */
export const hashCode = (typed: string): Buffer => hashToken(normalCode(typed))
