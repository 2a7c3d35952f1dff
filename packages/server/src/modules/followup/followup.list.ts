import {
  documentTypeNames,
  type FollowupCause,
  type FollowupGrade,
  type FollowupState,
  followupCauseNames,
  followupGradeNames,
  followupOutcomeNames,
  followupStateNames,
  followupStates,
  receiptNo,
} from '@vigil/contract'
import { narrow, scopeFor } from '../../kernel/access/caller.ts'
import { forbidden, invalidField } from '../../kernel/error/problem.ts'
import { type List, queryList } from '../../kernel/export/index.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import type { Reference } from '../pharmacy/index.ts'
import { findPerson, maskPerson, type Person } from './person.ts'

interface Row {
  id: string
  area_code: string
  document_type: string
  key_month: string
  sealed: Buffer | null
  causes: FollowupCause[]
  grade: FollowupGrade
  state: FollowupState
  due_at: Date | null
  opened_at: Date
  last_at: Date
  closed_at: Date | null
  outcome: keyof typeof followupOutcomeNames | null
  reopened: number
  assignee: string | null
  person?: Person | undefined
}

const listed = ['open', ...followupStates] as const

/** The persons to follow up, as the list shows them; the clear text of a file takes the right to export it. */
export function followupList(kernel: Pick<Kernel, 'vault'>, reference: Reference): List<Row> {
  const name = (code: string) => reference.areaFullName(code)
  const masked = (row: Row) => maskPerson(row.person, row.document_type, name)
  const list = queryList<Row>({
    key: 'followups',
    name: '随访名单',
    permission: 'followup.read',
    pathOf: (code) => reference.area(code)?.path,
    check: ({ status }) => {
      if (status !== undefined && !listed.some((one) => one === status))
        throw invalidField('/filter/status', '状态无法识别')
    },
    fields: [
      { key: 'number', name: '随访编号', type: 'text', width: 12, value: (row) => receiptNo(row.id) },
      { key: 'area', name: '随访区划', type: 'text', width: 28, value: (row) => name(row.area_code) },
      {
        key: 'name',
        name: '姓名',
        type: 'text',
        width: 12,
        personal: true,
        value: (row, clear) => (row.person ? (clear ? row.person.name : masked(row).name) : '已销毁'),
      },
      {
        key: 'documentType',
        name: '证件类型',
        type: 'text',
        width: 14,
        values: Object.values(documentTypeNames),
        value: (row) => documentTypeNames[row.document_type as keyof typeof documentTypeNames],
      },
      {
        key: 'documentNumber',
        name: '证件号码',
        type: 'text',
        width: 22,
        personal: true,
        value: (row, clear) => (clear ? row.person?.documentNumber : masked(row).documentNumber) ?? '',
      },
      {
        key: 'mobile',
        name: '手机号',
        type: 'text',
        width: 16,
        personal: true,
        value: (row, clear) => (clear ? row.person?.mobile : masked(row).mobile) ?? '',
      },
      {
        key: 'residenceAddress',
        name: '居住地址',
        type: 'text',
        width: 32,
        personal: true,
        value: (row, clear) => (row.person ? (clear ? row.person.residenceAddress : '****') : ''),
      },
      {
        key: 'causes',
        name: '原因',
        type: 'text',
        width: 36,
        values: Object.values(followupCauseNames),
        value: (row) => row.causes.map((kind) => followupCauseNames[kind]).join('、'),
      },
      {
        key: 'grade',
        name: '等级',
        type: 'text',
        width: 8,
        values: Object.values(followupGradeNames),
        value: (row) => followupGradeNames[row.grade],
      },
      {
        key: 'state',
        name: '状态',
        type: 'text',
        width: 10,
        values: Object.values(followupStateNames),
        value: (row) => followupStateNames[row.state],
      },
      { key: 'dueAt', name: '办理时限', type: 'datetime', value: (row) => row.due_at },
      { key: 'openedAt', name: '列入时间', type: 'datetime', value: (row) => row.opened_at },
      { key: 'lastAt', name: '最近购药时间', type: 'datetime', value: (row) => row.last_at },
      { key: 'assignee', name: '承办人', type: 'text', width: 14, value: (row) => row.assignee },
      {
        key: 'outcome',
        name: '结果',
        type: 'text',
        width: 20,
        values: Object.values(followupOutcomeNames),
        value: (row) => (row.outcome ? followupOutcomeNames[row.outcome] : ''),
      },
      { key: 'closedAt', name: '办结时间', type: 'datetime', value: (row) => row.closed_at },
      { key: 'reopened', name: '重新随访次数', type: 'integer', value: (row) => row.reopened },
    ],
    query: ({ scope, status = 'open', from, to }) => ({
      text: `SELECT id, area_code, document_type, key_month, sealed, causes, grade, state, due_at, opened_at, last_at, closed_at,
          outcome, reopened, assignee FROM followup.entry
        WHERE path ^@ ANY ($1::text[]) AND CASE $2 WHEN 'open' THEN state <> 'closed' ELSE state = $2 END
          AND ($3::date IS NULL OR opened_at >= $3::date::timestamp AT TIME ZONE 'Asia/Shanghai')
          AND ($4::date IS NULL OR opened_at < ($4::date + 1)::timestamp AT TIME ZONE 'Asia/Shanghai')
        ORDER BY due_at, closed_at DESC, id`,
      values: [[...scope], status, from ?? null, to ?? null],
    }),
  })
  return {
    ...list,
    clearPermission: 'purchase.export-clear',
    resolve: (caller, filter, clear) => {
      const resolved = list.resolve(caller, filter, clear)
      if (!clear) return resolved
      const own = scopeFor(caller, 'purchase.export-clear')
      if (own.length === 0) throw forbidden()
      // Both rights must be held where a row lies.
      return { ...resolved, scope: [...new Set(resolved.scope.flatMap((path) => narrow(own, path)))] }
    },
    rows: async function* (client, filter, grain) {
      for await (const rows of list.rows(client, filter, grain)) {
        await kernel.vault.loadMonths(rows.map(({ key_month }) => key_month))
        yield rows.map((row) => ({
          ...row,
          person: findPerson(kernel.vault, { id: row.id, keyMonth: row.key_month, sealed: row.sealed }),
        }))
      }
    },
  }
}
