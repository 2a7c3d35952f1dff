import { sql } from 'kysely'
import type pg from 'pg'
import { copyBlocks, type Tx, withLiterals } from '../../kernel/db/index.ts'
import type { Block } from '../../kernel/export/index.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import type { Line, Personal } from './purchase.domain.ts'
import { isPlain, purchaseQuery, type ResolvedFilter } from './purchase.filter.ts'
import { linesOf } from './purchase.lines.ts'
import { findPersonal } from './purchase.seal.ts'
import type { Stored } from './purchase.store.ts'

/** A purchase as lists are made of it, personal data in clear: whoever shows it masks it. */
export interface PurchaseRecord {
  readonly id: string
  readonly revision: number
  readonly storeCode: string
  readonly areaCode: string
  readonly soldAt: Date
  readonly receivedAt: Date
  readonly status: string
  readonly documentType: string
  readonly symptoms: readonly string[]
  readonly temperatureTenths: number | null
  readonly fever: boolean
  readonly referred: boolean
  readonly proxy: boolean
  readonly offline: boolean
  readonly lines: readonly Line[]
  /** Undefined after the month was shredded. */
  readonly personal: Personal | undefined
}

const columns = [
  'id',
  'revision',
  'storeCode',
  'areaCode',
  'soldAt',
  'receivedAt',
  'status',
  'documentType',
  'keyMonth',
  'sealed',
  'symptoms',
  'temperatureTenths',
  'fever',
  'proxy',
  'offline',
  'drugIds',
  'drugClasses',
  'quantities',
] as const
/** Place of the month of the key among the columns. */
const keyMonthAt = columns.indexOf('keyMonth')

/** Whether most of what the filter's months hold is wanted: reading it in the order of the ids is then the shortest way. */
const isWide = (filter: ResolvedFilter): boolean =>
  isPlain(filter) && !filter.store && !filter.county && !filter.class && !filter.symptom && filter.fever === undefined

/**
 * All purchases of a filter, newest first, as a stream of undecoded rows with the keys that open them, which are confirmed for
 * each block anew. The client's transaction must have the scope of the filter.
 */
export async function* purchaseBlocks(
  kernel: Pick<Kernel, 'vault' | 'db'>,
  client: pg.ClientBase,
  filter: ResolvedFilter & { readonly limit?: number },
): AsyncGenerator<Block, void, undefined> {
  let query = purchaseQuery(kernel.db as Tx, filter)
    .clearSelect()
    .select([...columns])
    .select(sql<boolean>`cardinality(p.clinic_ids) > 0`.as('referred'))
  if (filter.limit !== undefined) query = query.limit(filter.limit)
  // The planner takes the rows of an area for few and sorts them, on the disk, before the first one comes.
  if (isWide(filter)) await client.query('SET LOCAL enable_sort = off')
  for await (const { bytes, watched } of copyBlocks(client, withLiterals(query.compile()), keyMonthAt))
    yield { bytes, keys: await kernel.vault.lend(watched) }
}

/** How many purchases a filter finds, counted up to `most` when given. */
export async function countPurchases(
  kernel: Pick<Kernel, 'db'>,
  client: pg.ClientBase,
  filter: ResolvedFilter,
): Promise<number> {
  const { sql: text, parameters } = purchaseQuery(kernel.db as Tx, filter)
    .clearSelect()
    .clearOrderBy()
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .compile()
  const { rows } = await client.query<{ count: number }>(text, [...parameters])
  return rows[0]!.count
}

type StoredRow = Omit<Stored, 'accountId' | 'digest' | 'county' | 'path' | 'personIndex' | 'mobileIndex'>

const storedRecord = (kernel: Pick<Kernel, 'vault'>, row: StoredRow): PurchaseRecord => ({
  id: row.id,
  revision: row.revision,
  storeCode: row.storeCode,
  areaCode: row.areaCode,
  soldAt: new Date(row.soldAt),
  receivedAt: new Date(row.receivedAt),
  status: row.status,
  documentType: row.documentType,
  symptoms: row.symptoms,
  temperatureTenths: row.temperatureTenths,
  fever: row.fever,
  proxy: row.proxy,
  offline: row.offline,
  referred: row.clinicIds.length > 0,
  lines: row.lines,
  personal: findPersonal(kernel.vault, row),
})

/** Some purchases as they were at a revision; those of later ones are taken from what was kept of them. */
export async function recordsAt(
  kernel: Pick<Kernel, 'vault'>,
  tx: Tx,
  wanted: readonly { readonly id: string; readonly revision: number }[],
): Promise<Map<string, PurchaseRecord>> {
  if (wanted.length === 0) return new Map()
  const rows = await tx
    .selectFrom('pharmacy.purchaseRevision')
    .select(['purchaseId', 'revision', 'before', 'sealed', 'keyMonth'])
    .where(
      sql<boolean>`(purchase_id, revision) in (select * from unnest(${wanted.map(({ id }) => id)}::uuid[],
        ${wanted.map(({ revision }) => revision)}::smallint[]))`,
    )
    .execute()
  await kernel.vault.loadMonths(rows.map((row) => row.keyMonth))
  return new Map(
    rows.map(({ purchaseId, before, sealed, keyMonth }) => [
      purchaseId,
      storedRecord(kernel, { ...(before as StoredRow), sealed, keyMonth }),
    ]),
  )
}

/** Some purchases as they are now, by id; those outside the scope are missing. */
export async function recordsNow(
  kernel: Pick<Kernel, 'vault'>,
  tx: Tx,
  ids: readonly string[],
): Promise<Map<string, PurchaseRecord>> {
  if (ids.length === 0) return new Map()
  const among = sql<boolean>`id = any(${[...ids]}::uuid[])`
  const rows = await tx.selectFrom('pharmacy.purchase').selectAll().where(among).execute()
  await kernel.vault.loadMonths(rows.map((row) => row.keyMonth))
  return new Map(rows.map((row) => [row.id, storedRecord(kernel, { ...row, lines: linesOf(row) })]))
}
