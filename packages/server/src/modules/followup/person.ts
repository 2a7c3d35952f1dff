import { maskDocument, maskMobile, maskName } from '@vigil/codes'
import type { PurchaseClear } from '@vigil/contract'
import { type Vault, VaultError } from '../../kernel/vault/index.ts'

/** What an entry knows of its person: enough to call on, sealed under the key of a month. */
export interface Person {
  readonly name: string
  readonly documentNumber: string
  readonly mobile: string
  readonly residenceAreaCode: string
  readonly residenceAddress: string
  readonly emergencyName?: string | undefined
  readonly emergencyMobile?: string | undefined
}

const bound = (entry: string): string => `followup.entry:${entry}`

export const sealPerson = (vault: Vault, month: string, entry: string, person: Person): Buffer =>
  vault.seal(month, JSON.stringify(person), bound(entry))

/** The person of an entry; undefined after the month was shredded. The month's key must be loaded. */
export function findPerson(
  vault: Vault,
  { id, keyMonth, sealed }: { id: string; keyMonth: string; sealed: Buffer | null },
): Person | undefined {
  if (!sealed) return undefined
  try {
    return JSON.parse(vault.unseal(keyMonth, sealed, bound(id))) as Person
  } catch (error) {
    if (error instanceof VaultError && error.code === 'shredded') return undefined
    throw error
  }
}

/** What a screen or file may show without reveal; nulls once the person is forgotten. */
export function maskPerson(person: Person | undefined, documentType: string, areaName: (code: string) => string) {
  if (!person) return { name: null, documentNumber: null, mobile: null, residence: null }
  return {
    name: maskName(person.name),
    documentNumber: maskDocument(documentType as Parameters<typeof maskDocument>[0], person.documentNumber),
    mobile: maskMobile(person.mobile),
    residence: `${areaName(person.residenceAreaCode)}…`,
  }
}

/** The person in clear, for whoever has stated a purpose. */
export const clearPerson = (person: Person, documentType: string): PurchaseClear => ({
  name: person.name,
  documentType: documentType as PurchaseClear['documentType'],
  documentNumber: person.documentNumber,
  mobile: person.mobile,
  residenceAreaCode: person.residenceAreaCode,
  residenceAddress: person.residenceAddress,
  emergencyName: person.emergencyName ?? null,
  emergencyMobile: person.emergencyMobile ?? null,
  boughtFor: null,
  history: null,
})
