import { addDays, dayOf, isDay, startOfDay } from '@vigil/codes'
import {
  reimbursementMatchNames,
  stopCheckAnswerNames,
  stopCheckPointNames,
  stopCheckPoints,
  stopCheckResultNames,
} from '@vigil/contract'
import type { RawBuilder } from 'kysely'
import { invalidField } from '../../kernel/error/problem.ts'
import {
  containing,
  type Field,
  type List,
  type ListQuery,
  queryList,
  type Resolved,
} from '../../kernel/export/index.ts'
import { type RefusalRow, refusalQuery } from '../pharmacy/index.ts'
import { type JointRow, jointQuery, type LineRow, lineQuery, maskedPerson } from './line.read.ts'
import { toRefusal } from './refusal.service.ts'
import { jointScore } from './stopsale.domain.ts'
import type { Parts } from './stopsale.parts.ts'

const text = <R>(key: string, name: string, width: number, value: Field<R>['value']): Field<R> => ({
  key,
  name,
  type: 'text',
  width,
  value,
})
const number = <R>(key: string, name: string, value: (row: R) => number): Field<R> => ({
  key,
  name,
  type: 'integer',
  value,
})

const compiled = ({ kernel }: Parts, query: RawBuilder<unknown>): ListQuery => {
  const { sql, parameters } = query.compile(kernel.db)
  return { text: sql, values: parameters }
}

const days = ({ from, to }: { from?: string | undefined; to?: string | undefined }) => {
  for (const [name, day] of [
    ['from', from],
    ['to', to],
  ] as const)
    if (day !== undefined && !isDay(day)) throw invalidField(`/filter/${name}`, '日期格式应为 YYYY-MM-DD')
}

const storeFields = <R>({ reference }: Parts, code: (row: R) => string): Field<R>[] => [
  text('storeCode', '药店编码', 16, code),
  text('storeName', '药店名称', 28, (row) => reference.store(code(row))?.name ?? ''),
  text('area', '所在区划', 24, (row) => reference.areaFullName(reference.store(code(row))?.areaCode ?? '')),
]

/** Rows come one by one to the fields: the keys of their months are loaded before. */
function withMonths<R extends { readonly keyMonth: string | null }>({ kernel }: Parts, list: List<R>): List<R> {
  return {
    ...list,
    rows: async function* (client, filter: Resolved, grain) {
      for await (const batch of list.rows(client, filter, grain)) {
        await kernel.vault.loadMonths(batch.flatMap(({ keyMonth }) => keyMonth ?? []))
        yield batch
      }
    },
  }
}

function refusalList(parts: Parts): List<RefusalRow> {
  const { reference } = parts
  return withMonths(parts, {
    ...queryList<RefusalRow>({
      key: 'stop-sale-refusals',
      name: '停售拒售记录',
      permission: 'stopsale.read',
      pathOf: (code) => reference.area(code)?.path,
      check: days,
      fields: [
        { key: 'at', name: '时间', type: 'datetime', value: (row) => row.at },
        ...storeFields<RefusalRow>(parts, (row) => row.storeCode),
        text('order', '停售目录', 30, (row) => toRefusal(parts, row).orderName),
        text('drugs', '药品', 36, (row) => toRefusal(parts, row).drugs.join('、')),
        { ...text<RefusalRow>('name', '姓名', 12, (row) => toRefusal(parts, row).name), personal: true },
        {
          ...text<RefusalRow>('documentNumber', '证件号码', 22, (row) => toRefusal(parts, row).documentNumber),
          personal: true,
        },
      ],
      query: ({ from, to, store, q }) =>
        compiled(
          parts,
          refusalQuery({
            store,
            title: q?.trim() ? containing(q.trim()) : undefined,
            from: from ? startOfDay(from) : undefined,
            to: to ? startOfDay(addDays(to, 1)) : undefined,
          }),
        ),
    }),
    period: true,
  })
}

interface RawLine {
  readonly id: string
  readonly store_code: string
  readonly drug_id: string
  readonly day: string
  readonly quantity: number
  readonly serial: string | null
  readonly match: LineRow['match']
  readonly order_id: string | null
  readonly key_month: string | null
  readonly sealed: Buffer | null
  readonly registered: number
  readonly refused: number
  readonly keyMonth: string | null
}

function lineList(parts: Parts): List<RawLine> {
  const { reference, book, kernel } = parts
  const list = queryList<RawLine>({
    key: 'reimbursements',
    name: '医保结算比对',
    permission: 'stopsale.read',
    pathOf: (code) => reference.area(code)?.path,
    check: days,
    fields: [
      { key: 'day', name: '结算日期', type: 'day', value: (row) => row.day },
      ...storeFields<RawLine>(parts, (row) => row.store_code),
      text('drug', '药品', 32, (row) => reference.drug(row.drug_id)?.name ?? ''),
      text('approvalNo', '批准文号', 20, (row) => reference.drug(row.drug_id)?.approvalNo ?? ''),
      number('quantity', '数量', (row) => row.quantity),
      text('serial', '结算流水号', 24, (row) => row.serial),
      {
        ...text<RawLine>('match', '比对结果', 18, (row) => reimbursementMatchNames[row.match]),
        values: Object.values(reimbursementMatchNames),
      },
      text('order', '停售目录', 30, (row) => (row.order_id && book.order(row.order_id)?.name) || ''),
      number('registered', '当日登记数量', (row) => row.registered),
      number('refused', '当日拒售次数', (row) => row.refused),
      {
        ...text<RawLine>('person', '参保人', 28, (row) =>
          maskedPerson(kernel.vault, { id: row.id, keyMonth: row.key_month, sealed: row.sealed }),
        ),
        personal: true,
      },
    ],
    query: ({ from, to, store, status }) => compiled(parts, lineQuery({ from, to, store, match: status })),
  })
  return {
    ...list,
    period: true,
    rows: async function* (client, filter, grain) {
      for await (const batch of list.rows(client, filter, grain)) {
        await kernel.vault.loadMonths(batch.flatMap(({ key_month }) => key_month ?? []))
        yield batch
      }
    },
  }
}

function jointList(parts: Parts): List<JointRow> {
  const { reference, kernel } = parts
  return {
    ...queryList<JointRow>({
      key: 'joint-inspections',
      name: '联合检查名单',
      permission: 'stopsale.read',
      pathOf: (code) => reference.area(code)?.path,
      check: days,
      fields: [
        ...storeFields<JointRow>(parts, (row) => row.storeCode),
        text('address', '地址', 36, (row) => reference.store(row.storeCode)?.address ?? ''),
        number('lines', '医保结算笔数', (row) => row.lines),
        number('units', '医保结算数量', (row) => row.units),
        number('sales', '停售期间登记笔数', (row) => row.sales),
        number('refusals', '拒售次数', (row) => row.refusals),
        number('failed', '检查不合格次数', (row) => row.failed),
        number('score', '排序分', jointScore),
      ],
      query: ({ from, to }) => {
        const today = dayOf(kernel.clock.now())
        const { text: rows, values } = compiled(parts, jointQuery(parts, from ?? addDays(today, -30), to ?? today))
        return {
          text: `SELECT * FROM (${rows}) AS j ORDER BY lines * 10 + sales * 5 + failed * 3 + refusals DESC, "storeCode"`,
          values,
        }
      },
    }),
    period: true,
  }
}

interface TaskRow {
  readonly campaign: string
  readonly store_code: string
  readonly result: keyof typeof stopCheckResultNames
  readonly answers: Record<string, keyof typeof stopCheckAnswerNames>
  readonly note: string
  readonly officer: string | null
  readonly done_at: Date | null
  readonly photos: number
}

function taskList(parts: Parts): List<TaskRow> {
  const { reference } = parts
  return queryList<TaskRow>({
    key: 'stop-checks',
    name: '停售检查',
    permission: 'stopsale.read',
    pathOf: (code) => reference.area(code)?.path,
    fields: [
      text('campaign', '检查', 28, (row) => row.campaign),
      ...storeFields<TaskRow>(parts, (row) => row.store_code),
      text('address', '地址', 36, (row) => reference.store(row.store_code)?.address ?? ''),
      {
        ...text<TaskRow>('result', '结果', 10, (row) => stopCheckResultNames[row.result]),
        values: Object.values(stopCheckResultNames),
      },
      ...stopCheckPoints.map((point) =>
        text<TaskRow>(point, stopCheckPointNames[point], 18, (row) => {
          const answer = row.answers[point]
          return answer ? stopCheckAnswerNames[answer] : ''
        }),
      ),
      text('note', '情况', 40, (row) => row.note),
      number('photos', '照片', (row) => row.photos),
      text('officer', '检查人', 12, (row) => row.officer),
      { key: 'doneAt', name: '检查时间', type: 'datetime', value: (row) => row.done_at },
    ],
    query: ({ q, status }) => ({
      text: `SELECT c.name AS campaign, t.store_code, t.result, t.answers, t.note, t.officer, t.done_at,
          (SELECT count(*) FROM stopsale.photo p WHERE p.task_id = t.id) AS photos
        FROM stopsale.task t JOIN stopsale.campaign c ON c.id = t.campaign_id
        WHERE ($1::text IS NULL OR c.id::text = $1) AND ($2::text IS NULL OR t.result = $2) ORDER BY t.path`,
      values: [q?.trim() || null, status ?? null],
    }),
  })
}

/** The lists of this module that can be taken out, each in the form that `form` gives it. */
export const stopSaleLists = <T>(parts: Parts, form: <R>(list: List<R>) => T): T[] => [
  form(refusalList(parts)),
  form(lineList(parts)),
  form(jointList(parts)),
  form(taskList(parts)),
]
