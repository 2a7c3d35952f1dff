import { uuidv7 } from '@vigil/codes'
import type { BodyOf, coldchainRoutes } from '@vigil/contract'
import { assertCan, type Caller } from '../../kernel/access/caller.ts'
import { type CommandAudit, command } from '../../kernel/command/command.ts'
import { beyondScope, type Tx } from '../../kernel/db/index.ts'
import { conflict, invalidField, notFound } from '../../kernel/error/problem.ts'
import { announce } from '../../kernel/live/index.ts'
import type { Parts } from './coldchain.parts.ts'
import { getHolder, getOwnHolder } from './holder.service.ts'
import { chooseLots } from './recall.choose.ts'
import { recallOf } from './recall.domain.ts'
import { freeze, lockFamily } from './recall.freeze.ts'
import { citiesOf, loadRecall } from './recall.load.ts'
import { loadWhole } from './recall.read.ts'
import { scoreMock } from './recall.settle.domain.ts'
import { putDraft, putLines, refuseRecalled } from './recall.store.ts'
import type { RecallRow } from './recall.table.ts'
import { tellHolders, tellOfficers } from './recall.tell.ts'

type Routes = typeof coldchainRoutes
type OpenBody = BodyOf<Routes['cold-recall.open']>

/**
 * Calls out a recall: freezes its lots and all that was made of them (not in an exercise), writes where each gram is, and tells
 * the holders. @returns grams in all @throws Problem 409 when nothing of the lots ever came in, or they are being recalled
 */
async function callOut(
  parts: Parts,
  tx: Tx,
  caller: Caller,
  recall: RecallRow,
  { orderedBy, collectorId = null }: { readonly orderedBy: string; readonly collectorId?: string | null | undefined },
): Promise<number> {
  const at = parts.kernel.clock.now()
  return beyondScope(tx, async () => {
    if (collectorId !== null) await getHolder(tx, collectorId)
    const lots = await tx
      .selectFrom('coldchain.recallLot as r')
      .innerJoin('coldchain.lot as l', 'l.id', 'r.lotId')
      .select(['l.id', 'l.path', 'l.lotNo', 'l.goodsName'])
      .where('r.recallId', '=', recall.id)
      .execute()
    const ids = lots.map(({ id }) => id)
    await lockFamily(tx, ids)
    if (recall.kind === 'real') {
      await refuseRecalled(tx, ids)
      for (const id of ids)
        await freeze(parts, tx, caller, { id, reason: `召回 ${recall.number}：${recall.reason}`, at })
    }
    const { paths, made: _, ...input } = await loadRecall(tx, ids, citiesOf(lots))
    const { total, lines, problems } = recallOf(input)
    if (total === 0) throw conflict('批次还没有入仓，没有可召回的食品', 'nothing')
    const told = await putLines(tx, recall.id, lines, paths, at)
    await tx
      .updateTable('coldchain.recall')
      .set({
        state: 'open',
        totalGrams: total,
        problems: JSON.stringify(problems),
        openedAt: at,
        openedBy: caller.name,
        orderedBy,
        collectorId,
      })
      .where('id', '=', recall.id)
      .execute()
    const data = { id: recall.id, number: recall.number, kind: recall.kind }
    const places = [...new Set(told.map(({ path }) => path))]
    await announce(tx, { event: 'recall', permission: 'coldchain.read', paths: [recall.path, ...places], data })
    const names = lots.map(({ goodsName, lotNo }) => `${goodsName} ${lotNo}`)
    await tellHolders(tx, recall, { holders: told.map(({ id }) => id), lots: names, at })
    await tellOfficers(tx, recall, { paths: places, lots: names, grams: total, at })
    return total
  })
}

/**
 * Recalls lots in one step. @returns id of the recall
 * @throws Problem 400 for an empty set or unknown codes, 404 outside the area, 409 when nothing came in or they are being recalled
 */
export const openRecall = (parts: Parts, caller: Caller, body: OpenBody): Promise<string> =>
  command(parts.kernel.db, caller, 'coldchain.inspect', (tx, audit) => openRecallIn(parts, tx, caller, audit, body))

/** The same in a transaction that does more. */
export async function openRecallIn(
  parts: Parts,
  tx: Tx,
  caller: Caller,
  audit: (entry: CommandAudit) => Promise<void>,
  body: OpenBody,
): Promise<string> {
  const { lots, unknown } = await chooseLots(tx, caller, body)
  if (unknown[0] !== undefined)
    throw invalidField(
      '/codes',
      `查不到 ${unknown.slice(0, 3).join('、')}${unknown.length > 3 ? ` 等 ${unknown.length} 个编码` : ''}`,
    )
  const { kind, reason, collectorId } = body
  const orderedBy = body.orderedBy.trim()
  const made = { kind, reason, orderedBy, at: parts.kernel.clock.now(), by: caller.name }
  const recall = await putDraft(tx, lots, made)
  const grams = await callOut(parts, tx, caller, recall, { orderedBy, collectorId })
  const detail = { number: recall.number, kind, grams, lots: lots.length, orderedBy }
  await audit({ action: 'coldchain.recall', object: `cold-recall:${recall.id}`, path: recall.path, detail })
  return recall.id
}

/** A recall of the caller's area, locked. @throws Problem 404 */
async function lockRecall(tx: Tx, caller: Caller, id: string): Promise<RecallRow> {
  const row = await tx.selectFrom('coldchain.recall').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
  if (!row) throw notFound('召回')
  assertCan(caller, 'coldchain.inspect', row.path, '召回')
  return row
}

/** Calls out a draft. @throws Problem 404 outside the area, 409 when it is called out */
export async function startRecall(
  parts: Parts,
  caller: Caller,
  id: string,
  { orderedBy, collectorId }: BodyOf<Routes['cold-recall.start']>,
): Promise<void> {
  await command(parts.kernel.db, caller, 'coldchain.inspect', async (tx, audit) => {
    const recall = await lockRecall(tx, caller, id)
    if (recall.state !== 'draft') throw conflict('召回已经启动', 'open')
    const grams = await callOut(parts, tx, caller, recall, { orderedBy: orderedBy.trim(), collectorId })
    const detail = { number: recall.number, kind: recall.kind, grams, orderedBy: orderedBy.trim() }
    await audit({ action: 'coldchain.recall', object: `cold-recall:${id}`, path: recall.path, detail })
  })
}

/**
 * Records what a holder found of a recalled lot. @throws Problem 404 for what is not the caller's or never was on hand there,
 * 409 when the recall is closed
 */
export async function countRecalled(
  { kernel }: Parts,
  caller: Caller,
  id: string,
  { holderId, lotId, grams, note }: BodyOf<Routes['cold-recall.count']>,
): Promise<void> {
  await command(kernel.db, caller, 'coldchain.operate', async (tx, audit) => {
    const holder = await getOwnHolder(tx, caller, holderId)
    const recall = await beyondScope(tx, () =>
      tx.selectFrom('coldchain.recall').selectAll().where('id', '=', id).forUpdate().executeTakeFirst(),
    )
    const line = await tx
      .selectFrom('coldchain.recallLine')
      .select('id')
      .where('recallId', '=', id)
      .where('lotId', '=', lotId)
      .where('holderId', '=', holderId)
      .where('fate', '=', 'on-hand')
      .executeTakeFirst()
    if (!recall || !line) throw notFound('召回')
    if (recall.state !== 'open') throw conflict('召回已经完成', 'closed')
    const found = { id: uuidv7(), recallId: id, lotId, holderId, grams, note: note.trim() }
    await tx
      .insertInto('coldchain.recallCount')
      .values({ ...found, path: holder.path, at: kernel.clock.now(), by: caller.name })
      .execute()
    const detail = { number: recall.number, lotId, grams }
    const about = { object: `cold-recall:${id}`, path: holder.path, areaCode: holder.areaCode }
    await audit({ action: 'coldchain.count-recall', ...about, detail })
  })
}

/** Closes a recall; what it froze stays frozen until it is released anew. @throws Problem 404 outside the area, 409 unless it is open */
export async function closeRecall({ kernel }: Parts, caller: Caller, id: string, outcome: string): Promise<void> {
  await command(kernel.db, caller, 'coldchain.inspect', async (tx, audit) => {
    const recall = await lockRecall(tx, caller, id)
    if (recall.state !== 'open') throw conflict('召回不在进行中', recall.state)
    const { now, settled, counts } = await beyondScope(tx, () => loadWhole(tx, ['/'], id, true))
    const closedAt = kernel.clock.now()
    // Time runs until the last holder has counted, not until somebody closes the exercise.
    const last = settled.waitingFor.length === 0 ? counts.at(-1)?.at : undefined
    const times = { startedAt: recall.openedAt!.getTime(), endedAt: (last ?? closedAt).getTime() }
    const score = recall.kind === 'mock' ? JSON.stringify(scoreMock(settled, times)) : null
    const end = { closedAt, closedBy: caller.name, final: now && JSON.stringify(now), score }
    await tx
      .updateTable('coldchain.recall')
      .set({ state: 'closed', outcome: outcome.trim(), ...end })
      .where('id', '=', id)
      .execute()
    const detail = { number: recall.number, outcome: outcome.trim() }
    await audit({ action: 'coldchain.close-recall', object: `cold-recall:${id}`, path: recall.path, detail })
  })
}
