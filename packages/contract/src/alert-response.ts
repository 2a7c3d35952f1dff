import Type, { type Static } from 'typebox'
import { AreaCode, Choice, Count, DayText, defineRoutes, Nullable, object, text } from './kernel.ts'

const Value = Type.Number()

export const responseGroupings = ['county', 'grade', 'rule', 'week'] as const
export const ResponseRow = object({
  key: text(80),
  name: text(100),
  alerts: Count,
  answered: Count,
  medianMinutes: Nullable(Value),
  p90Minutes: Nullable(Value),
  /** Share answered within the deadline, of those answered or overdue. */
  inTime: Nullable(Value),
  judged: Count,
  true: Count,
  trueRate: Nullable(Value),
  perCountyWeek: Nullable(Value),
})
export type ResponseRow = Static<typeof ResponseRow>

export const AlertPolicy = object({
  validFrom: DayText,
  /** Minutes to the first response by grade. */
  blue: Count,
  yellow: Count,
  orange: Count,
  red: Count,
  /** Days without a signal after which an alert fades. */
  quietDays: Count,
})
export type AlertPolicy = Static<typeof AlertPolicy>
const Minutes = Type.Integer({ minimum: 5, maximum: 10_080 })

export const alertResponseRoutes = defineRoutes({
  'alert.response': {
    method: 'GET',
    path: '/api/alert-response',
    summary: 'How fast alerts were answered and how many were true',
    permission: 'alert.read',
    query: object({ from: DayText, to: DayText, area: Type.Optional(AreaCode), by: Choice(responseGroupings) }),
    response: object({ total: ResponseRow, rows: Type.Array(ResponseRow), counties: Count, weeks: Value }),
  },
  'alert.policies': {
    method: 'GET',
    path: '/api/alert-policies',
    summary: 'Deadlines of the first response, by the day from which they count',
    permission: 'alert.read',
    response: object({ items: Type.Array(AlertPolicy) }),
  },
  'alert.set-policy': {
    method: 'POST',
    path: '/api/alert-policies',
    summary: 'Set the deadlines that count from a day on, today at the earliest',
    permission: 'rule.manage',
    body: object({
      validFrom: DayText,
      blue: Minutes,
      yellow: Minutes,
      orange: Minutes,
      red: Minutes,
      quietDays: Type.Integer({ minimum: 1, maximum: 14 }),
    }),
    response: object({ items: Type.Array(AlertPolicy) }),
  },
})
