import { uuidv7 } from '@vigil/codes'
import type { BodyOf, ColdSample, coldchainRoutes } from '@vigil/contract'
import { assertCan, type Caller } from '../../kernel/access/caller.ts'
import { command } from '../../kernel/command/command.ts'
import type { Tx } from '../../kernel/db/index.ts'
import { conflict, invalidField, notFound } from '../../kernel/error/problem.ts'
import { capture, type Parts } from './coldchain.parts.ts'
import type { SampleRow } from './coldchain.table.ts'
import { getLot } from './declaration.store.ts'
import { objectEvent } from './event.build.ts'
import { getHolder, getOwnHolder } from './holder.service.ts'
import { stopPositive } from './recall.positive.ts'

type Routes = typeof coldchainRoutes

/** A sample as it is shown. */
export const shownSample = (row: SampleRow): ColdSample => {
  const { id, code, subject, grams, result, lab, reportNo, retestOf, retestReason, takenAt, resultAt } = row
  const times = { takenAt: takenAt.toISOString(), resultAt: resultAt?.toISOString() ?? null }
  return { id, code, subject, grams, result, lab, reportNo, retestOf, retestReason, ...times }
}

/** @throws Problem 400 unless the sample that is tested again is a positive one of the same lot and subject */
async function checkRetest(tx: Tx, lotId: string, subject: SampleRow['subject'], of: string): Promise<void> {
  const found = await tx
    .selectFrom('coldchain.sample')
    .select('id')
    .where('id', '=', of)
    .where('lotId', '=', lotId)
    .where('subject', '=', subject)
    .where('result', '=', 'positive')
    .executeTakeFirst()
  if (!found) throw invalidField('/retest/of', '只能复检同一批次、同类样品的阳性结果')
}

/**
 * Records a sample in the warehouse of a lot; what is taken of the goods leaves the stock, whether the lot is released or not.
 * @throws Problem 400, 404 outside the area, 409 when the code is taken, EventsRefused when the lot is not there
 */
export async function takeSample(
  parts: Parts,
  caller: Caller,
  lotId: string,
  { code, subject, grams, retest }: BodyOf<Routes['cold-lot.sample']>,
): Promise<ColdSample> {
  if (subject !== 'goods' && grams > 0) throw invalidField('/grams', '只有食品样品填写取样重量')
  const { kernel } = parts
  return command(kernel.db, caller, 'coldchain.inspect', async (tx, audit) => {
    const lot = await getLot(tx, lotId)
    const holder = await getOwnHolder(tx, caller, lot.holderId, 'coldchain.inspect')
    const at = kernel.clock.now()
    if (retest) await checkRetest(tx, lotId, subject, retest.of)
    const again = retest ? { retestOf: retest.of, retestReason: retest.reason.trim() } : {}
    const taken = { lotId, subject, grams, ...again, path: lot.path, takenAt: at, takenBy: caller.name }
    const row = await tx
      .insertInto('coldchain.sample')
      .values({ id: uuidv7(), code: code.trim(), ...taken, resultAt: null, resultBy: null })
      .onConflict((on) => on.column('code').doNothing())
      .returningAll()
      .executeTakeFirst()
    if (!row) throw conflict('样品编号已经使用', 'taken')
    const event = objectEvent(
      { id: row.id, at, place: holder.locationUri },
      { codes: [], lots: [{ uri: lot.uri, grams: grams === 0 ? null : grams }] },
      { action: 'OBSERVE', bizStep: 'sampling', disposition: 'in_progress' },
    )
    await capture(parts, tx, caller, holder, event)
    const detail = { sample: row.code, subject, grams, ...again }
    await audit({ action: 'coldchain.sample', object: `cold-lot:${lotId}`, path: lot.path, detail })
    return shownSample(row)
  })
}

export interface NewResult {
  readonly result: 'negative' | 'positive'
  readonly lab: string
  readonly reportNo: string
}

/**
 * Writes the result of a sample that has none yet, and tells of it as an inspection. A positive one withdraws the release of its
 * lot in the same transaction, and drafts its recall.
 */
export async function putResult(
  parts: Parts,
  tx: Tx,
  caller: Caller,
  { id, lotId }: Pick<SampleRow, 'id' | 'lotId'>,
  { result, lab, reportNo }: NewResult,
): Promise<SampleRow> {
  const at = parts.kernel.clock.now()
  const row = await tx
    .updateTable('coldchain.sample')
    .set({ result, lab: lab.trim(), reportNo: reportNo.trim(), resultAt: at, resultBy: caller.name })
    .where('id', '=', id)
    .where('result', '=', 'pending')
    .returningAll()
    .executeTakeFirstOrThrow()
  const lot = await getLot(tx, lotId)
  const holder = await getHolder(tx, lot.holderId)
  const disposition = result === 'negative' ? 'conformant' : 'non_conformant'
  const event = objectEvent(
    { id: uuidv7(), at, place: holder.locationUri, documents: [`urn:uuid:${id}`] },
    { codes: [], lots: [{ uri: lot.uri, grams: null }] },
    { action: 'OBSERVE', bizStep: 'inspecting', disposition },
  )
  await capture(parts, tx, caller, holder, event)
  if (result === 'positive') await stopPositive(parts, tx, caller, row)
  return row
}

/** Enters the result of a sample, once. @throws Problem 404 outside the area, 409 when there is one */
export async function enterResult(
  parts: Parts,
  caller: Caller,
  id: string,
  given: BodyOf<Routes['cold-lot.result']>,
): Promise<ColdSample> {
  return command(parts.kernel.db, caller, 'coldchain.inspect', async (tx, audit) => {
    const sample = await tx
      .selectFrom('coldchain.sample')
      .selectAll()
      .where('id', '=', id)
      .forUpdate()
      .executeTakeFirst()
    if (!sample) throw notFound('样品')
    assertCan(caller, 'coldchain.inspect', sample.path, '样品')
    if (sample.result !== 'pending') throw conflict('已经登记过结果', 'entered')
    const row = await putResult(parts, tx, caller, sample, given)
    const detail = { sample: row.code, subject: row.subject, result: row.result }
    await audit({ action: 'coldchain.enter-result', object: `cold-lot:${row.lotId}`, path: row.path, detail })
    return shownSample(row)
  })
}

/** Records a disinfection of a lot in its warehouse. @throws Problem 400 for a time to come, 404 outside the area */
export async function recordDisinfection(
  { kernel }: Parts,
  caller: Caller,
  lotId: string,
  { agent, doneAt, note }: BodyOf<Routes['cold-lot.disinfect']>,
): Promise<void> {
  await command(kernel.db, caller, 'coldchain.operate', async (tx, audit) => {
    const lot = await getLot(tx, lotId)
    await getOwnHolder(tx, caller, lot.holderId)
    const at = kernel.clock.now()
    if (new Date(doneAt) > at) throw invalidField('/doneAt', '消毒时间不能晚于现在')
    const facts = { agent: agent.trim(), doneAt: new Date(doneAt), note: note.trim() }
    await tx
      .insertInto('coldchain.disinfection')
      .values({ id: uuidv7(), lotId, ...facts, path: lot.path, at, by: caller.name })
      .execute()
    await audit({ action: 'coldchain.disinfect', object: `cold-lot:${lotId}`, path: lot.path, detail: { agent } })
  })
}
