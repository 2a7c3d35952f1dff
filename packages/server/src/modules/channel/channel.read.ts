import type { ChannelTarget, channelRoutes, QueryOf, TellDelivery } from '@vigil/contract'
import { sql } from 'kysely'
import { type Caller, scopeFor } from '../../kernel/access/caller.ts'
import { readScope, systemScope, type Tx } from '../../kernel/db/index.ts'
import { invalidField } from '../../kernel/error/problem.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import type { Reference } from '../pharmacy/index.ts'
import type { TargetRow } from './channel.store.ts'

/** Targets with what became of their messages; address and secret are never among it. */
export async function toTargets(tx: Tx, reference: Reference, rows: readonly TargetRow[]): Promise<ChannelTarget[]> {
  if (rows.length === 0) return []
  const ids = rows.map(({ id }) => id)
  const last = await tx
    .selectFrom('channel.delivery')
    .distinctOn('targetId')
    .select(['targetId', 'status', 'createdAt', 'sentAt', 'error'])
    .where('targetId', 'in', ids)
    .orderBy('targetId')
    .orderBy('id', 'desc')
    .execute()
  const { rows: counts } = await sql<{ targetId: string; waiting: number; dead: number }>`
    select target_id, (count(*) filter (where status = 'waiting'))::int as waiting,
      (count(*) filter (where status = 'dead'))::int as dead
    from channel.delivery where target_id = any (${ids}::uuid[]) and status in ('waiting', 'dead')
      and created_at > now() - interval '30 days' group by target_id`.execute(tx)
  return rows.map((row) => {
    const newest = last.find(({ targetId }) => targetId === row.id)
    const count = counts.find(({ targetId }) => targetId === row.id)
    return {
      id: row.id,
      kind: row.kind,
      name: row.name,
      hint: row.hint,
      signed: row.sealedSecret !== null,
      areaCode: row.areaCode,
      areaName: row.areaCode ? reference.areaName(row.areaCode) : '',
      grades: row.grades,
      quiet: row.quiet,
      active: row.active,
      revision: row.revision,
      last: newest
        ? {
            status: newest.status,
            at: (newest.sentAt ?? newest.createdAt).toISOString(),
            error: newest.status === 'sent' ? null : newest.error,
          }
        : null,
      waiting: count?.waiting ?? 0,
      dead: count?.dead ?? 0,
    }
  })
}

/** Deliveries as they are shown, newest first. */
export async function toDeliveries(tx: Tx, ids: readonly string[]): Promise<TellDelivery[]> {
  if (ids.length === 0) return []
  const rows = await tx
    .selectFrom('channel.delivery as d')
    .innerJoin('channel.message as m', 'm.id', 'd.messageId')
    .innerJoin('channel.target as t', 't.id', 'd.targetId')
    .select([
      'd.id',
      'd.targetId',
      't.name as target',
      't.kind as channel',
      'm.kind',
      'm.grade',
      'm.title',
      'd.status',
      'd.attempts',
      'd.nextAt',
      'd.error',
      'd.createdAt',
      'd.sentAt',
    ])
    .where('d.id', 'in', [...ids])
    .orderBy('d.id', 'desc')
    .execute()
  return rows.map(({ nextAt, createdAt, sentAt, ...row }) => ({
    ...row,
    nextAt: row.status === 'waiting' ? nextAt.toISOString() : null,
    createdAt: createdAt.toISOString(),
    sentAt: sentAt?.toISOString() ?? null,
  }))
}

/** Group robots and mailboxes of the caller's area, by name. */
export async function listTargets(kernel: Kernel, reference: Reference, caller: Caller): Promise<ChannelTarget[]> {
  return readScope(kernel.db, scopeFor(caller, 'channel.manage'), async (tx) => {
    const rows = await tx
      .selectFrom('channel.target')
      .selectAll()
      .where('ownerId', 'is', null)
      .where('subject', 'is', null)
      .where('removedAt', 'is', null)
      .orderBy('path')
      .orderBy('name')
      .execute()
    return toTargets(tx, reference, rows)
  })
}

/** How the caller is told himself; nothing for a program. */
export async function listOwn(kernel: Kernel, reference: Reference, caller: Caller): Promise<ChannelTarget[]> {
  const { id } = caller
  if (caller.kind !== 'account' || !id) return []
  return readScope(kernel.db, systemScope, async (tx) => {
    const rows = await tx
      .selectFrom('channel.target')
      .selectAll()
      .where('ownerId', '=', id)
      .where('removedAt', 'is', null)
      .orderBy('id')
      .execute()
    return toTargets(tx, reference, rows)
  })
}

/** The last messages to the caller himself. */
export async function ownDeliveries(kernel: Kernel, caller: Caller): Promise<TellDelivery[]> {
  const { id } = caller
  if (caller.kind !== 'account' || !id) return []
  return readScope(kernel.db, systemScope, async (tx) => {
    const rows = await tx
      .selectFrom('channel.delivery as d')
      .innerJoin('channel.target as t', 't.id', 'd.targetId')
      .select('d.id')
      .where('t.ownerId', '=', id)
      .orderBy('d.id', 'desc')
      .limit(20)
      .execute()
    return toDeliveries(
      tx,
      rows.map((row) => row.id),
    )
  })
}

/** Messages to the area's robots and mailboxes, newest first; those to persons are their own. @throws Problem 400 */
export async function listDeliveries(
  kernel: Kernel,
  caller: Caller,
  { status, target, cursor, limit = 50 }: QueryOf<(typeof channelRoutes)['channel.deliveries']>,
): Promise<{ items: TellDelivery[]; next: string | null }> {
  if (cursor !== undefined && !/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(cursor))
    throw invalidField('/query/cursor', '翻页标记无效')
  return readScope(kernel.db, scopeFor(caller, 'channel.manage'), async (tx) => {
    let select = tx
      .selectFrom('channel.delivery as d')
      .innerJoin('channel.target as t', 't.id', 'd.targetId')
      .select('d.id')
      .where('t.ownerId', 'is', null)
      .where('t.subject', 'is', null)
      .orderBy('d.id', 'desc')
      .limit(limit + 1)
    if (status) select = select.where('d.status', '=', status)
    if (target) select = select.where('d.targetId', '=', target)
    if (cursor !== undefined) select = select.where('d.id', '<', cursor)
    const ids = (await select.execute()).map(({ id }) => id)
    return {
      items: await toDeliveries(tx, ids.slice(0, limit)),
      next: ids.length > limit ? ids[limit - 1]! : null,
    }
  })
}
