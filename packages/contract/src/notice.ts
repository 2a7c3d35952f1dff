import Type, { type Static } from 'typebox'
import {
  Choice,
  Count,
  defineRoutes,
  Id,
  Instant,
  Nullable,
  object,
  requiredText,
  StoreCode,
  text,
  Uuid,
} from './kernel.ts'
import { noticeKinds, noticeNeeds, noticeStates, questionKinds } from './notice.terms.ts'

/** One question of a notice; a choice names its options, a number has a unit. */
export const NoticeQuestion = object({
  code: Type.String({ pattern: '^[a-z][a-z0-9-]*$', minLength: 1, maxLength: 40 }),
  text: requiredText(200),
  kind: Choice(questionKinds),
  required: Type.Boolean(),
  options: Type.Optional(Type.Array(requiredText(60), { minItems: 2, maxItems: 10 })),
  unit: Type.Optional(text(10)),
})
export type NoticeQuestion = Static<typeof NoticeQuestion>

/** The answer to the question of the same code: a text, one of its options, or a number in digits. */
export const NoticeReply = object({ code: requiredText(40), value: requiredText(1000) })
export type NoticeReply = Static<typeof NoticeReply>

export const Notice = object({
  id: Uuid,
  storeCode: StoreCode,
  kind: Choice(noticeKinds),
  title: text(100),
  body: text(4000),
  needs: Choice(noticeNeeds),
  questions: Type.Array(NoticeQuestion, { maxItems: 20 }),
  state: Choice(noticeStates),
  sentAt: Instant,
  sentBy: text(60),
  dueAt: Nullable(Instant),
  /** Not done at `dueAt`, or done after it. */
  overdue: Type.Boolean(),
  readAt: Nullable(Instant),
  doneAt: Nullable(Instant),
  /** Who signed or answered at the counter. */
  signedBy: Nullable(text(60)),
  replies: Type.Array(NoticeReply, { maxItems: 20 }),
})
export type Notice = Static<typeof Notice>

const Signature = { name: requiredText(60, '签收人姓名') }

export const noticeRoutes = defineRoutes({
  'notice.own': {
    method: 'GET',
    path: '/api/notices/own',
    summary: "The own store's notices: all open ones, and those done in the last 30 days",
    permission: 'notice.own',
    response: object({ open: Count, overdue: Count, items: Type.Array(Notice, { maxItems: 100 }) }),
  },
  'notice.read': {
    method: 'POST',
    path: '/api/notices/:id/read',
    summary: 'A notice was opened at the counter',
    permission: 'notice.own',
    params: Id,
    response: Notice,
  },
  'notice.sign': {
    method: 'POST',
    path: '/api/notices/:id/sign',
    summary: 'Sign for a notice with a name on an unlocked device of the store',
    permission: 'notice.own',
    params: Id,
    body: object(Signature),
    response: Notice,
  },
  'notice.answer': {
    method: 'POST',
    path: '/api/notices/:id/answer',
    summary: 'Answer the questions of a notice',
    permission: 'notice.own',
    params: Id,
    body: object({ ...Signature, replies: Type.Array(NoticeReply, { minItems: 1, maxItems: 20 }) }),
    response: Notice,
  },
  'notice.list': {
    method: 'GET',
    path: '/api/notices',
    summary: 'What a store was told, newest first, with its state and answers',
    permission: 'store.read',
    query: object({ store: StoreCode }),
    response: object({ items: Type.Array(Notice, { maxItems: 100 }) }),
  },
})
