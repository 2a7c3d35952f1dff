import { sql } from 'kysely'
import type { Caller } from '../../kernel/access/caller.ts'
import type { Tx } from '../../kernel/db/index.ts'
import type { Parts } from './coldchain.parts.ts'
import type { LotRow } from './coldchain.table.ts'
import { getLot } from './declaration.store.ts'
import { getHolder } from './holder.service.ts'
import { lockLots } from './ledger.load.ts'
import { downstreamOf } from './recall.load.ts'
import { putRelease, tell } from './release.service.ts'

/** Locks lots and all imported lots in them, so that nothing of them, or made of them, moves until the end of the transaction. */
export async function lockFamily(tx: Tx, lots: readonly string[]): Promise<void> {
  const { rows } = await sql<{ id: string }>`
    SELECT root_id AS id FROM coldchain.lot_root WHERE lot_id = ANY(${lots}::uuid[])`.execute(tx)
  await lockLots(tx, [...new Set([...lots, ...rows.map(({ id }) => id)])])
}

/**
 * From now on a made lot, and what was made of it, stands under a release of its own besides those of the imported lots in it:
 * so it is stopped alone, without what else was made of them.
 */
async function standAlone(tx: Tx, lot: LotRow): Promise<void> {
  await sql`INSERT INTO coldchain.lot_root (lot_id, root_id) SELECT unnest(${await downstreamOf(tx, [lot.id])}::uuid[]), ${lot.id}
    ON CONFLICT DO NOTHING`.execute(tx)
}

/** Shuts the gate of a locked lot and of all that was made of it, unless it is shut, and tells of it as an event. */
export async function freeze(
  parts: Parts,
  tx: Tx,
  caller: Caller,
  { id, reason, at }: { readonly id: string; readonly reason: string; readonly at: Date },
): Promise<void> {
  const lot = await getLot(tx, id)
  const row = { evidence: [], digest: '', at, by: caller.name }
  let { releases } = lot
  if (lot.kind === 'made') {
    await standAlone(tx, lot)
    if (releases === 0) {
      await putRelease(tx, lot, { ...row, kind: 'release', reason: '此前随原料批次放行' })
      releases = 1
    }
  }
  if (releases % 2 === 0) return
  const release = await putRelease(tx, { ...lot, releases }, { ...row, kind: 'withdraw', reason })
  const holder = await getHolder(tx, lot.holderId)
  await tell(parts, tx, caller, lot, holder, { id: release, at, disposition: 'non_conformant' })
}
