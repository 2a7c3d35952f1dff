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

type Routes = typeof coldchainRoutes

/** A sample as it is shown. */
export const shownSample = (row: SampleRow): ColdSample => {
  const { id, code, subject, grams, result, lab, reportNo, takenAt, resultAt } = row
  const times = { takenAt: takenAt.toISOString(), resultAt: resultAt?.toISOString() ?? null }
  return { id, code, subject, grams, result, lab, reportNo, ...times }
}

/**
 * Records a sample in the warehouse of a lot; what is taken of the goods leaves the stock, whether the lot is released or not.
 * @throws Problem 400, 404 outside the area, 409 when the code is taken, EventsRefused when the lot is not there
 */
export async function takeSample(
  parts: Parts,
  caller: Caller,
  lotId: string,
  { code, subject, grams }: BodyOf<Routes['cold-lot.sample']>,
): Promise<ColdSample> {
  if (subject !== 'goods' && grams > 0) throw invalidField('/grams', '只有食品样品填写取样重量')
  const { kernel } = parts
  return command(kernel.db, caller, 'coldchain.inspect', async (tx, audit) => {
    const lot = await getLot(tx, lotId)
    const holder = await getOwnHolder(tx, caller, lot.holderId, 'coldchain.inspect')
    const at = kernel.clock.now()
    const taken = { lotId, subject, grams, path: lot.path, takenAt: at, takenBy: caller.name }
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
    const detail = { sample: row.code, subject, grams }
    await audit({ action: 'coldchain.sample', object: `cold-lot:${lotId}`, path: lot.path, detail })
    return shownSample(row)
  })
}

export interface NewResult {
  readonly result: 'negative' | 'positive'
  readonly lab: string
  readonly reportNo: string
}

/** Writes the result of a sample that has none yet, and tells of it as an inspection. */
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
