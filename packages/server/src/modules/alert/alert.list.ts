import { isDay } from '@vigil/codes'
import {
  type AlertFinding,
  type AlertGrade,
  type AlertState,
  alertExplanationNames,
  alertFindingNames,
  alertGradeNames,
  alertStateNames,
} from '@vigil/contract'
import { invalidField } from '../../kernel/error/problem.ts'
import { type List, queryList, type Resolved } from '../../kernel/export/index.ts'
import type { Reference } from '../pharmacy/index.ts'
import { className } from './alert.words.domain.ts'
import { responseTable } from './response.sql.ts'

const pathOf = (reference: Reference) => (code: string) => reference.area(code)?.path

/** Demands days that are days. @throws Problem 400 */
function checkDays({ from, to }: { from?: string; to?: string }): void {
  for (const [name, day] of Object.entries({ from, to }))
    if (day !== undefined && !isDay(day)) throw invalidField(`/filter/${name}`, '日期格式应为 YYYY-MM-DD')
}

interface AlertListRow {
  number: string
  class: string
  grade: AlertGrade
  state: AlertState
  places: string | null
  first_day: string
  last_day: string
  reason: string | null
  opened_at: Date
  due_at: Date
  answered_at: Date | null
  minutes: number | null
  escalations: number
  assignee: string | null
  finding: AlertFinding | null
  explanation: keyof typeof alertExplanationNames | null
  closed_at: Date | null
}

/** The alerts of an area, the newest first; `status` of the filter is the state, `from` and `to` are its days. */
export const alertList = (reference: Reference): List<AlertListRow> => ({
  ...queryList<AlertListRow>({
    key: 'alerts',
    name: '需求预警',
    permission: 'alert.read',
    pathOf: pathOf(reference),
    check: checkDays,
    fields: [
      { key: 'number', name: '编号', type: 'text', width: 20, value: (row) => row.number },
      {
        key: 'grade',
        name: '等级',
        type: 'text',
        width: 8,
        values: Object.values(alertGradeNames),
        value: (row) => alertGradeNames[row.grade],
      },
      { key: 'class', name: '类别', type: 'text', width: 10, value: (row) => className(row.class) },
      { key: 'places', name: '地点', type: 'text', width: 30, value: (row) => row.places ?? '' },
      { key: 'firstDay', name: '开始日期', type: 'day', value: (row) => row.first_day },
      { key: 'lastDay', name: '最近日期', type: 'day', value: (row) => row.last_day },
      {
        key: 'state',
        name: '状态',
        type: 'text',
        width: 10,
        values: Object.values(alertStateNames),
        value: (row) => alertStateNames[row.state],
      },
      { key: 'reason', name: '原因', type: 'text', width: 60, value: (row) => row.reason ?? '' },
      { key: 'openedAt', name: '发出时间', type: 'datetime', value: (row) => row.opened_at },
      { key: 'dueAt', name: '响应时限', type: 'datetime', value: (row) => row.due_at },
      { key: 'answeredAt', name: '首次响应', type: 'datetime', value: (row) => row.answered_at },
      {
        key: 'minutes',
        name: '响应用时（分钟）',
        type: 'decimal',
        value: (row) => (row.minutes === null ? null : Math.round(row.minutes * 10) / 10),
      },
      { key: 'escalations', name: '上报次数', type: 'integer', value: (row) => row.escalations },
      { key: 'assignee', name: '承办人', type: 'text', width: 14, value: (row) => row.assignee },
      {
        key: 'finding',
        name: '结论',
        type: 'text',
        width: 12,
        values: Object.values(alertFindingNames),
        value: (row) => (row.finding ? alertFindingNames[row.finding] : ''),
      },
      {
        key: 'explanation',
        name: '解释',
        type: 'text',
        width: 12,
        value: (row) => (row.explanation ? alertExplanationNames[row.explanation] : ''),
      },
      { key: 'closedAt', name: '办结时间', type: 'datetime', value: (row) => row.closed_at },
    ],
    query: ({ status, from, to }) => ({
      text: `SELECT a.number, a.class, a.grade, a.state, a.first_day, a.last_day, a.opened_at, a.due_at, a.answered_at,
          (extract(epoch FROM a.answered_at - a.opened_at) / 60)::float8 AS minutes, a.escalations, a.assignee, a.finding,
          a.explanation, a.closed_at,
          (SELECT string_agg(u.name, '、' ORDER BY u.path) FROM alert.unit u WHERE u.alert_id = a.id AND u.kind = (SELECT min(v.kind)
            FROM alert.unit v WHERE v.alert_id = a.id)) AS places,
          (SELECT s.reason FROM alert.signal s WHERE s.alert_id = a.id AND s.grade IS NOT NULL
            ORDER BY s.kind, array_position('{red,orange,yellow,blue}'::text[], s.grade), s.day DESC LIMIT 1) AS reason
        FROM alert.alert a
        WHERE ($1::text IS NULL OR a.state = $1 OR ($1 = 'open' AND a.state IN ('new', 'taken', 'checking', 'found'))
            OR ($1 = 'ended' AND a.state IN ('closed', 'faded', 'merged')))
          AND ($2::date IS NULL OR a.last_day >= $2) AND ($3::date IS NULL OR a.first_day <= $3) ORDER BY a.id DESC`,
      values: [status && status !== 'all' ? status : null, from ?? null, to ?? null],
    }),
  }),
  period: true,
})

interface ResponseListRow {
  name: string | null
  alerts: number
  answered: number
  median: number | null
  p90: number | null
  in_time: number | null
  judged: number
  found_true: number
}

const rounded = (value: number | null, digits: number): number | null =>
  value === null ? null : Math.round(value * 10 ** digits) / 10 ** digits

/** The response figures of an area by county, as their page has them. */
export const responseList = (reference: Reference, now: () => Date): List<ResponseListRow> => ({
  ...queryList<ResponseListRow>({
    key: 'alert-response',
    name: '响应时效',
    permission: 'alert.read',
    pathOf: pathOf(reference),
    check: checkDays,
    fields: [
      { key: 'name', name: '县（市、区）', type: 'text', width: 20, value: (row) => row.name },
      { key: 'alerts', name: '预警数', type: 'integer', value: (row) => row.alerts },
      { key: 'answered', name: '已响应', type: 'integer', value: (row) => row.answered },
      { key: 'median', name: '响应中位数（分钟）', type: 'decimal', value: (row) => rounded(row.median, 1) },
      { key: 'p90', name: '响应第 90 百分位（分钟）', type: 'decimal', value: (row) => rounded(row.p90, 1) },
      { key: 'inTime', name: '按时响应比例', type: 'decimal', value: (row) => rounded(row.in_time, 4) },
      { key: 'judged', name: '已有结论', type: 'integer', value: (row) => row.judged },
      { key: 'true', name: '属实', type: 'integer', value: (row) => row.found_true },
      {
        key: 'trueRate',
        name: '属实率',
        type: 'decimal',
        value: (row) => (row.judged > 0 ? rounded(row.found_true / row.judged, 4) : null),
      },
    ],
    query: (filter: Resolved) => ({
      text: responseTable('county'),
      values: [filter.from ?? '2020-01-01', filter.to ?? '2099-12-31', [...filter.scope], now()],
    }),
  }),
  period: true,
})
