import type { noticeRoutes } from '@vigil/contract'
import type { Handlers } from '../../kernel/http/handler.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import { ownNotices, storeNotices } from './notice.read.ts'
import { type AnswerHook, answerNotice, readNotice, signNotice } from './notice.service.ts'
import type {} from './notice.table.ts'

export { type NoticeStatus, noticeStatus, noticesOf } from './notice.read.ts'
export {
  type NewNotice,
  type NoticeActor,
  type NoticeSource,
  sendNotice,
  sendNotices,
  withdrawNotices,
} from './notice.send.ts'
export type { AnswerHook, NoticeAnswer } from './notice.service.ts'

export interface Notices {
  readonly handlers: Handlers<typeof noticeRoutes>
  /** Tells a module, in the same transaction, when a store has read, signed or answered what the module sent. One hook a module. */
  onAnswer(module: string, hook: AnswerHook): void
}

/** Opens the module for one process. */
export function openNotices(kernel: Kernel): Notices {
  const hooks = new Map<string, AnswerHook>()
  return {
    onAnswer: (module, hook) => {
      if (hooks.has(module)) throw new Error(`${module} listens to answers already`)
      hooks.set(module, hook)
    },
    handlers: {
      'notice.own': ({ caller }) => ownNotices(kernel, caller),
      'notice.read': ({ caller, params }) => readNotice(kernel, hooks, caller, params.id),
      'notice.sign': ({ caller, params, body }) => signNotice(kernel, hooks, caller, params.id, body.name),
      'notice.answer': ({ caller, params, body }) => answerNotice(kernel, hooks, caller, params.id, body),
      'notice.list': async ({ caller, query }) => ({ items: await storeNotices(kernel, caller, query.store) }),
    },
  }
}
