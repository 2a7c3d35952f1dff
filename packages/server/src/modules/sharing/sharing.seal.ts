import type { Vault } from '../../kernel/vault/index.ts'
import type { Receipt } from './send.ts'

const keyOf = (id: string) => `sharing.key/${id}/private`
const secretOf = (id: string) => `sharing.destination/${id}/secret`
const receiptOf = (id: string) => `sharing.delivery/${id}/receipt`

/** A private key (PKCS #8, DER) as it is kept. @param id of the key */
export const sealKey = (vault: Vault, id: string, privateKey: Buffer): Buffer =>
  vault.sealLongTerm(privateKey.toString('base64'), keyOf(id))

/** @throws VaultError 'tampered' */
export const unsealKey = (vault: Vault, id: string, sealed: Buffer): Buffer =>
  Buffer.from(vault.unsealLongTerm(sealed, keyOf(id)), 'base64')

/** The value of the secret header. @param id of the destination */
export const sealSecret = (vault: Vault, id: string, secret: string): Buffer => vault.sealLongTerm(secret, secretOf(id))

/** @throws VaultError 'tampered' */
export const unsealSecret = (vault: Vault, id: string, sealed: Buffer): string =>
  vault.unsealLongTerm(sealed, secretOf(id))

/** A recipient's answer: it may repeat what was sent, so it is kept sealed. @param id of the delivery */
export const sealReceipt = (vault: Vault, id: string, receipt: Receipt): Buffer =>
  vault.sealLongTerm(JSON.stringify(receipt), receiptOf(id))

/** @throws VaultError 'tampered' */
export const unsealReceipt = (vault: Vault, id: string, sealed: Buffer): Receipt =>
  JSON.parse(vault.unsealLongTerm(sealed, receiptOf(id))) as Receipt
