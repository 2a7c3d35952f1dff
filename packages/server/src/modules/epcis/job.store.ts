import { type Selectable, sql } from 'kysely'
import type { Tx } from '../../kernel/db/index.ts'
import type { JobTable } from './epcis.table.ts'
import type { Refusal } from './refusal.ts'

export type JobRow = Selectable<JobTable>

/** Refusals that a job keeps at most; how many there were in all is counted. */
const keptErrors = 1000
/** Times that a job is taken up before it is given up. */
const maxAttempts = 5

/** Takes up the oldest job that nobody is at. @param leaseMs how long this process is believed to be alive */
export async function claimJob(tx: Tx, now: Date, leaseMs: number): Promise<JobRow | undefined> {
  const free = tx
    .selectFrom('epcis.job')
    .select('id')
    .where('finishedAt', 'is', null)
    .where((eb) => eb.or([eb('leaseUntil', 'is', null), eb('leaseUntil', '<', now)]))
    .orderBy('createdAt')
    .limit(1)
    .forUpdate()
    .skipLocked()
  return tx
    .updateTable('epcis.job')
    .set({ leaseUntil: new Date(now.getTime() + leaseMs), attempts: sql`attempts + 1` })
    .where('id', '=', free)
    .returningAll()
    .executeTakeFirst()
}

/** What a chunk has brought. */
export interface Progress {
  readonly done: number
  readonly stored: number
  readonly known: number
  readonly refusals: readonly Refusal[]
}

/** Adds a chunk to the job's account, in the chunk's transaction. */
export async function advanceJob(
  tx: Tx,
  id: string,
  { done, stored, known, refusals }: Progress,
  leaseUntil: Date,
): Promise<void> {
  const refused = new Set(refusals.map(({ position }) => position)).size
  await tx
    .updateTable('epcis.job')
    .set({
      done,
      leaseUntil,
      stored: sql`stored + ${stored}`,
      known: sql`known + ${known}`,
      refused: sql`refused + ${refused}`,
      ...(refusals.length > 0 && { success: false, errors: appended(refusals) }),
    })
    .where('id', '=', id)
    .execute()
}

const appended = (refusals: readonly Refusal[]) =>
  sql`CASE WHEN jsonb_array_length(errors) >= ${keptErrors} THEN errors ELSE errors || ${JSON.stringify(refusals.slice(0, keptErrors))}::jsonb END`

/** Ends a job; its document goes. */
export async function finishJob(tx: Tx, id: string, now: Date): Promise<void> {
  await tx
    .updateTable('epcis.job')
    .set({ finishedAt: now, document: null, leaseUntil: null })
    .where('id', '=', id)
    .where('finishedAt', 'is', null)
    .execute()
}

/** Lets a job that failed by our fault be taken up again after a pause, or gives it up. */
export async function releaseJob(tx: Tx, { id, attempts }: JobRow, now: Date): Promise<void> {
  if (attempts < maxAttempts) {
    const leaseUntil = new Date(now.getTime() + attempts * 2000)
    await tx.updateTable('epcis.job').set({ leaseUntil }).where('id', '=', id).execute()
    return
  }
  const fault: Refusal = {
    position: -1,
    hash: null,
    path: '',
    rule: 'implementation',
    message: '系统出错，请稍后重新提交',
  }
  await tx
    .updateTable('epcis.job')
    .set({ success: false, errors: appended([fault]) })
    .where('id', '=', id)
    .execute()
  await finishJob(tx, id, now)
}
