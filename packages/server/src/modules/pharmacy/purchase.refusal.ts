import { type DocumentType, maskDocument, maskName } from '@vigil/codes'
import { sql } from 'kysely'
import type { Caller } from '../../kernel/access/caller.ts'
import { systemCommand } from '../../kernel/command/command.ts'
import type { Tx } from '../../kernel/db/index.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import { type Vault, VaultError } from '../../kernel/vault/index.ts'
import type { StoreFacts } from './purchase.domain.ts'
import type { Refusal } from './purchase.guard.ts'
import { ensureMonths } from './purchase.month.ts'
import { keyMonthOf } from './purchase.seal.ts'

/** A sale that a guard refused. */
export interface RefusedSale {
  readonly id: string
  readonly store: StoreFacts
  readonly person:
    | {
        readonly index: Buffer
        readonly documentType: string
        readonly documentNumber: string
        readonly name?: string
      }
    | undefined
  readonly drugIds: readonly string[]
  /** Calendar day of the sale: its month's key seals the person. */
  readonly day: string
  readonly refusal: Refusal
  /** When it was refused, where that was not now: a device tells of it later. */
  readonly at?: Date
}

const aad = (id: string) => `pharmacy.refusal:${id}`

interface Sealed {
  readonly documentNumber: string
  readonly name?: string
}

function sealPerson(vault: Vault, { id, person, day }: RefusedSale, months: ReadonlySet<string>) {
  const keyMonth = keyMonthOf(day)
  if (!person || months.has(keyMonth)) return { documentType: null, keyMonth: null, sealed: null }
  const { documentType, documentNumber, name } = person
  const text = JSON.stringify({ documentNumber, ...(name && { name }) } satisfies Sealed)
  return { documentType, keyMonth, sealed: vault.seal(keyMonth, text, aad(id)) }
}

/**
 * Records refused sales with their audit row; the same one sent again is recorded once.
 * @returns how many are new
 */
export async function saveRefusals(
  kernel: Kernel,
  caller: Caller,
  at: Date,
  sales: readonly RefusedSale[],
): Promise<number> {
  let fresh = 0
  const months = sales.map(({ id, day }) => ({ id, keyMonth: keyMonthOf(day) }))
  const shredded = await ensureMonths(kernel, months)
  await systemCommand(kernel.db, caller, async (tx, audit) => {
    for (const sale of sales) {
      const { id, store, person, drugIds, refusal } = sale
      const added = await tx
        .insertInto('pharmacy.refusal')
        .values({
          id,
          county: store.county,
          storeCode: store.code,
          path: store.path,
          at: sale.at ?? at,
          personIndex: person?.index ?? null,
          drugIds: sql`${drugIds}::uuid[]`,
          reasonCode: refusal.code,
          title: refusal.title,
          ...sealPerson(kernel.vault, sale, shredded),
        })
        .onConflict((conflict) => conflict.doNothing())
        .executeTakeFirst()
      const repeated = Number(added.numInsertedOrUpdatedRows ?? 0) === 0
      if (!repeated) fresh++
      await audit({
        action: 'purchase.refuse',
        object: `purchase:${id}`,
        path: store.path,
        areaCode: store.areaCode,
        outcome: 'refused',
        detail: { code: refusal.code, repeated },
      })
    }
  })
  return fresh
}

export interface RefusalRow {
  readonly id: string
  readonly at: Date
  readonly storeCode: string
  readonly drugIds: string[]
  readonly reasonCode: string
  readonly title: string
  readonly documentType: string | null
  readonly keyMonth: string | null
  readonly sealed: Buffer | null
}

/** Whom a sale was refused to, masked; nulls where nobody was named or the month is shredded. Its month must be loaded. */
export function maskRefused(vault: Vault, row: RefusalRow): { name: string | null; documentNumber: string | null } {
  const nobody = { name: null, documentNumber: null }
  if (!row.sealed || !row.keyMonth) return nobody
  try {
    const { documentNumber, name } = JSON.parse(vault.unseal(row.keyMonth, row.sealed, aad(row.id))) as Sealed
    const type = (row.documentType ?? 'citizen-id') as DocumentType
    return { name: name ? maskName(name) : null, documentNumber: maskDocument(type, documentNumber) }
  } catch (error) {
    if (error instanceof VaultError && error.code === 'shredded') return nobody
    throw error
  }
}

/** Which refusals: by reason, store and time of refusal; newest first, behind the id `before`. */
export interface RefusalFilter {
  readonly path?: string | undefined
  readonly store?: string | undefined
  readonly reason?: string | undefined
  readonly from?: Date | undefined
  readonly to?: Date | undefined
  readonly before?: string | undefined
  /** Pattern for ILIKE. */
  readonly title?: string | undefined
}

/** The query for refusals; row-level security keeps them to the scope. */
export const refusalQuery = ({ path, store, reason, from, to, before, title }: RefusalFilter) => sql<RefusalRow>`
  SELECT id, at, store_code AS "storeCode", drug_ids AS "drugIds", reason_code AS "reasonCode", title,
    document_type AS "documentType", key_month AS "keyMonth", sealed FROM pharmacy.refusal
  WHERE (${path ?? null}::text IS NULL OR path ^@ ${path ?? null}) AND (${store ?? null}::text IS NULL OR store_code = ${store ?? null})
    AND (${reason ?? null}::text IS NULL OR reason_code = ${reason ?? null})
    AND (${from ?? null}::timestamptz IS NULL OR at >= ${from ?? null}) AND (${to ?? null}::timestamptz IS NULL OR at < ${to ?? null})
    AND (${title ?? null}::text IS NULL OR title ILIKE ${title ?? null})
    AND (${before ?? null}::uuid IS NULL OR id < ${before ?? null}) ORDER BY id DESC`

/** Refusals of the transaction's scope, newest first. */
export async function listRefusals(tx: Tx, filter: RefusalFilter, limit: number): Promise<RefusalRow[]> {
  return (await sql<RefusalRow>`${refusalQuery(filter)} LIMIT ${limit}`.execute(tx)).rows
}

/** How often sales were refused for a reason in the transaction's scope. */
export async function countRefusals(tx: Tx, reason: string): Promise<number> {
  const { count } = await tx
    .selectFrom('pharmacy.refusal')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('reasonCode', '=', reason)
    .executeTakeFirstOrThrow()
  return count
}
