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
import { getOwnHolder } from './holder.service.ts'
import { readCode } from './label.domain.ts'
import { type SeenLot, seenLots, shownLot } from './lot.read.ts'
import { once } from './request.store.ts'
import { tally } from './tally.store.ts'
import { happenedAt } from './trade.service.ts'

type Routes = typeof coldchainRoutes
const mostPhotos = 9

/** The lot behind a code, and where its box is said to be; undefined for a code that nobody has registered. */
async function findScanned(
  tx: Tx,
  code: string,
): Promise<{ lot: SeenLot; holderId: string | null | undefined; grams: number | null } | undefined> {
  const read = readCode(code)
  if (!read.ok) return undefined
  const { uri } = read.code
  const box = await tx
    .selectFrom('coldchain.box')
    .select(['lotId', 'holderId', 'uri', 'grams'])
    .where((eb) => eb.or([eb('uri', '=', uri), eb('parentUri', '=', uri)]))
    .limit(1)
    .executeTakeFirst()
  const from = box ? sql`(SELECT ${box.lotId}::uuid AS id)` : sql`(SELECT id FROM coldchain.lot WHERE uri = ${uri})`
  const { rows } = await seenLots(from).execute(tx)
  return rows[0] ? { lot: rows[0], holderId: box?.holderId, grams: box?.uri === uri ? box.grams : null } : undefined
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

/** What a code is, and what is wrong with it at a holder; the transaction must see the whole country. */
export async function judgeScanned(tx: Tx, code: string, holder: HolderRow) {
  const found = await findScanned(tx, code)
  return { found, wrong: found ? await wrongWith(tx, found, holder) : ('unknown-code' as const) }
}

type Scanned = ResponseOf<Routes['cold-trade.scan']>

/**
 * Checks a code where it was found. One that is unknown, never entered, not released or elsewhere raises a violation.
 * @throws Problem 404 for a holder outside the area
 */
export async function scan(parts: Parts, caller: Caller, body: BodyOf<Routes['cold-trade.scan']>): Promise<Scanned> {
  return once<Scanned>(parts, caller, body.key, ['scan', body], (claim, keep) =>
    command(parts.kernel.db, caller, 'coldchain.operate', async (tx, audit) => {
      const holder = await getOwnHolder(tx, caller, body.holderId)
      await claim(tx, holder.path)
      const { found, wrong } = await beyondScope(tx, () => judgeScanned(tx, body.code, holder))
      const about = { object: `cold-holder:${holder.id}`, path: holder.path, areaCode: holder.areaCode }
      const detail = { code: body.code, kind: wrong ?? 'fine' }
      await audit({ action: 'coldchain.scan', ...about, detail })
      const lot = found ? shownLot(found.lot) : null
      if (!wrong) return keep(tx, { lot, violation: null })
      const id = await raise(parts, tx, caller, holder, body, wrong, lot?.id ?? null)
      return keep(tx, { lot, violation: { id, kind: wrong } })
    }),
  )
}

async function raise(
  { kernel }: Parts,
  tx: Tx,
  caller: Caller,
  holder: HolderRow,
  { code, grams, place, lon, lat, note, at: given }: BodyOf<Routes['cold-trade.scan']>,
  kind: ViolationRow['kind'],
  lotId: string | null,
): Promise<string> {
  const id = uuidv7()
  const at = happenedAt(given, kernel.clock.now())
  const where = { place: place.trim() || holder.address, lon, lat, areaCode: holder.areaCode, path: holder.path }
  await tx
    .insertInto('coldchain.violation')
    .values({
      ...{ id, kind, code, lotId, holderId: holder.id, grams, ...where, note: note.trim() },
      ...{ at, by: caller.name, closedAt: null, closedBy: null },
    })
    .execute()
  await tally(tx, holder, at, { violations: 1 })
  return id
}

/** A violation as lists show it. */
export const shownViolation = (row: ViolationRow & { holderName: string | null; photos: number }): ColdViolation => ({
  ...{ id: row.id, kind: row.kind, code: row.code, lotId: row.lotId, holderName: row.holderName, place: row.place },
  ...{ lon: row.lon, lat: row.lat, grams: row.grams, note: row.note, state: row.state, outcome: row.outcome },
  ...{ withdrawnGrams: row.withdrawnGrams, at: row.at.toISOString(), by: row.by, photos: row.photos },
})

/** Violations with the name of their holder and the number of photos. */
export const selectViolations = (tx: Tx) =>
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
  return { items: rows.slice(0, limit).map(shownViolation), next: rows.length > limit ? rows[limit - 1]!.id : null }
}

/** A violation, locked. @throws Problem 404 outside the area, 403 without the permission there */
export async function lockViolation(
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
    shownViolation(await selectViolations(tx).where('v.id', '=', id).executeTakeFirstOrThrow()),
  )

/** Keeps a photo of a violation, once. @throws Problem 400 for another kind of file, 404 outside the area, 409 beyond nine */
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
    const kept = await tx.selectFrom('coldchain.photo').select('sha256').where('violationId', '=', id).execute()
    // A phone sends again what it had no answer to.
    if (kept.some(({ sha256 }) => sha256 === file.sha256)) return
    if (kept.length >= mostPhotos) throw conflict(`每条违规最多 ${mostPhotos} 张照片`, 'full')
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
