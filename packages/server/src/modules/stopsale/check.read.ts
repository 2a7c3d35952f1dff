import { isUuidv7 } from '@vigil/codes'
import {
  type ResponseOf,
  type StopCampaign,
  type StopCheckTask,
  stopCheckPoints,
  type stopCheckRoutes,
} from '@vigil/contract'
import { sql } from 'kysely'
import { type Caller, can, narrow, scopeFor } from '../../kernel/access/caller.ts'
import { readScope, type Scope, type Tx } from '../../kernel/db/index.ts'
import { notFound } from '../../kernel/error/problem.ts'
import { binds } from './order.store.ts'
import type { Parts } from './stopsale.parts.ts'
import type { CampaignRow, TaskRow } from './stopsale.table.ts'

type Routes = typeof stopCheckRoutes
interface Figures {
  readonly total: number
  readonly done: number
  readonly passed: number
  readonly failed: number
}

const figures = sql`count(*)::int AS total, count(*) FILTER (WHERE result <> 'pending')::int AS done,
  count(*) FILTER (WHERE result = 'pass')::int AS passed, count(*) FILTER (WHERE result = 'fail')::int AS failed`
const nothing: Figures = { total: 0, done: 0, passed: 0, failed: 0 }

const toCampaign = ({ reference }: Parts, caller: Caller, row: CampaignRow, counts: Figures): StopCampaign => ({
  id: row.id,
  name: row.name,
  areaCode: row.areaCode,
  areaName: reference.areaName(row.areaCode),
  orderId: row.orderId,
  dueOn: row.dueOn,
  state: row.state,
  createdAt: row.createdAt.toISOString(),
  createdBy: row.createdBy,
  manageable: can(caller, 'stopsale.manage', row.path),
  ...counts,
})

async function figuresOf(tx: Tx, ids: readonly string[]): Promise<Map<string, Figures>> {
  const { rows } = await sql<Figures & { id: string }>`SELECT campaign_id AS id, ${figures} FROM stopsale.task
    WHERE campaign_id = ANY(${ids}::uuid[]) GROUP BY 1`.execute(tx)
  return new Map(rows.map(({ id, ...counts }) => [id, counts]))
}

/** Campaigns that reach into the caller's area, open ones first, with the progress there. */
export async function listCampaigns(parts: Parts, caller: Caller): Promise<StopCampaign[]> {
  const scope = scopeFor(caller, 'stopsale.read')
  return readScope(parts.kernel.db, scope, async (tx) => {
    const rows = await tx
      .selectFrom('stopsale.campaign')
      .selectAll()
      .orderBy('state', 'desc')
      .orderBy('id', 'desc')
      .limit(1000)
      .execute()
    const seen = rows.filter(({ path }) => binds(scope, path)).slice(0, 200)
    const counts = await figuresOf(
      tx,
      seen.map(({ id }) => id),
    )
    return seen.map((row) => toCampaign(parts, caller, row, counts.get(row.id) ?? nothing))
  })
}

async function getCampaign(tx: Tx, scope: Scope, id: string): Promise<CampaignRow> {
  const row = await tx.selectFrom('stopsale.campaign').selectAll().where('id', '=', id).executeTakeFirst()
  if (!row || !binds(scope, row.path)) throw notFound('检查')
  return row
}

/** One campaign with the caller's progress. @throws Problem 404 */
export async function shownCampaign(parts: Parts, caller: Caller, id: string): Promise<StopCampaign> {
  const scope = scopeFor(caller, ['stopsale.read', 'stopsale.manage'])
  return readScope(parts.kernel.db, scope, async (tx) => {
    const row = await getCampaign(tx, scope, id)
    return toCampaign(parts, caller, row, (await figuresOf(tx, [id])).get(id) ?? nothing)
  })
}

/** A campaign by area and by point of the checklist. @throws Problem 404 */
export async function readProgress(
  parts: Parts,
  caller: Caller,
  id: string,
): Promise<ResponseOf<Routes['stop-check.progress']>> {
  const { reference } = parts
  const scope = scopeFor(caller, 'stopsale.read')
  return readScope(parts.kernel.db, scope, async (tx) => {
    const row = await getCampaign(tx, scope, id)
    // A county sees its offices, a city its counties.
    const level = reference.area(row.areaCode)?.level === 'city' ? sql`county` : sql`area_code`
    const { rows: areas } = await sql<Figures & { areaCode: string }>`
      SELECT ${level} AS "areaCode", ${figures} FROM stopsale.task WHERE campaign_id = ${id} GROUP BY 1 ORDER BY 1`.execute(
      tx,
    )
    const { rows: points } = await sql<{
      point: (typeof stopCheckPoints)[number]
      yes: number
      no: number
      na: number
    }>`
      SELECT a.key AS point, count(*) FILTER (WHERE a.value = 'yes')::int AS yes, count(*) FILTER (WHERE a.value = 'no')::int AS no,
        count(*) FILTER (WHERE a.value = 'na')::int AS na
      FROM stopsale.task CROSS JOIN LATERAL jsonb_each_text(answers) AS a WHERE campaign_id = ${id} GROUP BY 1`.execute(
      tx,
    )
    const byPoint = new Map(points.map((each) => [each.point, each]))
    const counts = (await figuresOf(tx, [id])).get(id) ?? nothing
    return {
      campaign: toCampaign(parts, caller, row, counts),
      areas: areas.map((each) => ({ ...each, areaName: reference.areaName(each.areaCode) })),
      points: stopCheckPoints.map((point) => byPoint.get(point) ?? { point, yes: 0, no: 0, na: 0 }),
    }
  })
}

async function toTasks(
  { reference }: Parts,
  tx: Tx,
  campaign: Pick<CampaignRow, 'name' | 'dueOn'>,
  rows: readonly TaskRow[],
): Promise<StopCheckTask[]> {
  const ids = rows.map(({ id }) => id)
  const photos = ids.length
    ? await tx.selectFrom('stopsale.photo').selectAll().where('taskId', 'in', ids).orderBy('id').execute()
    : []
  const byTask = Map.groupBy(photos, ({ taskId }) => taskId)
  return rows.map((row) => {
    const store = reference.store(row.storeCode)
    return {
      id: row.id,
      campaignId: row.campaignId,
      campaignName: campaign.name,
      dueOn: campaign.dueOn,
      storeCode: row.storeCode,
      storeName: store?.name ?? row.storeCode,
      address: store?.address ?? '',
      phone: store?.phone ?? null,
      areaName: reference.areaName(row.areaCode),
      result: row.result,
      answers: stopCheckPoints.flatMap((point) => {
        const answer = row.answers[point]
        return answer ? [{ point, answer }] : []
      }),
      note: row.note,
      officer: row.officer,
      doneAt: row.doneAt?.toISOString() ?? null,
      revision: row.revision,
      photos: (byTask.get(row.id) ?? []).map(({ id, filename, bytes, at, by }) => ({
        id,
        filename,
        bytes,
        at: at.toISOString(),
        by,
      })),
    }
  })
}

/** One task. @throws Problem 404 outside the area */
export async function shownTask(parts: Parts, caller: Caller, id: string): Promise<StopCheckTask> {
  return readScope(parts.kernel.db, scopeFor(caller, ['stopsale.read', 'compliance.handle']), async (tx) => {
    const row = await tx.selectFrom('stopsale.task').selectAll().where('id', '=', id).executeTakeFirst()
    if (!row) throw notFound('检查任务')
    const campaign = await tx
      .selectFrom('stopsale.campaign')
      .selectAll()
      .where('id', '=', row.campaignId)
      .executeTakeFirstOrThrow()
    return (await toTasks(parts, tx, campaign, [row]))[0]!
  })
}

/** What inspections found in a store, newest first. @throws Problem 404 outside the area */
export async function listStoreTasks(parts: Parts, caller: Caller, code: string): Promise<StopCheckTask[]> {
  const store = parts.reference.store(code)
  const scope = scopeFor(caller, 'stopsale.read')
  if (!store || narrow(scope, store.path).length === 0) throw notFound('药店')
  return readScope(parts.kernel.db, scope, async (tx) => {
    const rows = await tx
      .selectFrom('stopsale.task')
      .selectAll()
      .where('storeCode', '=', code)
      .orderBy('id', 'desc')
      .limit(20)
      .execute()
    const campaigns = rows.length
      ? await tx
          .selectFrom('stopsale.campaign')
          .select(['id', 'name', 'dueOn'])
          .where(
            'id',
            'in',
            rows.map(({ campaignId }) => campaignId),
          )
          .execute()
      : []
    const items: StopCheckTask[] = []
    for (const row of rows) {
      const campaign = campaigns.find(({ id }) => id === row.campaignId)
      if (campaign) items.push(...(await toTasks(parts, tx, campaign, [row])))
    }
    return items
  })
}

/** Tasks of a campaign in the caller's area: what is to do first, then what was found, by store. @throws Problem 404 */
export async function listTasks(
  parts: Parts,
  caller: Caller,
  id: string,
  query: { area?: string; result?: 'pending' | 'pass' | 'fail'; q?: string; cursor?: string; limit?: number },
): Promise<{ items: StopCheckTask[]; next: string | null }> {
  const { kernel, reference } = parts
  const area = query.area === undefined ? undefined : reference.area(query.area)
  if (query.area !== undefined && !area) throw notFound('区划')
  const scope = narrow(scopeFor(caller, 'stopsale.read'), area?.path)
  const limit = query.limit ?? 50
  const q = query.q?.trim().toUpperCase()
  const named = q
    ? [...reference.stores()]
        .filter((s) => `${s.name} ${s.code} ${s.address}`.toUpperCase().includes(q))
        .map((s) => s.code)
    : undefined
  const [rank, after] = (query.cursor ?? '').split('/')
  return readScope(kernel.db, scope, async (tx) => {
    const campaign = await getCampaign(tx, scope, id)
    let rows = tx
      .selectFrom('stopsale.task')
      .selectAll()
      .where('campaignId', '=', id)
      .orderBy(sql`result <> 'pending'`)
      .orderBy('id')
      .limit(limit + 1)
    if (query.result) rows = rows.where('result', '=', query.result)
    if (named) rows = rows.where('storeCode', 'in', [...named, ''])
    if (after && isUuidv7(after))
      rows = rows.where(sql<boolean>`(result <> 'pending', id) > (${rank === '1'}::boolean, ${after}::uuid)`)
    const found = await rows.execute()
    const shown = found.slice(0, limit)
    const last = shown.at(-1)
    return {
      items: await toTasks(parts, tx, campaign, shown),
      next: found.length > limit && last ? `${last.result === 'pending' ? 0 : 1}/${last.id}` : null,
    }
  })
}
