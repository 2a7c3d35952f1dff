import type { Readable } from 'node:stream'
import { uuidv7 } from '@vigil/codes'
import type { BodyOf, ColdViolation, coldchainRoutes, QueryOf, ResponseOf } from '@vigil/contract'
import { sql } from 'kysely'
import { assertCan, type Caller, scopeFor } from '../../kernel/access/caller.ts'
import { record } from '../../kernel/audit/index.ts'
import { auditOf, command } from '../../kernel/command/command.ts'
import { beyondScope, readScope, type Tx } from '../../kernel/db/index.ts'
import { conflict, notFound } from '../../kernel/error/problem.ts'
import { keepFile } from '../../kernel/file/index.ts'
import { chosenScope, type Parts } from './coldchain.parts.ts'
import type { HolderRow, ViolationRow } from './coldchain.table.ts'
import { getHolder, getOwnHolder } from './holder.service.ts'
import { readCode } from './label.domain.ts'
import { type SeenLot, seenLots, shownLot } from './lot.read.ts'
import { tally } from './tally.store.ts'

type Routes = typeof coldchainRoutes
const mostPhotos = 9

/** The lot behind a code, and where its box is said to be; undefined for a code that nobody has registered. */
async function findScanned(
  tx: Tx,
  code: string,
): Promise<{ lot: SeenLot; holderId: string | null | undefined } | undefined> {
  const read = readCode(code)
  if (!read.ok) return undefined
  const { uri } = read.code
  const box = await tx
    .selectFrom('coldchain.box')
    .select(['lotId', 'holderId'])
    .where((eb) => eb.or([eb('uri', '=', uri), eb('parentUri', '=', uri)]))
    .limit(1)
    .executeTakeFirst()
  const from = box ? sql`(SELECT ${box.lotId}::uuid AS id)` : sql`(SELECT id FROM coldchain.lot WHERE uri = ${uri})`
  const { rows } = await seenLots(from).execute(tx)
  return rows[0] ? { lot: rows[0], holderId: box?.holderId } : undefined
}

/** What is wrong with a lot where it was found; undefined when it may be there. */
async function wrongWith(
  tx: Tx,
  found: NonNullable<Awaited<ReturnType<typeof findScanned>>>,
  holder: HolderRow,
): Promise<ViolationRow['kind'] | undefined> {
  const { gate } = shownLot(found.lot)
  if (gate === 'declared') return 'no-entry'
  if (gate !== 'released' && found.lot.holderId !== holder.id) return 'not-released'
  if (found.holderId !== undefined) return found.holderId === holder.id ? undefined : 'not-here'
  const stock = await tx
    .selectFrom('coldchain.balance')
    .select('grams')
    .where('lotId', '=', found.lot.id)
    .where('holderId', '=', holder.id)
    .executeTakeFirst()
  return (stock?.grams ?? 0) > 0 ? undefined : 'not-here'
}

/**
 * Checks a code where it was found. One that is unknown, never entered, not released or elsewhere raises a violation.
 * @throws Problem 404 for a holder outside the area
 */
export async function scan(
  { kernel }: Parts,
  caller: Caller,
  body: BodyOf<Routes['cold-trade.scan']>,
): Promise<ResponseOf<Routes['cold-trade.scan']>> {
  return command(kernel.db, caller, 'coldchain.operate', async (tx, audit) => {
    const holder = await getOwnHolder(tx, caller, body.holderId)
    const { found, wrong } = await beyondScope(tx, async () => {
      const known = await findScanned(tx, body.code)
      return { found: known, wrong: known ? await wrongWith(tx, known, holder) : ('unknown-code' as const) }
    })
    const about = { object: `cold-holder:${holder.id}`, path: holder.path, areaCode: holder.areaCode }
    const detail = { code: body.code, kind: wrong ?? 'fine' }
    await audit({ action: 'coldchain.scan', ...about, detail })
    const lot = found ? shownLot(found.lot) : null
    if (!wrong) return { lot, violation: null }
    const id = uuidv7()
    const at = kernel.clock.now()
    const where = { place: body.place.trim() || holder.address, lon: body.lon, lat: body.lat }
    const what = { kind: wrong, code: body.code, lotId: lot?.id ?? null, holderId: holder.id, grams: body.grams }
    await tx
      .insertInto('coldchain.violation')
      .values({
        ...{ id, ...what, ...where, note: body.note.trim(), at, by: caller.name, closedAt: null, closedBy: null },
        ...{ areaCode: holder.areaCode, path: holder.path },
      })
      .execute()
    await tally(tx, holder, at, { violations: 1 })
    return { lot, violation: { id, kind: wrong } }
  })
}

const shown = (row: ViolationRow & { holderName: string | null; photos: number }): ColdViolation => ({
  ...{ id: row.id, kind: row.kind, code: row.code, lotId: row.lotId, holderName: row.holderName, place: row.place },
  ...{ lon: row.lon, lat: row.lat, grams: row.grams, note: row.note, state: row.state, outcome: row.outcome },
  ...{ withdrawnGrams: row.withdrawnGrams, at: row.at.toISOString(), by: row.by, photos: row.photos },
})

const selectViolations = (tx: Tx) =>
  tx
    .selectFrom('coldchain.violation as v')
    .leftJoin('coldchain.holder as h', 'h.id', 'v.holderId')
    .selectAll('v')
    .select('h.name as holderName')
    .select(sql<number>`(SELECT count(*)::int FROM coldchain.photo p WHERE p.violation_id = v.id)`.as('photos'))

/** Violations in the caller's area, newest first. */
export async function listViolations(
  parts: Parts,
  caller: Caller,
  { area, state, cursor, limit = 50 }: QueryOf<Routes['cold-violation.list']>,
): Promise<{ items: ColdViolation[]; next: string | null }> {
  const rows = await readScope(parts.kernel.db, chosenScope(parts, caller, area), (tx) => {
    let select = selectViolations(tx)
      .orderBy('v.id', 'desc')
      .limit(limit + 1)
    if (state !== undefined) select = select.where('v.state', '=', state)
    if (cursor !== undefined) select = select.where('v.id', '<', cursor)
    return select.execute()
  })
  return { items: rows.slice(0, limit).map(shown), next: rows.length > limit ? rows[limit - 1]!.id : null }
}

async function lockViolation(
  tx: Tx,
  caller: Caller,
  id: string,
  permission: 'coldchain.operate' | 'coldchain.inspect',
): Promise<ViolationRow> {
  const row = await tx.selectFrom('coldchain.violation').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
  if (!row) throw notFound('违规记录')
  assertCan(caller, permission, row.path, '违规记录')
  return row
}

const readShown = (parts: Parts, path: string, id: string): Promise<ColdViolation> =>
  readScope(parts.kernel.db, [path], async (tx) =>
    shown(await selectViolations(tx).where('v.id', '=', id).executeTakeFirstOrThrow()),
  )

/** Closes a violation with its outcome and what was taken off sale. @throws Problem 404 outside the area, 409 when it is closed */
export async function closeViolation(
  parts: Parts,
  caller: Caller,
  id: string,
  { outcome, withdrawnGrams }: BodyOf<Routes['cold-violation.close']>,
): Promise<ColdViolation> {
  const { kernel } = parts
  const path = await command(kernel.db, caller, 'coldchain.inspect', async (tx, audit) => {
    const row = await lockViolation(tx, caller, id, 'coldchain.inspect')
    if (row.state === 'closed') throw conflict('这条违规已经处置', 'closed')
    const closedAt = kernel.clock.now()
    await tx
      .updateTable('coldchain.violation')
      .set({ state: 'closed', outcome: outcome.trim(), withdrawnGrams, closedAt, closedBy: caller.name })
      .where('id', '=', id)
      .execute()
    if (row.holderId) await tally(tx, await getHolder(tx, row.holderId), closedAt, { withdrawnGrams })
    const about = { object: `cold-violation:${id}`, path: row.path, areaCode: row.areaCode }
    await audit({ action: 'coldchain.close-violation', ...about, detail: { withdrawnGrams } })
    return row.path
  })
  return readShown(parts, path, id)
}

/** Keeps a photo of a violation. @throws Problem 400 for another kind of file, 404 outside the area, 409 beyond nine */
export async function addPhoto(
  parts: Parts,
  caller: Caller,
  id: string,
  upload: { filename: string; stream: Readable },
): Promise<ColdViolation> {
  const { kernel } = parts
  const row = await readScope(kernel.db, scopeFor(caller, 'coldchain.operate'), (tx) =>
    tx.selectFrom('coldchain.violation').selectAll().where('id', '=', id).executeTakeFirst(),
  )
  if (!row) {
    upload.stream.resume()
    throw notFound('违规记录')
  }
  await keepFile(kernel, caller, row.path, upload, ['image/png', 'image/jpeg'], async (tx, file) => {
    await lockViolation(tx, caller, id, 'coldchain.operate')
    const { count } = await tx
      .selectFrom('coldchain.photo')
      .select(({ fn }) => fn.countAll<number>().as('count'))
      .where('violationId', '=', id)
      .executeTakeFirstOrThrow()
    if (count >= mostPhotos) throw conflict(`每条违规最多 ${mostPhotos} 张照片`, 'full')
    const facts = { ...file, path: row.path, at: kernel.clock.now(), by: caller.name }
    await tx
      .insertInto('coldchain.photo')
      .values({ id: uuidv7(), violationId: id, ...facts })
      .execute()
    const about = { object: `cold-violation:${id}`, path: row.path, areaCode: row.areaCode }
    await record(tx, auditOf(caller, { action: 'coldchain.add-photo', ...about, detail: { sha256: file.sha256 } }))
  })
  return readShown(parts, row.path, id)
}
