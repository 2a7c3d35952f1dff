import { timingSafeEqual } from 'node:crypto'
import { Secret, TOTP } from 'otpauth'
import type { Vault } from '../vault/index.ts'
import { slowHash } from './password.ts'
import { newRecoveryCode, normalCode } from './token.ts'

const issuer = '守望 Vigil'
const period = 30

const totpOf = (secret: string, label = '') =>
  new TOTP({ issuer, label, algorithm: 'SHA1', digits: 6, period, secret: Secret.fromBase32(secret) })

/** A new secret of 160 bits and the address that an authenticator app scans. */
export function newTotp(username: string): { secret: string; uri: string } {
  const secret = new Secret({ size: 20 }).base32
  return { secret, uri: totpOf(secret, username).toString() }
}

/**
 * The time step that a code belongs to (RFC 6238, one step of 30 s before and after is allowed).
 * @returns undefined when the code is wrong or its step is not later than `lastStep`: each code works once
 */
export function totpStep(secret: string, code: string, now: Date, lastStep: number | null): number | undefined {
  if (!/^\d{6}$/.test(code)) return undefined
  const current = Math.floor(now.getTime() / 1000 / period)
  const totp = totpOf(secret)
  const delta = totp.validate({ token: code, timestamp: now.getTime(), window: 1 })
  if (delta === null) return undefined
  const step = current + delta
  return lastStep !== null && step <= lastStep ? undefined : step
}

const aad = (accountId: string) => `totp:${accountId}`
/** Encrypts a secret for its account: moved to another account it does not open. */
export const sealTotp = (vault: Vault, accountId: string, secret: string): Buffer =>
  vault.sealLongTerm(secret, aad(accountId))
export const unsealTotp = (vault: Vault, accountId: string, sealed: Buffer): string =>
  vault.unsealLongTerm(sealed, aad(accountId))

const recoveryHash = (accountId: string, code: string) =>
  slowHash(normalCode(code), Buffer.from(`recovery:${accountId}`))

/** Eight one-time codes for a lost telephone, and what is stored of them: argon2id, since they outlive a leak. */
export async function newRecoveryCodes(accountId: string): Promise<{ codes: string[]; hashes: Buffer[] }> {
  const codes = Array.from({ length: 8 }, newRecoveryCode)
  return { codes, hashes: await Promise.all(codes.map((code) => recoveryHash(accountId, code))) }
}

/** The stored hashes without the one that `code` matches; undefined when it matches none. */
export async function useRecoveryCode(
  accountId: string,
  code: string,
  hashes: readonly Buffer[],
): Promise<Buffer[] | undefined> {
  if (normalCode(code).length !== 10 || hashes.length === 0) return undefined
  const hash = await recoveryHash(accountId, code)
  const rest = hashes.filter((one) => !timingSafeEqual(one, hash))
  return rest.length === hashes.length ? undefined : rest
}
