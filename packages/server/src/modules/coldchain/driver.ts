import { maskMobile, maskName } from '@vigil/codes'
import { type Vault, VaultError } from '../../kernel/vault/index.ts'

/** Who drives: personal data, sealed under the key of a month. */
export interface Driver {
  readonly name: string
  readonly mobile: string
}

const bound = (declaration: string): string => `coldchain.declaration:${declaration}`

export const sealDriver = (vault: Vault, month: string, declaration: string, driver: Driver): Buffer =>
  vault.seal(month, JSON.stringify(driver), bound(declaration))

/** The driver of a declaration as screens show him; nulls once forgotten. The month's key must be loaded. */
export function maskedDriver(
  vault: Vault,
  { id, keyMonth, sealed }: { id: string; keyMonth: string; sealed: Buffer | null },
): { driverName: string | null; driverMobile: string | null } {
  const unknown = { driverName: null, driverMobile: null }
  if (!sealed) return unknown
  try {
    const { name, mobile } = JSON.parse(vault.unseal(keyMonth, sealed, bound(id))) as Driver
    return { driverName: maskName(name), driverMobile: maskMobile(mobile) }
  } catch (error) {
    if (error instanceof VaultError && error.code === 'shredded') return unknown
    throw error
  }
}
