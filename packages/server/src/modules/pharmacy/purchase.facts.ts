import { setImmediate as turn } from 'node:timers/promises'
import { addDays, startOfDay } from '@vigil/codes'
import { sql } from 'kysely'
import type { Tx } from '../../kernel/db/index.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import type { Personal } from './purchase.domain.ts'
import { findPersonal } from './purchase.seal.ts'

/** How far the id's time may lie from the day of sale, as registration allows it. */
const idDays = 4
/** Entries after whose decryption counters have their turn. */
const turnEntries = 64
/** Purchases whose id can belong to the days: what prunes the monthly partitions. */
const idWithin = (from: string, to: string) =>
  sql<boolean>`p.id >= vigil.uuid_floor(${startOfDay(addDays(from, -idDays))}) and p.id < vigil.uuid_floor(${startOfDay(addDays(to, idDays + 1))})`

/** A store's day and a mark that changes with every entry, correction and undo of it. */
export interface StoreDayMark {
  readonly storeCode: string
  readonly day: string
  /** Entries that are not undone. */
  readonly entries: number
  readonly mark: string
}

/** Marks of the days of some stores on which anything was entered. Reads the entries of these days by key, no more. */
export async function storeDayMarks(
  tx: Tx,
  stores: readonly string[],
  from: string,
  to: string,
): Promise<StoreDayMark[]> {
  const { rows } = await sql<StoreDayMark>`
    select p.store_code, p.day, count(*) filter (where p.status <> 'undone')::int as entries,
      count(*) || ':' || sum(p.revision) || ':' || max(p.received_at) as mark
    from pharmacy.purchase p
    where p.store_code = any(${[...stores]}::text[]) and p.day between ${from} and ${to} and ${idWithin(from, to)}
    group by p.store_code, p.day`.execute(tx)
  return rows
}

/** An entry with its person in clear, for a job that derives something from it and keeps nothing else. */
export interface StoreDayEntry {
  readonly id: string
  readonly storeCode: string
  readonly day: string
  readonly soldAt: Date
  readonly receivedAt: Date
  readonly documentType: string
  readonly personIndex: Buffer | null
  readonly mobileIndex: Buffer | null
  readonly fever: boolean
  readonly referred: boolean
  readonly drugIds: readonly string[]
  /** Undefined after the month was shredded. */
  readonly personal: Personal | undefined
}

/** The entries of some days of some stores that are not undone. The caller records that it decrypted them. */
export async function storeDayEntries(
  kernel: Pick<Kernel, 'vault'>,
  tx: Tx,
  days: readonly { readonly storeCode: string; readonly day: string }[],
): Promise<StoreDayEntry[]> {
  if (days.length === 0) return []
  const sorted = days.map(({ day }) => day).sort()
  const { rows } = await sql<Omit<StoreDayEntry, 'personal'> & { keyMonth: string; sealed: Buffer }>`
    select p.id, p.store_code, p.day, p.sold_at, p.received_at, p.document_type, p.person_index, p.mobile_index, p.fever,
      cardinality(p.clinic_ids) > 0 as referred, p.key_month, p.sealed, p.drug_ids
    from unnest(${days.map(({ storeCode }) => storeCode)}::text[], ${days.map(({ day }) => day)}::date[]) as d (store_code, day)
    join pharmacy.purchase p on p.store_code = d.store_code and p.day = d.day and p.status <> 'undone'
      and ${idWithin(sorted[0]!, sorted.at(-1)!)}
    order by p.store_code, p.day, p.id`.execute(tx)
  await kernel.vault.loadMonths(new Set(rows.map(({ keyMonth }) => keyMonth)))
  const entries: StoreDayEntry[] = []
  for (const { keyMonth, sealed, drugIds, ...row } of rows) {
    const personal = findPersonal(kernel.vault, { id: row.id, keyMonth, sealed })
    entries.push({ ...row, drugIds: [...drugIds].sort(), personal })
    if (entries.length % turnEntries === 0) await turn()
  }
  return entries
}

/** A sale that a store refused by a stop-sale order. */
export interface RefusedSaleMark {
  readonly storeCode: string
  readonly at: Date
  readonly personIndex: Buffer
  readonly drugIds: readonly string[]
}

/** Refusals of known persons since a day, oldest first. */
export async function refusalsSince(tx: Tx, since: string): Promise<RefusedSaleMark[]> {
  const { rows } = await sql<RefusedSaleMark>`
    select store_code, at, person_index, drug_ids from pharmacy.refusal
    where id >= vigil.uuid_floor(${startOfDay(since)}) and person_index is not null order by id`.execute(tx)
  return rows
}

/** Entries of every store of some counties over a period, with its first day in it: from the rollups. */
export async function storeVolumes(
  tx: Tx,
  counties: readonly string[],
  from: string,
  to: string,
): Promise<{ storeCode: string; entries: number; first: string }[]> {
  const { rows } = await sql<{ storeCode: string; entries: number; first: string }>`
    select store_code, sum(purchases)::int as entries, min(day) as first from pharmacy.rollup_store_day
    where county = any(${[...counties]}::text[]) and class = 'all' and day between ${from} and ${to} and purchases > 0
    group by store_code`.execute(tx)
  return rows
}
