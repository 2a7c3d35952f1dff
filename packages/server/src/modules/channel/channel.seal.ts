import type { Vault } from '../../kernel/vault/index.ts'

const contextOf = (id: string, part: 'address' | 'secret') => `channel.target/${id}/${part}`

/** Address or secret of a target as it is kept: a webhook holds its key, an e-mail address is personal. */
export const sealPart = (vault: Vault, id: string, part: 'address' | 'secret', text: string): Buffer =>
  vault.sealLongTerm(text, contextOf(id, part))

/** @throws VaultError 'tampered' */
export const unsealPart = (vault: Vault, id: string, part: 'address' | 'secret', sealed: Buffer): string =>
  vault.unsealLongTerm(sealed, contextOf(id, part))
