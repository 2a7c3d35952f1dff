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

/** The driver of a declaration in clear; null once forgotten. The month's key must be loaded. */
export function clearDriver(
  vault: Vault,
  { id, keyMonth, sealed }: { id: string; keyMonth: string; sealed: Buffer | null },
): Driver | null {
  if (!sealed) return null
  try {
    return JSON.parse(vault.unseal(keyMonth, sealed, bound(id))) as Driver
  } catch (error) {
    if (error instanceof VaultError && error.code === 'shredded') return null
    throw error
  }
}

/** The driver of a declaration as screens show him; nulls once forgotten. The month's key must be loaded. */
export function maskedDriver(
  vault: Vault,
  row: { id: string; keyMonth: string; sealed: Buffer | null },
): { driverName: string | null; driverMobile: string | null } {
  const driver = clearDriver(vault, row)
  if (!driver) return { driverName: null, driverMobile: null }
  return { driverName: maskName(driver.name), driverMobile: maskMobile(driver.mobile) }
}
