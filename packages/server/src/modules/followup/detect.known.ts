import type { FollowupCause, FollowupGrade } from '@vigil/contract'
import { type Selectable, sql } from 'kysely'
import type { Tx } from '../../kernel/db/index.ts'
import { hexOf } from './detect.gather.ts'
import type { Known } from './entry.domain.ts'
import { evidenceKey } from './entry.domain.ts'
import type { EntryTable } from './followup.table.ts'
import type { Kept } from './withdraw.domain.ts'

export type EntryRow = Selectable<EntryTable>

/** The newest entry of a person, with its causes and what is behind them. */
export interface KnownEntry extends Known {
  readonly row: EntryRow
  readonly kept: readonly Kept[]
  readonly grades: ReadonlyMap<FollowupCause, FollowupGrade>
}

/** What is known of some persons, by keyed index in hex; their entries stay locked until the transaction ends. */
export async function findKnown(tx: Tx, persons: readonly Buffer[]): Promise<Map<string, KnownEntry>> {
  const known = new Map<string, KnownEntry>()
  if (persons.length === 0) return known
  const rows = await tx
    .selectFrom('followup.entry')
    .selectAll()
    .where(sql<boolean>`person_index = any(${[...persons]}::bytea[])`)
    .orderBy('id')
    .forUpdate()
    .execute()
  // The open one, of which there is one at most; else the newest.
  const newest = new Map<string, EntryRow>()
  for (const row of rows) {
    const hex = hexOf(row.personIndex!)
    const before = newest.get(hex)
    if (!before || before.state === 'closed') newest.set(hex, row)
  }
  const ids = [...newest.values()].map(({ id }) => id)
  const among = sql<boolean>`entry_id = any(${ids}::uuid[])`
  const evidence = await tx
    .selectFrom('followup.evidence')
    .select(['entryId', 'kind', 'purchaseId as purchase'])
    .where(among)
    .execute()
  const causes = await tx.selectFrom('followup.cause').select(['entryId', 'kind', 'grade']).where(among).execute()
  for (const [hex, row] of newest) {
    const kept = evidence.filter(({ entryId }) => entryId === row.id)
    known.set(hex, {
      ...row,
      row,
      kept,
      evidence: new Set(kept.map(({ kind, purchase }) => evidenceKey(kind, purchase))),
      grades: new Map(causes.filter(({ entryId }) => entryId === row.id).map(({ kind, grade }) => [kind, grade])),
    })
  }
  return known
}
