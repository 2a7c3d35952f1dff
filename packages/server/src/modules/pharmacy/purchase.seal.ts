import { type DocumentType, maskAddress, maskDocument, maskMobile, maskName } from '@vigil/codes'
import { VaultError } from '../../kernel/vault/error.ts'
import type { Vault } from '../../kernel/vault/index.ts'
import type { Personal } from './purchase.domain.ts'

/** Binds a ciphertext to its row, so that it cannot be moved to another. */
const aad = (id: string) => `pharmacy.purchase:${id}`

/** Month of the data key of a sale: its calendar month in Asia/Shanghai. */
export const keyMonthOf = (day: string): string => day.slice(0, 7)

export const sealPersonal = (vault: Vault, month: string, id: string, personal: Personal): Buffer =>
  vault.seal(month, JSON.stringify(personal), aad(id))

/** Personal data in clear; undefined after the month was shredded. @throws VaultError when it was tampered with */
export function findPersonal(
  vault: Pick<Vault, 'unseal'>,
  row: { id: string; keyMonth: string; sealed: Buffer },
): Personal | undefined {
  try {
    return JSON.parse(vault.unseal(row.keyMonth, row.sealed, aad(row.id))) as Personal
  } catch (error) {
    if (error instanceof VaultError && error.code === 'shredded') return undefined
    throw error
  }
}

/** Keyed index of a person by document; the type is part of it, since numbers of two types may be alike. */
export const personIndex = (vault: Vault, documentType: string, documentNumber: string): Buffer =>
  vault.index('document', `${documentType}:${documentNumber}`)
export const mobileIndex = (vault: Vault, mobile: string): Buffer => vault.index('mobile', mobile)

/** What a screen may show of a person without reveal. */
export interface Masked {
  readonly name: string | null
  readonly documentNumber: string | null
  readonly mobile: string | null
  readonly residence: string | null
}

export function maskPersonal(
  personal: Personal | undefined,
  documentType: string,
  areaName: (code: string) => string,
): Masked {
  if (!personal) return { name: null, documentNumber: null, mobile: null, residence: null }
  return {
    name: maskName(personal.name),
    documentNumber: maskDocument(documentType as DocumentType, personal.documentNumber),
    mobile: maskMobile(personal.mobile),
    residence:
      `${areaName(personal.residenceAreaCode)}${personal.residenceAddress ? '…' : ''}` ||
      maskAddress(personal.residenceAddress),
  }
}
