import { type CipherKey, unsealWith } from './cipher.ts'
import { shredded, VaultError } from './error.ts'

/** Keys of months, lent for one batch (`Vault.lend`); undefined for a month that was destroyed. They can be posted to a thread. */
export type LentKeys = ReadonlyMap<string, CipherKey | undefined>

/** Decrypts texts with lent keys, as the vault itself does. */
export const unsealer = (keys: LentKeys) => ({
  /** @throws VaultError 'tampered', 'shredded', 'no-key' (not lent) */
  unseal: (month: string, sealed: Buffer, aad: string): string => {
    const key = keys.get(month)
    if (key) return unsealWith(key, sealed, aad).toString('utf8')
    throw keys.has(month) ? shredded(month) : new VaultError('no-key', `${month} 的数据密钥尚未载入`)
  },
})
