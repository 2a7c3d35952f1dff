import type { Notice } from '@vigil/contract'
import type { Caller } from '../../kernel/access/caller.ts'
import { command } from '../../kernel/command/command.ts'
import type { Tx } from '../../kernel/db/index.ts'
import { conflict, invalid, invalidField } from '../../kernel/error/problem.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import { checkReplies, isOverdue, type Reply } from './notice.domain.ts'
import { sealReply, toNotice } from './notice.read.ts'
import { lockOwn, type NoticeRow, updateNotice } from './notice.store.ts'

/** What a store did with a notice: read, signed or answered it, told to the module that sent it. */
export interface NoticeAnswer {
  readonly noticeId: string
  readonly storeCode: string
  readonly path: string
  readonly source: { readonly module: string; readonly id: string }
  readonly needs: NoticeRow['needs']
  readonly at: Date
  readonly late: boolean
  /** Empty when it was only to be read. */
  readonly signedBy: string
  readonly replies: readonly Reply[]
}

/** Runs in the transaction of the answer, in the scope of the store: what it throws takes the answer back. */
export type AnswerHook = (tx: Tx, answer: NoticeAnswer) => Promise<void>
export type AnswerHooks = ReadonlyMap<string, AnswerHook>

const answerOf = (row: NoticeRow, at: Date, signedBy: string, replies: readonly Reply[]): NoticeAnswer => ({
  noticeId: row.id,
  storeCode: row.storeCode,
  path: row.path,
  source: { module: row.sourceModule, id: row.sourceId },
  needs: row.needs,
  at,
  late: isOverdue({ ...row, doneAt: at }, at),
  signedBy,
  replies,
})

const about = (row: NoticeRow) => ({ object: `notice:${row.id}`, path: row.path })

/** The counter opened a notice; one that only had to be read is done with it. Again is no change. @throws Problem 404 */
export async function readNotice(kernel: Kernel, hooks: AnswerHooks, caller: Caller, id: string): Promise<Notice> {
  const now = kernel.clock.now()
  return command(kernel.db, caller, 'notice.own', async (tx, audit) => {
    const row = await lockOwn(tx, caller.storeCode, id)
    await audit({ action: 'notice.read', ...about(row), detail: { again: row.readAt !== null } })
    if (row.readAt !== null) return toNotice(kernel.vault, row, now)
    const done = row.needs === 'read'
    const read = await updateNotice(tx, id, {
      readAt: now,
      state: done ? 'done' : 'read',
      ...(done && { doneAt: now }),
    })
    if (done) await hooks.get(row.sourceModule)?.(tx, answerOf(row, now, '', []))
    return toNotice(kernel.vault, read, now)
  })
}

async function finish(
  kernel: Kernel,
  hooks: AnswerHooks,
  caller: Caller,
  id: string,
  needs: 'sign' | 'answer',
  given: { name: string; replies: readonly Reply[] },
): Promise<Notice> {
  const now = kernel.clock.now()
  const name = given.name.trim()
  if (name === '') throw invalidField('/name', '请填写姓名', 'required')
  return command(kernel.db, caller, 'notice.own', async (tx, audit) => {
    const row = await lockOwn(tx, caller.storeCode, id)
    if (row.needs !== needs) throw conflict('这条通知不需要这样处理', 'other-need')
    if (row.state === 'done') throw conflict('这条通知已经办结', 'done')
    const problems = checkReplies(row.questions, given.replies)
    if (problems.length > 0) throw invalid(problems, problems[0]!.detail)
    const replies = given.replies.map(({ code, value }) => ({ code, value: value.trim() }))
    const done = await updateNotice(tx, id, {
      state: 'done',
      readAt: row.readAt ?? now,
      doneAt: now,
      sealedReply: sealReply(kernel.vault, id, { signedBy: name, replies }),
    })
    await audit({
      action: needs === 'sign' ? 'notice.sign' : 'notice.answer',
      ...about(row),
      detail: { late: isOverdue(done, now) },
    })
    await hooks.get(row.sourceModule)?.(tx, answerOf(row, now, name, replies))
    return toNotice(kernel.vault, done, now)
  })
}

/** Signs for a notice. @throws Problem 400 without a name, 404, 409 when it is done or asks for something else */
export const signNotice = (kernel: Kernel, hooks: AnswerHooks, caller: Caller, id: string, name: string) =>
  finish(kernel, hooks, caller, id, 'sign', { name, replies: [] })

/** Answers a notice. @throws Problem 400 that names the question, 404, 409 when it is done or asks for something else */
export const answerNotice = (
  kernel: Kernel,
  hooks: AnswerHooks,
  caller: Caller,
  id: string,
  given: { name: string; replies: readonly Reply[] },
) => finish(kernel, hooks, caller, id, 'answer', given)
