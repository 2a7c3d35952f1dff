import { type DocumentType, maskDocument, maskMobile, maskName } from '@vigil/codes'
import { type Vault, VaultError } from '../../kernel/vault/index.ts'
import { mobileIndex, personIndex } from '../pharmacy/index.ts'

/** What the roster knows of a worker, sealed. */
export interface Personal {
  readonly name: string
  readonly documentNumber: string
  readonly mobile: string
}

const aad = (id: string) => `staff.member:${id}`

export const sealPersonal = (vault: Vault, month: string, id: string, personal: Personal): Buffer =>
  vault.seal(month, JSON.stringify(personal), aad(id))

/** Personal data in clear; undefined after its month was destroyed. @throws VaultError when it was tampered with */
export function findPersonal(
  vault: Vault,
  row: { id: string; keyMonth: string; sealed: Buffer },
): Personal | undefined {
  try {
    return JSON.parse(vault.unseal(row.keyMonth, row.sealed, aad(row.id))) as Personal
  } catch (error) {
    if (error instanceof VaultError && error.code === 'shredded') return undefined
    throw error
  }
}

/** What a screen may show of a worker without reveal. */
export function maskPersonal(personal: Personal | undefined, documentType: string) {
  if (!personal) return { name: null, document: null, mobile: null }
  return {
    name: maskName(personal.name),
    document: maskDocument(documentType as DocumentType, personal.documentNumber),
    mobile: maskMobile(personal.mobile),
  }
}

/** The keyed columns of a worker: the indexes are the same as those of a purchase. */
export const indexesOf = (vault: Vault, documentType: string, personal: Personal, role: string) => ({
  personIndex: personIndex(vault, documentType, personal.documentNumber),
  mobileIndex: mobileIndex(vault, personal.mobile),
  digest: vault.index('digest', JSON.stringify(['staff', documentType, personal, role])),
})
