import type { Readable } from 'node:stream'
import { dayOf, isDay, uuidv7 } from '@vigil/codes'
import type { BodyOf, Download, StopCampaign, StopCheckTask, stopCheckRoutes } from '@vigil/contract'
import { sql } from 'kysely'
import { assertCan, type Caller, scopeFor } from '../../kernel/access/caller.ts'
import { record } from '../../kernel/audit/index.ts'
import { auditOf, command } from '../../kernel/command/command.ts'
import { readScope, type Tx } from '../../kernel/db/index.ts'
import { conflict, invalidField, notFound } from '../../kernel/error/problem.ts'
import { keepFile } from '../../kernel/file/index.ts'
import { shownCampaign, shownTask } from './check.read.ts'
import { boundStores } from './order.notice.ts'
import { resultOf } from './stopsale.domain.ts'
import type { Parts } from './stopsale.parts.ts'
import type { CampaignRow, TaskRow } from './stopsale.table.ts'

type Routes = typeof stopCheckRoutes
const mostPhotos = 9

/**
 * Starts an inspection of all stores of an area that are in business: one task for each, made in one statement.
 * @throws Problem 400 for an impossible day, 404 for an area or order outside, 409 when there is no store
 */
export async function createCampaign(
  parts: Parts,
  caller: Caller,
  body: BodyOf<Routes['stop-check.create']>,
): Promise<StopCampaign> {
  const { kernel, reference, book } = parts
  const area = reference.area(body.areaCode)
  if (!area) throw notFound('区划')
  assertCan(caller, 'stopsale.manage', area.path, '区划')
  const now = kernel.clock.now()
  if (!isDay(body.dueOn) || body.dueOn < dayOf(now)) throw invalidField('/dueOn', '完成期限不能早于今天')
  if (body.orderId !== null && !book.order(body.orderId)) throw notFound('停售目录')
  const stores = boundStores(parts, area.path)
  if (stores.length === 0) throw conflict('这个辖区没有在营药店', 'empty')
  const id = uuidv7()
  await command(kernel.db, caller, 'stopsale.manage', async (tx, audit) => {
    const campaign = { id, name: body.name.trim(), areaCode: area.code, path: area.path }
    await tx
      .insertInto('stopsale.campaign')
      .values({ ...campaign, orderId: body.orderId, dueOn: body.dueOn, createdAt: now, createdBy: caller.name })
      .execute()
    const column = <T>(pick: (store: (typeof stores)[number]) => T) => stores.map(pick)
    await sql`INSERT INTO stopsale.task (id, campaign_id, store_code, county, area_code, path)
      SELECT t.id, ${id}, t.code, t.county, t.area, t.path FROM unnest(${column(() => uuidv7())}::uuid[], ${column((s) => s.code)}::text[],
        ${column((s) => s.county)}::text[], ${column((s) => s.areaCode)}::text[], ${column((s) => s.path)}::text[])
        AS t(id, code, county, area, path)`.execute(tx)
    await audit({
      action: 'stop-check.create',
      object: `stop-check:${id}`,
      path: area.path,
      areaCode: area.code,
      detail: { stores: stores.length, dueOn: body.dueOn },
    })
  })
  return shownCampaign(parts, caller, id)
}

/** Closes a campaign. @throws Problem 404 outside the area, 409 when it is closed */
export async function closeCampaign(parts: Parts, caller: Caller, id: string): Promise<StopCampaign> {
  await command(parts.kernel.db, caller, 'stopsale.manage', async (tx, audit) => {
    const row = await tx.selectFrom('stopsale.campaign').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
    if (!row) throw notFound('检查')
    assertCan(caller, 'stopsale.manage', row.path, '检查')
    if (row.state === 'closed') throw conflict('检查已经结束', 'closed')
    await tx.updateTable('stopsale.campaign').set({ state: 'closed' }).where('id', '=', id).execute()
    await audit({ action: 'stop-check.close', object: `stop-check:${id}`, path: row.path, areaCode: row.areaCode })
  })
  return shownCampaign(parts, caller, id)
}

/** A task of an open campaign, locked. @throws Problem 404 outside the scope, 409 when the campaign is closed */
async function lockTask(tx: Tx, caller: Caller, id: string): Promise<{ task: TaskRow; campaign: CampaignRow }> {
  const task = await tx.selectFrom('stopsale.task').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
  if (!task) throw notFound('检查任务')
  assertCan(caller, 'compliance.handle', task.path, '检查任务')
  const campaign = await tx
    .selectFrom('stopsale.campaign')
    .selectAll()
    .where('id', '=', task.campaignId)
    .executeTakeFirstOrThrow()
  if (campaign.state === 'closed') throw conflict('检查已经结束，不能再登记', 'closed')
  return { task, campaign }
}

const aboutTask = ({ id, path, areaCode }: TaskRow) => ({ object: `stop-check-task:${id}`, path, areaCode })

/**
 * Records what was found in a store; found again, the newer finding stands and both are in the log.
 * @throws Problem 400 when a point is not answered, 404 outside the area, 409 when somebody else was first
 */
export async function submitCheck(
  parts: Parts,
  caller: Caller,
  id: string,
  body: BodyOf<Routes['stop-check.submit']>,
): Promise<StopCheckTask> {
  const { kernel } = parts
  const answers = Object.fromEntries(body.answers.map(({ point, answer }) => [point, answer]))
  if (Object.keys(answers).length !== body.answers.length) throw invalidField('/answers', '每个检查项只能填写一次')
  const result = resultOf(answers)
  if (result === 'fail' && body.note.trim() === '') throw invalidField('/note', '有不符合项，请写明情况', 'required')
  await command(kernel.db, caller, 'compliance.handle', async (tx, audit) => {
    const { task } = await lockTask(tx, caller, id)
    if (task.revision !== body.revision) throw conflict('这家店刚被他人登记过，请刷新', 'revision')
    await tx
      .updateTable('stopsale.task')
      .set({
        result,
        answers: JSON.stringify(answers),
        note: body.note.trim(),
        officerId: caller.id,
        officer: caller.name,
        doneAt: kernel.clock.now(),
        revision: task.revision + 1,
      })
      .where('id', '=', id)
      .execute()
    await audit({ action: 'stop-check.submit', ...aboutTask(task), detail: { result, answers, before: task.result } })
  })
  return shownTask(parts, caller, id)
}

/** Keeps a photo taken in a store. @throws Problem 400 for another kind of file, 404 outside the area, 409 beyond nine */
export async function addPhoto(
  parts: Parts,
  caller: Caller,
  id: string,
  upload: { filename: string; stream: Readable },
): Promise<StopCheckTask> {
  const { kernel } = parts
  const task = await readScope(kernel.db, scopeFor(caller, 'compliance.handle'), (tx) =>
    tx.selectFrom('stopsale.task').selectAll().where('id', '=', id).executeTakeFirst(),
  )
  if (!task) {
    upload.stream.resume()
    throw notFound('检查任务')
  }
  await keepFile(kernel, caller, task.path, upload, ['image/png', 'image/jpeg'], async (tx, file) => {
    await lockTask(tx, caller, id)
    const { count } = await tx
      .selectFrom('stopsale.photo')
      .select(({ fn }) => fn.countAll<number>().as('count'))
      .where('taskId', '=', id)
      .executeTakeFirstOrThrow()
    if (count >= mostPhotos) throw conflict(`每家店最多 ${mostPhotos} 张照片`, 'full')
    await tx
      .insertInto('stopsale.photo')
      .values({ ...file, id: uuidv7(), taskId: id, path: task.path, at: kernel.clock.now(), by: caller.name })
      .execute()
    const detail = { bytes: file.bytes, sha256: file.sha256 }
    await record(tx, auditOf(caller, { action: 'stop-check.add-photo', ...aboutTask(task), detail }))
  })
  return shownTask(parts, caller, id)
}

/** A photo of a task in the caller's area. @throws Problem 404 */
export async function readPhoto({ kernel }: Parts, caller: Caller, id: string, photoId: string): Promise<Download> {
  const row = await readScope(kernel.db, scopeFor(caller, 'stopsale.read'), (tx) =>
    tx.selectFrom('stopsale.photo').selectAll().where('id', '=', photoId).where('taskId', '=', id).executeTakeFirst(),
  )
  if (!row) throw notFound('照片')
  const { mediaType, filename, stream } = await kernel.files.open(row.fileId)
  return { mediaType, filename, body: stream }
}
