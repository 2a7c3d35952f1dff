import type { Attempt, Delivery, Destination, SharingKey, StuckDestination } from '@vigil/contract'
import { sql } from 'kysely'
import { type Caller, scopeFor } from '../../kernel/access/caller.ts'
import { readScope, type Tx } from '../../kernel/db/index.ts'
import { invalidField, notFound } from '../../kernel/error/problem.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import type { Reference } from '../pharmacy/index.ts'
import { type AttemptRow, type DeliveryRow, type DestinationRow, type KeyRow, keepDays } from './sharing.store.ts'

const iso = (date: Date | null): string | null => date?.toISOString() ?? null

/** A delivery as it is shown. */
export function toDelivery(row: DeliveryRow, now: Date): Delivery {
  const open = row.status === 'preparing' || row.status === 'waiting'
  return {
    id: row.id,
    number: row.number,
    kind: row.kind,
    from: row.fromDay,
    to: row.toDay,
    version: row.version,
    format: row.format,
    clear: row.clear,
    status: row.status,
    rows: row.rows,
    bytes: row.bytes,
    sha256: row.sha256,
    attempts: row.attempts,
    nextAt: open ? row.nextAt.toISOString() : null,
    kept: (row.fileId ?? row.exportId) !== null && now.getTime() - row.createdAt.getTime() < keepDays * 86_400_000,
    exportId: row.exportId,
    error: row.error,
    receiptNumber: row.receiptNumber,
    createdAt: row.createdAt.toISOString(),
    createdBy: row.createdBy,
    acknowledgedAt: iso(row.acknowledgedAt),
  }
}

const toKey = ({ id, algorithm, state, publicKey, createdAt }: KeyRow): SharingKey => ({
  id,
  algorithm,
  state,
  publicKey,
  createdAt: createdAt.toISOString(),
})

const toAttempt = (row: AttemptRow): Attempt => ({
  number: row.number,
  outcome: row.outcome,
  startedAt: row.startedAt.toISOString(),
  durationMs: row.durationMs,
  httpStatus: row.httpStatus,
  error: row.error,
  answer: row.answer,
})

/** Deliveries that nothing moves but a person. */
const stopped = ['dead', 'held'] as const

/** Deliveries that need somebody: given up, held, or failed and waiting for the next try. Tests are seen by who makes them. */
const stuckRows = (tx: Tx) =>
  tx
    .selectFrom('sharing.delivery')
    .where('kind', '<>', 'test')
    .where((eb) =>
      eb.or([
        eb('status', 'in', [...stopped]),
        eb.and([eb('status', 'in', ['preparing', 'waiting']), eb('error', 'is not', null)]),
      ]),
    )

/** Destinations with keys, last delivery and what is stuck. The secret is never among it. */
export async function withFacts(
  tx: Tx,
  reference: Reference,
  rows: readonly DestinationRow[],
  now: Date,
): Promise<Destination[]> {
  if (rows.length === 0) return []
  const ids = rows.map(({ id }) => id)
  const keys = await tx
    .selectFrom('sharing.key')
    .selectAll()
    .where('destinationId', 'in', ids)
    .orderBy('createdAt', 'desc')
    .execute()
  const last = await tx
    .selectFrom('sharing.delivery')
    .distinctOn('destinationId')
    .selectAll()
    .where('destinationId', 'in', ids)
    .where('kind', '<>', 'test')
    .orderBy('destinationId')
    .orderBy('id', 'desc')
    .execute()
  const acknowledged = await tx
    .selectFrom('sharing.delivery')
    .select((eb) => ['destinationId', eb.fn.max('acknowledgedAt').as('at')])
    .where('destinationId', 'in', ids)
    .where('kind', '<>', 'test')
    .groupBy('destinationId')
    .execute()
  const stuck = await stuckRows(tx)
    .select((eb) => ['destinationId', 'status', eb.fn.countAll<number>().as('count')])
    .where('destinationId', 'in', ids)
    .groupBy(['destinationId', 'status'])
    .execute()
  return rows.map(({ sealedSecret, path: _path, updatedAt: _updatedAt, clearBy: _clearBy, ...row }) => {
    const mine = stuck.filter(({ destinationId }) => destinationId === row.id)
    const count = (dead: boolean) =>
      mine
        .filter(({ status }) => (status === 'dead' || status === 'held') === dead)
        .reduce((sum, each) => sum + each.count, 0)
    const newest = last.find(({ destinationId }) => destinationId === row.id)
    return {
      ...row,
      areaName: reference.areaName(row.areaCode),
      hasSecret: sealedSecret !== null,
      nextAt: iso(row.nextAt),
      createdAt: row.createdAt.toISOString(),
      keys: keys.filter(({ destinationId }) => destinationId === row.id).map(toKey),
      last: newest ? toDelivery(newest, now) : null,
      lastAcknowledgedAt: iso(acknowledged.find(({ destinationId }) => destinationId === row.id)?.at ?? null),
      dead: count(true),
      failing: count(false),
    }
  })
}

/** Destinations of the caller's area by name. */
export async function listDestinations(kernel: Kernel, reference: Reference, caller: Caller): Promise<Destination[]> {
  return readScope(kernel.db, scopeFor(caller, 'sharing.read'), async (tx) => {
    const rows = await tx.selectFrom('sharing.destination').selectAll().orderBy('name').orderBy('id').execute()
    return withFacts(tx, reference, rows, kernel.clock.now())
  })
}

/** Deliveries to a destination, newest first. @throws Problem 404 outside the area, 400 for a cursor that is none */
export async function listDeliveries(
  kernel: Kernel,
  caller: Caller,
  destinationId: string,
  query: { cursor?: string; limit?: number },
): Promise<{ items: Delivery[]; next: string | null }> {
  if (query.cursor !== undefined && !/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(query.cursor))
    throw invalidField('/query/cursor', '翻页标记无效')
  const limit = query.limit ?? 50
  return readScope(kernel.db, scopeFor(caller, 'sharing.read'), async (tx) => {
    const known = await tx
      .selectFrom('sharing.destination')
      .select('id')
      .where('id', '=', destinationId)
      .executeTakeFirst()
    if (!known) throw notFound('接收方')
    let select = tx
      .selectFrom('sharing.delivery')
      .selectAll()
      .where('destinationId', '=', destinationId)
      .orderBy('id', 'desc')
      .limit(limit + 1)
    if (query.cursor !== undefined) select = select.where('id', '<', query.cursor)
    const rows = await select.execute()
    const now = kernel.clock.now()
    return {
      items: rows.slice(0, limit).map((row) => toDelivery(row, now)),
      next: rows.length > limit ? rows[limit - 1]!.id : null,
    }
  })
}

/** A delivery with its attempts, the first one first. @throws Problem 404 outside the area */
export async function readDelivery(
  kernel: Kernel,
  caller: Caller,
  id: string,
): Promise<{ delivery: Delivery; attempts: Attempt[] }> {
  return readScope(kernel.db, scopeFor(caller, 'sharing.read'), async (tx) => {
    const row = await tx.selectFrom('sharing.delivery').selectAll().where('id', '=', id).executeTakeFirst()
    if (!row) throw notFound('推送')
    const attempts = await tx
      .selectFrom('sharing.attempt')
      .selectAll()
      .where('deliveryId', '=', id)
      .orderBy('number')
      .execute()
    return { delivery: toDelivery(row, kernel.clock.now()), attempts: attempts.map(toAttempt) }
  })
}

/** What could not be delivered in the caller's area, one line for each destination, the oldest first. */
export async function readStuck(
  kernel: Kernel,
  reference: Reference,
  caller: Caller,
): Promise<{ dead: number; failing: number; items: StuckDestination[] }> {
  return readScope(kernel.db, scopeFor(caller, 'sharing.read'), async (tx) => {
    const rows = await stuckRows(tx)
      .select((eb) => [
        'destinationId',
        sql<number>`count(*) filter (where status in ('dead', 'held'))`.as('dead'),
        sql<number>`count(*) filter (where status not in ('dead', 'held'))`.as('failing'),
        eb.fn.min('createdAt').as('oldest'),
        sql<string | null>`(array_agg(error order by id desc))[1]`.as('error'),
      ])
      .groupBy('destinationId')
      .orderBy('oldest')
      .execute()
    const names = new Map(
      (await tx.selectFrom('sharing.destination').select(['id', 'name', 'areaCode']).execute()).map((row) => [
        row.id,
        row,
      ]),
    )
    const items = rows.map(({ destinationId, dead, failing, oldest, error }) => {
      const destination = names.get(destinationId)
      return {
        destinationId,
        name: destination?.name ?? '',
        areaName: destination ? reference.areaName(destination.areaCode) : '',
        dead,
        failing,
        oldest: oldest.toISOString(),
        error,
      }
    })
    const sum = (key: 'dead' | 'failing') => items.reduce((total, item) => total + item[key], 0)
    return { dead: sum('dead'), failing: sum('failing'), items }
  })
}
