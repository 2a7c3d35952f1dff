import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { uuidv7 } from '@vigil/codes'
import type { EpcisEvent } from '@vigil/epcis/document'
import { type Caller, scopeFor } from '../../kernel/access/caller.ts'
import { findArea } from '../../kernel/area/index.ts'
import { command } from '../../kernel/command/command.ts'
import { readScope } from '../../kernel/db/index.ts'
import type { EpcisRepository } from './capture.ts'
import { exception } from './exception.ts'
import type { JobLoop } from './job.loop.ts'
import type { JobRow } from './job.store.ts'
import type { Refusal } from './refusal.ts'

const zip = promisify(gzip)

/**
 * Where a caller's events belong: the subtree in which he may capture, or the area he names within it.
 * @throws Problem 400 when he may capture in several and names none, 404 for an area that is not his
 */
export async function capturePath(
  { kernel }: EpcisRepository,
  caller: Caller,
  areaCode: string | undefined,
): Promise<string> {
  const scope = scopeFor(caller, 'epcis.capture')
  if (areaCode) {
    const area = await findArea(kernel.db, areaCode)
    if (!area || !scope.some((path) => area.path.startsWith(path)))
      throw exception('NoSuchResourceException', '区划不存在，或不在您的管辖范围内')
    return area.path
  }
  if (scope.length > 1) throw exception('ValidationException', '您可在多个区划采集，请以 Vigil-Area 请求头写明区划代码')
  return scope[0]!
}

export interface NewJob {
  readonly behaviour: 'rollback' | 'proceed'
  readonly mediaType: string
  readonly body: Buffer
  readonly events: readonly EpcisEvent[]
  readonly path: string
}

/** Takes a document in: from then on it will be captured, whatever happens to this process. @returns id of the job */
export async function createJob(
  { kernel }: EpcisRepository,
  loop: JobLoop,
  caller: Caller,
  { behaviour, mediaType, body, events, path }: NewJob,
): Promise<string> {
  const id = uuidv7()
  const document = await zip(body, { level: 1 })
  await command(kernel.db, caller, 'epcis.capture', async (tx, audit) => {
    const createdAt = kernel.clock.now()
    await tx
      .insertInto('epcis.job')
      .values({
        id,
        path,
        behaviour,
        mediaType,
        document,
        total: events.length,
        createdAt,
        createdBy: caller.name,
        leaseUntil: null,
        finishedAt: null,
      })
      .execute()
    await audit({
      action: 'epcis.capture',
      object: `epcis-job/${id}`,
      path,
      detail: { events: events.length, behaviour },
    })
  })
  loop.take(id, events)
  return id
}

const problem = ({ position, hash, path, rule, message }: Refusal) => ({
  type: position < 0 ? 'epcisException:ImplementationException' : 'epcisException:ValidationException',
  title: rule,
  status: position < 0 ? 500 : 400,
  detail: message,
  ...(hash && { instance: hash }),
  ...(position >= 0 && { position, pointer: `/epcisBody/eventList/${position}${path}` }),
})

const shown = (job: JobRow) => ({
  captureID: job.id,
  createdAt: job.createdAt.toISOString(),
  ...(job.finishedAt && { finishedAt: job.finishedAt.toISOString() }),
  running: job.finishedAt === null,
  success: job.success,
  captureErrorBehaviour: job.behaviour,
  errors: job.errors.map(problem),
  total: job.total,
  stored: job.stored,
  known: job.known,
  refused: job.refused,
})

/** @throws Problem 404 */
export async function readJob({ kernel }: EpcisRepository, caller: Caller, id: string) {
  const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id)
  const job = await readScope(kernel.db, scopeFor(caller, 'epcis.capture'), async (tx) =>
    uuid ? tx.selectFrom('epcis.job').selectAll().where('id', '=', id).executeTakeFirst() : undefined,
  )
  if (!job) throw exception('NoSuchResourceException', '没有这个采集任务')
  return shown(job)
}

/** Jobs, newest first. @param before id of the last one of the page before */
export async function listJobs({ kernel }: EpcisRepository, caller: Caller, size: number, before: string | null) {
  const rows = await readScope(kernel.db, scopeFor(caller, 'epcis.capture'), (tx) =>
    tx
      .selectFrom('epcis.job')
      .selectAll()
      .$if(before !== null, (query) => query.where('id', '<', before!))
      .orderBy('id', 'desc')
      .limit(size + 1)
      .execute(),
  )
  const items = rows.slice(0, size)
  return { items: items.map(shown), next: rows.length > size ? items.at(-1)!.id : null }
}
