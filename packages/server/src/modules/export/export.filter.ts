import type { Resolved } from '../../kernel/export/index.ts'
import type { Vault } from '../../kernel/vault/index.ts'

const bound = (id: string): string => `export.export/${id}/filter`

/** A filter as it is kept: sealed, with keyed indexes in place of document number and mobile. */
export function sealFilter(vault: Vault, id: string, filter: Resolved): Buffer {
  const { person, mobileKey, ...rest } = filter
  // A list may leave what was typed in the filter that it resolved.
  const { documentNumber: _document, mobile: _mobile, ...open } = rest as typeof rest & Record<string, unknown>
  const kept = { ...open, person: person?.map((key) => key.toString('hex')), mobileKey: mobileKey?.toString('hex') }
  return vault.sealLongTerm(JSON.stringify(kept), bound(id))
}

/** The filter that `sealFilter` kept. @throws VaultError 'tampered' */
export function unsealFilter(vault: Vault, id: string, sealed: Buffer): Resolved {
  type Kept = Omit<Resolved, 'person' | 'mobileKey'> & { person?: string[]; mobileKey?: string }
  const { person, mobileKey, ...rest } = JSON.parse(vault.unsealLongTerm(sealed, bound(id))) as Kept
  return {
    ...rest,
    ...(person && { person: person.map((key) => Buffer.from(key, 'hex')) }),
    ...(mobileKey && { mobileKey: Buffer.from(mobileKey, 'hex') }),
  }
}
