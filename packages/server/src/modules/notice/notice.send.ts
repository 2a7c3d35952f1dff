import { uuidv7 } from '@vigil/codes'
import type { NoticeQuestion } from '@vigil/contract'
import { findStoreFacts } from '../../kernel/access/store-facts.ts'
import { type AuditInput, record } from '../../kernel/audit/index.ts'
import type { Tx } from '../../kernel/db/index.ts'
import { notFound } from '../../kernel/error/problem.ts'
import type { NoticeTable } from './notice.table.ts'

/** The module that sends, and its own id of the cause (an order, a warning, an alert). */
export interface NoticeSource {
  readonly module: string
  readonly id: string
}

/** What a store is to be told. No personal data in title and body: they stand on a counter's screen. */
export interface NewNotice {
  readonly storeCode: string
  /** Area path + store code + '/'; looked up when left out. */
  readonly path?: string
  readonly kind: NoticeTable['kind']
  /** At most 100 characters. */
  readonly title: string
  /** At most 4,000 characters; line breaks are kept. */
  readonly body: string
  readonly needs: NoticeTable['needs']
  readonly dueAt: Date | null
  readonly source: NoticeSource
  /** For `needs: 'answer'`; without them one question asks for an explanation. */
  readonly questions?: readonly NoticeQuestion[]
  /** Name of the person or programme that sends. */
  readonly by: string
  readonly at: Date
}

/** Who the audit log says did it; the system itself when left out. */
export type NoticeActor = Pick<AuditInput, 'actorId' | 'ip' | 'userAgent' | 'requestId'>
const system: NoticeActor = { actorId: null, ip: '', userAgent: '', requestId: '' }

const explain: NoticeQuestion = { code: 'explanation', text: '请说明情况和整改措施', kind: 'text', required: true }
const perStatement = 500

function assertFits(notice: NewNotice): void {
  if (notice.title.length > 100 || notice.body.length > 4000)
    throw new Error(`a notice of ${notice.source.module} is longer than a counter shows`)
  if (notice.questions && notice.needs !== 'answer') throw new Error('questions are for notices that need an answer')
}

/**
 * Tells stores something, in the transaction of its cause; an audit row each. A store that was told of the same source
 * before is not told again.
 * @returns ids by store code of the notices that are new
 * @throws Problem 404 for a store outside the transaction's scope; Error for a text that is too long
 */
export async function sendNotices(
  tx: Tx,
  notices: readonly NewNotice[],
  actor: NoticeActor = system,
): Promise<Map<string, string>> {
  const rows = []
  for (const notice of notices) {
    assertFits(notice)
    const path = notice.path ?? (await findStoreFacts(tx, notice.storeCode))?.path
    if (path === undefined) throw notFound('药店')
    const asked = notice.questions ?? (notice.needs === 'answer' ? [explain] : [])
    rows.push({
      id: uuidv7(),
      storeCode: notice.storeCode,
      path,
      kind: notice.kind,
      title: notice.title,
      body: notice.body,
      needs: notice.needs,
      questions: JSON.stringify(asked),
      sourceModule: notice.source.module,
      sourceId: notice.source.id,
      sentAt: notice.at,
      sentBy: notice.by,
      dueAt: notice.dueAt,
    })
  }
  const sent = new Map<string, string>()
  for (let from = 0; from < rows.length; from += perStatement) {
    const made = await tx
      .insertInto('notice.notice')
      .values(rows.slice(from, from + perStatement))
      .onConflict((conflict) => conflict.columns(['sourceModule', 'sourceId', 'storeCode']).doNothing())
      .returning(['id', 'storeCode', 'path', 'kind', 'sentBy', 'needs'])
      .execute()
    for (const { id, storeCode } of made) sent.set(storeCode, id)
    await record(
      tx,
      ...made.map(({ id, storeCode, path, kind, sentBy, needs }) => ({
        ...actor,
        actor: sentBy,
        action: 'notice.send',
        outcome: 'done' as const,
        object: `notice:${id}`,
        areaCode: null,
        path,
        detail: { store: storeCode, kind, needs },
      })),
    )
  }
  return sent
}

/**
 * Tells one store something; see `sendNotices`.
 * @returns the id; undefined when the store was told of this source before
 */
export async function sendNotice(tx: Tx, notice: NewNotice, actor?: NoticeActor): Promise<string | undefined> {
  return (await sendNotices(tx, [notice], actor)).get(notice.storeCode)
}

/**
 * Takes back what was sent for a source and is not done yet; it vanishes from the counter.
 * @param stores only these; all when left out
 * @returns how many were taken back
 */
export async function withdrawNotices(
  tx: Tx,
  source: NoticeSource,
  by: string,
  stores?: readonly string[],
): Promise<number> {
  let query = tx
    .updateTable('notice.notice')
    .set({ state: 'withdrawn' })
    .where('sourceModule', '=', source.module)
    .where('sourceId', '=', source.id)
    .where('state', 'in', ['sent', 'read'])
  if (stores) query = query.where('storeCode', 'in', [...stores, ''])
  const taken = await query.returning(['id', 'storeCode', 'path']).execute()
  await record(
    tx,
    ...taken.map(({ id, storeCode, path }) => ({
      ...system,
      actor: by,
      action: 'notice.withdraw',
      outcome: 'done' as const,
      object: `notice:${id}`,
      areaCode: null,
      path,
      detail: { store: storeCode },
    })),
  )
  return taken.length
}
