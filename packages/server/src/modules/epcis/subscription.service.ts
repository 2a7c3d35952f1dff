import { uuidv7 } from '@vigil/codes'
import { parseInstant } from '@vigil/epcis/document'
import { type Selectable, sql } from 'kysely'
import type { Caller } from '../../kernel/access/caller.ts'
import { command } from '../../kernel/command/command.ts'
import { readScope, type Scope, type Tx } from '../../kernel/db/index.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import type { Guard } from '../sharing/index.ts'
import type { SubscriptionTable } from './epcis.table.ts'
import { exception } from './exception.ts'
import { simpleQueryName } from './named.service.ts'
import { nextTime, type Schedule, type ScheduleField, scheduleFields, valuesOf } from './schedule.domain.ts'

export type SubscriptionRow = Selectable<SubscriptionTable>
/** Events that are sent together, unless the recipient finds them too many. */
const usualBatch = 100

export interface NewSubscription {
  readonly dest: string
  readonly token: string | null
  readonly schedule: Schedule | null
  readonly reportIfEmpty: boolean
  readonly initialRecordTime: Date | null
}

export const sealedName = (id: string) => `epcis.subscription/${id}/token`
const wrong = (why: string) => exception('SubscriptionControlsException', why)

/** A schedule from a request. @throws Problem 400 for one that names no time */
export function takeSchedule(given: unknown, now: Date): Schedule {
  if (typeof given !== 'object' || given === null || Object.keys(given).length === 0)
    throw wrong('schedule 应至少有一项')
  for (const [field, value] of Object.entries(given)) {
    if (!Object.hasOwn(scheduleFields, field)) throw wrong(`schedule 没有 ${field} 这一项`)
    if (typeof value !== 'string' || !valuesOf(field as ScheduleField, value))
      throw wrong(`schedule 的 ${field} 写法有误`)
  }
  if (!nextTime(given as Schedule, now)) throw wrong('schedule 所指的日期不存在')
  return given as Schedule
}

/** A subscription from a body. @throws Problem 400 */
export function takeSubscription(body: unknown, guard: Pick<Guard, 'refuse'>, now: Date): NewSubscription {
  const given = (typeof body === 'object' && body !== null ? body : {}) as Record<string, unknown>
  const { dest, signatureToken: token, stream, schedule, reportIfEmpty, initialRecordTime } = given
  if (typeof dest !== 'string' || !URL.canParse(dest)) throw wrong('dest 应为接收地址')
  const refusal = guard.refuse(new URL(dest))
  if (refusal) throw wrong(refusal)
  if (token !== undefined && (typeof token !== 'string' || token === '' || token.length > 500))
    throw wrong('signatureToken 应为 1 至 500 个字符')
  if ((stream === true) === (schedule !== undefined)) throw wrong('stream 与 schedule 须有且只有一项')
  if (reportIfEmpty !== undefined && typeof reportIfEmpty !== 'boolean') throw wrong('reportIfEmpty 应为 true 或 false')
  const since = typeof initialRecordTime === 'string' ? parseInstant(initialRecordTime) : null
  if (initialRecordTime !== undefined && !since) throw wrong('initialRecordTime 应为带时区的时间')
  return {
    dest,
    token: (token as string | undefined) ?? null,
    schedule: schedule === undefined ? null : takeSchedule(schedule, now),
    // A stream has no times at which there could be nothing.
    reportIfEmpty: reportIfEmpty === true && schedule !== undefined,
    initialRecordTime: since && new Date(since.time),
  }
}

/** What is told of a subscription; never its token. */
export const shown = (row: SubscriptionRow) => ({
  subscriptionID: row.id,
  dest: row.dest,
  createdAt: row.createdAt.toISOString(),
  ...(row.notifiedAt && { lastNotifiedAt: row.notifiedAt.toISOString() }),
  initialRecordTime: row.initialRecordTime.toISOString(),
  ...(row.stream ? { stream: true } : { schedule: row.schedule, reportIfEmpty: row.reportIfEmpty }),
  ...(row.failures > 0 && { failures: row.failures, error: row.error, nextAttemptAt: row.nextAt.toISOString() }),
})

/** @throws Problem 404 for an unknown query, 400 for the one of all events */
export async function subscribe(
  { db, vault, clock }: Pick<Kernel, 'db' | 'vault' | 'clock'>,
  caller: Caller,
  queryName: string,
  path: string,
  wanted: NewSubscription,
): Promise<SubscriptionRow> {
  if (queryName === simpleQueryName) throw wrong('请先把要订阅的查询以名称保存')
  const now = clock.now()
  return command(db, caller, 'epcis.subscribe', async (tx, audit) => {
    await assertQuery(tx, queryName)
    const id = uuidv7()
    const row = await tx
      .insertInto('epcis.subscription')
      .values({
        id,
        queryName,
        path,
        dest: new URL(wanted.dest).href,
        sealedToken: wanted.token === null ? null : vault.sealLongTerm(wanted.token, sealedName(id)),
        stream: wanted.schedule === null,
        schedule: wanted.schedule && JSON.stringify(wanted.schedule),
        reportIfEmpty: wanted.reportIfEmpty,
        initialRecordTime: wanted.initialRecordTime ?? now,
        // Older ones are passed over unless they are asked for by their record time.
        afterTxid: wanted.initialRecordTime ? '0' : sql<string>`pg_snapshot_xmin(pg_current_snapshot())`,
        afterSeq: 0,
        untilTxid: null,
        untilSeq: null,
        batch: usualBatch,
        nextAt: wanted.schedule ? nextTime(wanted.schedule, now)! : now,
        leaseUntil: null,
        error: null,
        notifiedAt: null,
        createdAt: now,
        createdBy: caller.name,
      })
      .returningAll()
      .executeTakeFirstOrThrow()
    const detail = { query: queryName, host: new URL(wanted.dest).host }
    await audit({ action: 'epcis.subscribe', object: `epcis-subscription/${id}`, path, detail })
    return row
  })
}

async function assertQuery(tx: Tx, name: string): Promise<void> {
  const found = await tx.selectFrom('epcis.query').select('name').where('name', '=', name).executeTakeFirst()
  if (!found) throw exception('NoSuchNameException', `没有名为 ${name} 的查询`)
}

/** Subscriptions of a query, oldest first. @param after id of the last one of the page before @throws Problem 404 for an unknown query */
export async function listSubscriptions(
  { db }: Pick<Kernel, 'db'>,
  scope: Scope,
  queryName: string,
  { size, after }: { readonly size: number; readonly after: string },
): Promise<{ items: SubscriptionRow[]; next: string | null }> {
  const rows = await readScope(db, scope, async (tx) => {
    if (queryName !== simpleQueryName) await assertQuery(tx, queryName)
    return tx
      .selectFrom('epcis.subscription')
      .selectAll()
      .where('queryName', '=', queryName)
      .where(sql<string>`id::text`, '>', after)
      .orderBy('id')
      .limit(size + 1)
      .execute()
  })
  const items = rows.slice(0, size)
  return { items, next: rows.length > size ? items.at(-1)!.id : null }
}

/** @throws Problem 404 */
export async function getSubscription({ db }: Pick<Kernel, 'db'>, scope: Scope, queryName: string, id: string) {
  const row = await readScope(db, scope, (tx) =>
    tx
      .selectFrom('epcis.subscription')
      .selectAll()
      .where('queryName', '=', queryName)
      .where('id', '=', id)
      .executeTakeFirst(),
  )
  if (!row) throw exception('NoSuchResourceException', '没有这个订阅')
  return row
}

/** @throws Problem 404 */
export async function unsubscribe(
  { db }: Pick<Kernel, 'db'>,
  caller: Caller,
  queryName: string,
  id: string,
): Promise<void> {
  await command(db, caller, 'epcis.subscribe', async (tx, audit) => {
    const gone = await tx
      .deleteFrom('epcis.subscription')
      .where('queryName', '=', queryName)
      .where('id', '=', id)
      .returning('path')
      .executeTakeFirst()
    if (!gone) throw exception('NoSuchResourceException', '没有这个订阅')
    await audit({ action: 'epcis.unsubscribe', object: `epcis-subscription/${id}`, path: gone.path })
  })
}
