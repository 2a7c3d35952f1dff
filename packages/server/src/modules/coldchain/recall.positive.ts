import type { Caller } from '../../kernel/access/caller.ts'
import { record } from '../../kernel/audit/index.ts'
import { auditOf } from '../../kernel/command/command.ts'
import type { Tx } from '../../kernel/db/index.ts'
import type { Parts } from './coldchain.parts.ts'
import type { SampleRow } from './coldchain.table.ts'
import { getLot } from './declaration.store.ts'
import { freeze, lockFamily } from './recall.freeze.ts'
import { putDraft, runningRecall } from './recall.store.ts'

/**
 * A positive result of a lot that was released: withdraws the release and drafts a recall, in the transaction of the result. Of a
 * lot that is not released, or is being recalled, nothing is left to stop.
 */
export async function stopPositive(
  parts: Parts,
  tx: Tx,
  caller: Caller,
  { lotId, code, path }: Pick<SampleRow, 'lotId' | 'code' | 'path'>,
): Promise<void> {
  await lockFamily(tx, [lotId])
  const lot = await getLot(tx, lotId)
  if (lot.releases % 2 === 0) return
  const at = parts.kernel.clock.now()
  const reason = `样品 ${code} 检出阳性`
  await freeze(parts, tx, caller, { id: lotId, reason, at })
  const about = { object: `cold-lot:${lotId}`, path }
  await record(tx, auditOf(caller, { action: 'coldchain.withdraw', ...about, detail: { reason } }))
  if (await runningRecall(tx, lotId)) return
  const draft = { kind: 'real', reason, orderedBy: '', at, by: caller.name } as const
  const { number } = await putDraft(tx, [lot], draft)
  await record(tx, auditOf(caller, { action: 'coldchain.draft-recall', ...about, detail: { number, reason } }))
}
