import type { Notice } from '@vigil/contract'
import { type Caller, scopeFor } from '../../kernel/access/caller.ts'
import { findStoreFacts } from '../../kernel/access/store-facts.ts'
import { readScope, type Tx } from '../../kernel/db/index.ts'
import { notFound } from '../../kernel/error/problem.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import type { Vault } from '../../kernel/vault/index.ts'
import { isOverdue, type Reply } from './notice.domain.ts'
import type { NoticeRow } from './notice.store.ts'

const open = ['sent', 'read'] as const
const keptDays = 30
const most = 100

interface Signed {
  readonly signedBy: string
  readonly replies: readonly Reply[]
}

const sealedOf = (id: string) => `notice.notice/${id}/reply`
/** Signer and answers as they are kept: people write names into them. */
export const sealReply = (vault: Vault, id: string, signed: Signed): Buffer =>
  vault.sealLongTerm(JSON.stringify(signed), sealedOf(id))

/** A notice as it is shown. */
export function toNotice(vault: Vault, row: NoticeRow, now: Date): Notice {
  const signed = row.sealedReply && (JSON.parse(vault.unsealLongTerm(row.sealedReply, sealedOf(row.id))) as Signed)
  return {
    id: row.id,
    storeCode: row.storeCode,
    kind: row.kind,
    title: row.title,
    body: row.body,
    needs: row.needs,
    questions: row.questions,
    state: row.state,
    sentAt: row.sentAt.toISOString(),
    sentBy: row.sentBy,
    dueAt: row.dueAt?.toISOString() ?? null,
    overdue: isOverdue(row, now),
    readAt: row.readAt?.toISOString() ?? null,
    doneAt: row.doneAt?.toISOString() ?? null,
    signedBy: signed?.signedBy ?? null,
    replies: signed ? [...signed.replies] : [],
  }
}

/** What the caller's store has to do, the most urgent first, then what it did in the last 30 days. @throws Problem 404 for an account without a store */
export async function ownNotices(kernel: Kernel, caller: Caller) {
  const { storeCode } = caller
  if (storeCode === null) throw notFound('药店')
  const now = kernel.clock.now()
  const since = new Date(now.getTime() - keptDays * 86_400_000)
  const rows = await readScope(kernel.db, scopeFor(caller, 'notice.own'), async (tx) => {
    const mine = tx.selectFrom('notice.notice').selectAll().where('storeCode', '=', storeCode)
    const todo = await mine.where('state', 'in', open).orderBy('dueAt').orderBy('id').limit(most).execute()
    const done = await mine
      .where('state', '=', 'done')
      .where('doneAt', '>', since)
      .orderBy('id', 'desc')
      .limit(most - todo.length)
      .execute()
    return [...todo, ...done]
  })
  const items = rows.map((row) => toNotice(kernel.vault, row, now))
  const todo = items.filter(({ state }) => state !== 'done')
  return { open: todo.length, overdue: todo.filter(({ overdue }) => overdue).length, items }
}

/** What a store was told, newest first. @throws Problem 404 for a store outside the caller's area */
export async function storeNotices(kernel: Kernel, caller: Caller, storeCode: string): Promise<Notice[]> {
  const now = kernel.clock.now()
  return readScope(kernel.db, scopeFor(caller, 'store.read'), async (tx) => {
    if (!(await findStoreFacts(tx, storeCode))) throw notFound('药店')
    const rows = await tx
      .selectFrom('notice.notice')
      .selectAll()
      .where('storeCode', '=', storeCode)
      .orderBy('id', 'desc')
      .limit(most)
      .execute()
    return rows.map((row) => toNotice(kernel.vault, row, now))
  })
}

/** Where the notices of a source stand, for the module that sent them. */
export interface NoticeStatus {
  readonly id: string
  readonly storeCode: string
  readonly sourceId: string
  readonly state: NoticeRow['state']
  readonly dueAt: Date | null
  readonly readAt: Date | null
  readonly doneAt: Date | null
  readonly overdue: boolean
}

/** State of the notices that a module sent for these sources, within the transaction's scope. */
export async function noticeStatus(
  tx: Tx,
  module: string,
  sourceIds: readonly string[],
  now: Date,
): Promise<NoticeStatus[]> {
  if (sourceIds.length === 0) return []
  const rows = await tx
    .selectFrom('notice.notice')
    .select(['id', 'storeCode', 'sourceId', 'state', 'dueAt', 'readAt', 'doneAt'])
    .where('sourceModule', '=', module)
    .where('sourceId', 'in', [...sourceIds])
    .orderBy('id')
    .execute()
  return rows.map((row) => ({ ...row, overdue: isOverdue(row, now) }))
}

/** The notices that a module sent for these sources with what came back, by source id; within the transaction's scope. */
export async function noticesOf(
  kernel: Pick<Kernel, 'vault' | 'clock'>,
  tx: Tx,
  module: string,
  sourceIds: readonly string[],
): Promise<Map<string, Notice>> {
  if (sourceIds.length === 0) return new Map()
  const now = kernel.clock.now()
  const rows = await tx
    .selectFrom('notice.notice')
    .selectAll()
    .where('sourceModule', '=', module)
    .where('sourceId', 'in', [...sourceIds])
    .execute()
  return new Map(rows.map((row) => [row.sourceId, toNotice(kernel.vault, row, now)]))
}
