import { complianceGradeNames, measureKindNames, measureOutcomeNames, measureStateNames } from '@vigil/contract'
import { containing, type List, queryList } from '../../kernel/export/index.ts'
import type { Reference } from '../pharmacy/index.ts'
import type { MeasureTable } from './compliance.table.ts'
import type { Grade, ScorePart } from './score.domain.ts'

const pathOf = (reference: Reference) => (code: string) => reference.area(code)?.path
const like = (q: string | undefined) => (q?.trim() ? containing(q.trim()) : null)
const gradeName = (grade: Grade | null) => (grade ? complianceGradeNames[grade] : '正常')

interface ScoreRow {
  store_code: string
  name: string
  chain: string | null
  area_code: string
  county: string
  score: number
  grade: Grade | null
  parts: ScorePart[]
  entries: number
  from_day: string
  to_day: string
  graded_at: Date | null
}

/** Stores with their scores, worst first; `status` of the filter is a grade, `any` or `none`. */
export const complianceList = (reference: Reference): List<ScoreRow> =>
  queryList<ScoreRow>({
    key: 'compliance',
    name: '药店规范',
    permission: 'compliance.read',
    pathOf: pathOf(reference),
    fields: [
      { key: 'code', name: '药店编码', type: 'text', width: 16, value: (row) => row.store_code },
      { key: 'name', name: '药店名称', type: 'text', width: 28, value: (row) => row.name },
      { key: 'county', name: '县（市、区）', type: 'text', width: 16, value: (row) => reference.areaName(row.county) },
      { key: 'area', name: '所在区划', type: 'text', width: 20, value: (row) => reference.areaName(row.area_code) },
      { key: 'chain', name: '所属连锁', type: 'text', width: 24, value: (row) => row.chain },
      { key: 'score', name: '规范分', type: 'decimal', value: (row) => Number(row.score) },
      {
        key: 'grade',
        name: '等级',
        type: 'text',
        width: 8,
        values: [...Object.values(complianceGradeNames), '正常'],
        value: (row) => gradeName(row.grade),
      },
      {
        key: 'parts',
        name: '扣分项',
        type: 'text',
        width: 48,
        value: (row) =>
          row.parts
            .filter(({ dismissed }) => !dismissed)
            .map(({ name, points }) => `${name} −${points}`)
            .join('、'),
      },
      { key: 'entries', name: '期间登记', type: 'integer', value: (row) => row.entries },
      { key: 'from', name: '期间起', type: 'day', value: (row) => row.from_day },
      { key: 'to', name: '期间止', type: 'day', value: (row) => row.to_day },
      { key: 'since', name: '列入以来', type: 'datetime', value: (row) => row.graded_at },
    ],
    query: ({ q, status }) => ({
      text: `SELECT c.store_code, s.name, s.chain, s.area_code, c.county, c.score, c.grade, c.parts, c.entries, c.from_day, c.to_day, c.graded_at
        FROM compliance.store c JOIN pharmacy.store s ON s.code = c.store_code
        WHERE ($1::text IS NULL OR s.name ILIKE $1 OR s.code ILIKE $1 OR s.chain ILIKE $1)
          AND ($2::text IS NULL OR ($2 = 'any' AND c.grade IS NOT NULL) OR ($2 = 'none' AND c.grade IS NULL) OR c.grade = $2)
        ORDER BY c.score, c.store_code`,
      values: [like(q), status ?? null],
    }),
  })

type MeasureRow = {
  number: string | null
  store_code: string
  name: string
  county: string
  kind: MeasureTable['kind']
  state: 'open' | 'answered' | 'done' | 'cancelled'
  overdue: boolean
  escalated_at: Date | null
  reasons: string[]
  assignee: string | null
  created_by: string
  created_at: Date
  due_at: Date
  answered_at: Date | null
  closed_at: Date | null
  outcome: MeasureTable['outcome']
  result: string | null
}

/** What was done about stores, newest first; `status` of the filter is open, overdue or done. */
export const measureList = (reference: Reference): List<MeasureRow> =>
  queryList<MeasureRow>({
    key: 'measures',
    name: '规范处置',
    permission: 'compliance.read',
    pathOf: pathOf(reference),
    fields: [
      {
        key: 'kind',
        name: '类型',
        type: 'text',
        width: 14,
        values: Object.values(measureKindNames),
        value: (row) => measureKindNames[row.kind],
      },
      { key: 'number', name: '文书编号', type: 'text', width: 26, value: (row) => row.number },
      { key: 'code', name: '药店编码', type: 'text', width: 16, value: (row) => row.store_code },
      { key: 'name', name: '药店名称', type: 'text', width: 28, value: (row) => row.name },
      { key: 'county', name: '县（市、区）', type: 'text', width: 16, value: (row) => reference.areaName(row.county) },
      { key: 'reasons', name: '事由', type: 'text', width: 60, value: (row) => row.reasons.join('；') },
      {
        key: 'state',
        name: '状态',
        type: 'text',
        width: 14,
        values: [...Object.values(measureStateNames), '已逾期'],
        value: (row) => (row.state === 'open' && row.overdue ? '已逾期' : measureStateNames[row.state]),
      },
      { key: 'assignee', name: '办理人', type: 'text', width: 12, value: (row) => row.assignee },
      { key: 'by', name: '作出人', type: 'text', width: 12, value: (row) => row.created_by },
      { key: 'at', name: '作出时间', type: 'datetime', value: (row) => row.created_at },
      { key: 'due', name: '限期', type: 'datetime', value: (row) => row.due_at },
      { key: 'escalated', name: '逾期上报时间', type: 'datetime', value: (row) => row.escalated_at },
      { key: 'answered', name: '药店回应时间', type: 'datetime', value: (row) => row.answered_at },
      { key: 'closed', name: '办结时间', type: 'datetime', value: (row) => row.closed_at },
      {
        key: 'outcome',
        name: '结论',
        type: 'text',
        width: 16,
        values: Object.values(measureOutcomeNames),
        value: (row) => (row.outcome ? measureOutcomeNames[row.outcome] : null),
      },
      { key: 'result', name: '办理结果', type: 'text', width: 40, value: (row) => row.result },
    ],
    query: ({ q, status }) => ({
      text: `SELECT m.number, m.store_code, s.name, s.county, m.kind, m.state, m.reasons, m.assignee, m.created_by, m.created_at,
          m.due_at, m.due_at < now() AS overdue, m.escalated_at, m.answered_at, m.closed_at, m.outcome, m.result
        FROM compliance.measure m JOIN pharmacy.store s ON s.code = m.store_code
        WHERE ($1::text IS NULL OR s.name ILIKE $1 OR s.code ILIKE $1)
          AND ($2::text IS NULL OR ($2 = 'open' AND m.state IN ('open', 'answered')) OR ($2 = 'done' AND m.state IN ('done', 'cancelled'))
            OR ($2 = 'overdue' AND m.state = 'open' AND m.due_at < now()))
        ORDER BY m.id DESC`,
      values: [like(q), status ?? null],
    }),
  })
