import { sql } from 'kysely'
import type { Tx } from '../db/index.ts'
import { type EntryText, entryText, leafData, utcText } from './entry-text.ts'
import { leafHash } from './merkle.ts'

/** A leaf as it is in the database. */
export interface Leaf {
  leafIndex: number
  seq: number
  at: string
  hash: Buffer
}

export interface AuditProblem {
  /** Number of the entry; null when the problem is not about one entry. */
  seq: number | null
  detail: string
}

/** Leaves with an index of at least `from` and below `to`, in order, at most `limit`. */
export async function listLeaves(tx: Tx, from: number, to: number, limit: number): Promise<Leaf[]> {
  const query = sql<Leaf>`select l.leaf_index, l.seq, ${utcText(sql`l.at`)} as at, l.hash from audit.leaf l
    where l.leaf_index >= ${from} and l.leaf_index < ${to} order by l.leaf_index limit ${limit}`
  return (await query.execute(tx)).rows
}

async function listEntries(tx: Tx, seqs: readonly number[], from?: string, to?: string): Promise<EntryText[]> {
  // The bounds let PostgreSQL look into the months that matter only.
  const bounds = from === undefined ? sql`` : sql`and e.at >= ${from}::timestamptz and e.at <= ${to}::timestamptz`
  const query = sql<EntryText>`select ${entryText} from audit.entry e where e.seq = any(${seqs}::bigint[]) ${bounds}`
  return (await query.execute(tx)).rows
}

function bySeq(entries: readonly EntryText[]): Map<number, EntryText[]> {
  return Map.groupBy(entries, (entry) => Number(entry.seq))
}

/** A leaf that no entry under its number fits, with what is there instead. */
export interface Suspect {
  leaf: Leaf
  rows: EntryText[]
}

const fits = (row: EntryText, leaf: Leaf) => leafHash(leafData(row)).equals(leaf.hash)

/** Compares leaves with the entries they were made from. */
export async function findSuspects(tx: Tx, leaves: readonly Leaf[]): Promise<Suspect[]> {
  if (leaves.length === 0) return []
  const times = leaves.map((leaf) => leaf.at).sort()
  const seqs = leaves.map((leaf) => leaf.seq)
  const found = bySeq(await listEntries(tx, seqs, times[0], times.at(-1)))
  const suspect = leaves.filter((leaf) => !found.get(leaf.seq)?.some((row) => fits(row, leaf)))
  if (suspect.length === 0) return []
  // A row whose time was changed may lie in another month.
  const suspectSeqs = suspect.map((leaf) => leaf.seq)
  const everywhere = bySeq(await listEntries(tx, suspectSeqs))
  return suspect
    .map((leaf) => ({ leaf, rows: everywhere.get(leaf.seq) ?? [] }))
    .filter(({ leaf, rows }) => !rows.some((row) => fits(row, leaf)))
}

/**
 * Says what happened to the entry of a suspect leaf: deleted, changed, or exchanged with that of another.
 * @param peers suspects among which the other half of an exchange is looked for
 */
export function judge({ leaf, rows }: Suspect, peers: readonly Suspect[]): string {
  const { seq } = leaf
  if (rows.length === 0) return `第 ${seq} 条记录已被删除（原时间 ${leaf.at}）`
  const other = peers.find((peer) => peer.leaf.seq !== seq && rows.some((row) => isContentOf(row, peer.leaf)))
  if (other) return `第 ${seq} 条记录的位置现为第 ${other.leaf.seq} 条的内容，两条顺序被对调`
  return `第 ${seq} 条记录的内容被修改`
}

function isContentOf(row: EntryText, leaf: Leaf): boolean {
  const moved = { ...row, seq: String(leaf.seq) }
  return fits(moved, leaf) || fits({ ...moved, at: leaf.at }, leaf)
}
