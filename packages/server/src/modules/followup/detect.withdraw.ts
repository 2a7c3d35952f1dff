import { uuidv7 } from '@vigil/codes'
import { sql } from 'kysely'
import type { Tx } from '../../kernel/db/index.ts'
import { ownersOf } from '../pharmacy/index.ts'
import { isFeverish } from './cause.domain.ts'
import type { Examined } from './detect.gather.ts'
import type { KnownEntry } from './detect.known.ts'
import { evidenceKey } from './entry.domain.ts'
import { audit, systemName } from './followup.system.ts'
import type { EventDetail } from './followup.table.ts'
import { highest } from './rules.domain.ts'
import { type Kept, withdrawn } from './withdraw.domain.ts'

/**
 * Takes back what stood on entries that were corrected or undone since, of persons whom nobody has taken in hand yet; who
 * is at work on one sees the change on the page. @returns entries that ended by it, and what is left of the known ones
 */
export async function withdrawGone(
  tx: Tx,
  known: ReadonlyMap<string, KnownEntry>,
  examined: ReadonlyMap<string, Examined>,
  now: Date,
): Promise<{ ended: number; known: Map<string, KnownEntry> }> {
  const left = new Map(known)
  const waiting = [...known].filter(([, { row }]) => row.state === 'new')
  const owners = await ownersOf(
    tx,
    waiting.flatMap(([, { kept }]) => kept.map(({ purchase }) => purchase)),
  )
  let ended = 0
  for (const [hex, entry] of waiting) {
    const one = examined.get(hex)
    const facts = new Map(one?.history.map((purchase) => [purchase.id, purchase]))
    const gone = ({ kind, purchase }: Kept) => {
      const owner = owners.get(purchase)
      if (!owner || owner.undone || owner.personIndex?.toString('hex') !== hex) return true
      const fact = facts.get(purchase)
      if (!one || !fact || one.rows.get(purchase)?.status !== 'corrected') return false
      return (kind === 'fever' && !isFeverish(one.rules.fever, fact)) || (kind === 'proxy' && !fact.proxy)
    }
    const met = new Set(one?.findings.map(({ kind }) => kind))
    const lost = withdrawn(entry.kept, gone, met)
    if (lost.evidence.length === 0) continue
    const rest = await take(tx, entry, lost, now)
    if (rest.row.state === 'closed') ended++
    left.set(hex, rest)
  }
  return { ended, known: left }
}

async function take(
  tx: Tx,
  entry: KnownEntry,
  { evidence, causes }: ReturnType<typeof withdrawn>,
  now: Date,
): Promise<KnownEntry> {
  const { row } = entry
  const pairs = sql<boolean>`(kind, purchase_id) in (select * from unnest(${evidence.map(({ kind }) => kind)}::text[],
    ${evidence.map(({ purchase }) => purchase)}::uuid[]))`
  await tx.deleteFrom('followup.evidence').where('entryId', '=', row.id).where(pairs).execute()
  const keys = new Set(evidence.map(({ kind, purchase }) => evidenceKey(kind, purchase)))
  const kept = entry.kept.filter(({ kind, purchase }) => !keys.has(evidenceKey(kind, purchase)))
  const remaining = row.causes.filter((kind) => !causes.includes(kind))
  const over = remaining.length === 0
  const change = {
    causes: over ? row.causes : remaining,
    grade: over ? row.grade : highest(remaining.map((kind) => entry.grades.get(kind) ?? row.grade)),
    revision: row.revision + 1,
    ...(over && { state: 'closed' as const, closedAt: now, dueAt: null, outcome: 'withdrawn' }),
  }
  if (causes.length > 0) {
    if (!over)
      await tx
        .deleteFrom('followup.cause')
        .where('entryId', '=', row.id)
        .where('kind', 'in', [...causes])
        .execute()
    await tx.updateTable('followup.entry').set(change).where('id', '=', row.id).execute()
    const detail: EventDetail = { causes, ...(over && { outcome: 'withdrawn' }) }
    await tx
      .insertInto('followup.event')
      .values({
        id: uuidv7(now.getTime()),
        entryId: row.id,
        path: row.path,
        at: now,
        actor: systemName,
        kind: 'withdrawn',
        detail: JSON.stringify(detail),
      })
      .execute()
    await audit(tx, [
      {
        action: 'followup.withdraw',
        object: `followup:${row.id}`,
        path: row.path,
        areaCode: row.areaCode,
        detail: { causes },
      },
    ])
  }
  if (over && row.personIndex)
    await tx.deleteFrom('followup.address').where('personIndex', '=', row.personIndex).execute()
  const after = { ...row, ...(causes.length > 0 ? change : {}) }
  return {
    ...entry,
    ...after,
    row: after,
    kept,
    evidence: new Set(kept.map((one) => evidenceKey(one.kind, one.purchase))),
  }
}
