import { isDay } from '@vigil/codes'
import { closingReasonNames, openingSourceNames, openingStandingNames, openingStandings } from '@vigil/contract'
import { invalidField } from '../../kernel/error/problem.ts'
import { type Field, type List, queryList } from '../../kernel/export/index.ts'
import { type Reference, soldText } from '../pharmacy/index.ts'

interface Row {
  day: string
  store_code: string
  standing: keyof typeof openingStandingNames
  sold: boolean
  reason: keyof typeof closingReasonNames | null
  note: string | null
  back_on: string | null
  source: keyof typeof openingSourceNames | null
  said_at: Date | null
  first_at: Date | null
  entries: number | null
  calls: string | null
}

const longestDays = 92

const fieldsOf = (reference: Reference): Field<Row>[] => {
  const store = (row: Row) => reference.store(row.store_code)
  return [
    { key: 'day', name: '日期', type: 'day', value: (row) => row.day },
    { key: 'storeCode', name: '药店编码', type: 'text', width: 16, value: (row) => row.store_code },
    { key: 'storeName', name: '药店名称', type: 'text', width: 28, value: (row) => store(row)?.name ?? '' },
    {
      key: 'county',
      name: '县（市、区）',
      type: 'text',
      width: 14,
      value: (row) => reference.areaName(store(row)?.county ?? ''),
    },
    {
      key: 'area',
      name: '监管所',
      type: 'text',
      width: 24,
      value: (row) => reference.areaName(store(row)?.areaCode ?? ''),
    },
    { key: 'phone', name: '电话', type: 'text', width: 16, value: (row) => store(row)?.phone ?? '' },
    {
      key: 'standing',
      name: '营业情况',
      type: 'text',
      width: 16,
      values: Object.values(openingStandingNames),
      value: (row) => openingStandingNames[row.standing],
    },
    {
      key: 'reason',
      name: '停业原因',
      type: 'text',
      width: 16,
      values: Object.values(closingReasonNames),
      value: (row) => (row.reason ? closingReasonNames[row.reason] : ''),
    },
    { key: 'note', name: '说明', type: 'text', width: 30, value: (row) => row.note ?? '' },
    { key: 'backOn', name: '预计恢复', type: 'day', value: (row) => row.back_on },
    {
      key: 'sold',
      name: '当日有销售',
      type: 'text',
      width: 10,
      values: ['是', '否'],
      value: (row) => (row.sold ? '是' : '否'),
    },
    { key: 'saidAt', name: '签到时间', type: 'datetime', value: (row) => row.said_at },
    {
      key: 'source',
      name: '来源',
      type: 'text',
      width: 10,
      values: Object.values(openingSourceNames),
      value: (row) => (row.source ? openingSourceNames[row.source] : ''),
    },
    { key: 'entries', name: '当日签到次数', type: 'integer', value: (row) => row.entries ?? 0 },
    { key: 'calls', name: '联系记录', type: 'text', width: 40, value: (row) => row.calls ?? '' },
  ]
}

/** How the stores of an area stood on the days of a period; without one, yesterday's and today's cannot be told apart. */
export const openingList = (reference: Reference): List<Row> => ({
  ...queryList<Row>({
    key: 'opening',
    name: '营业签到',
    permission: 'opening.read',
    pathOf: (code) => reference.area(code)?.path,
    fields: fieldsOf(reference),
    check: ({ from, to, status }) => {
      if (!isDay(from) || !isDay(to) || to < from)
        throw invalidField('/filter/from', '请选择导出的起止日期', 'required')
      if (Date.parse(to) - Date.parse(from) >= longestDays * 86_400_000)
        throw invalidField('/filter/to', `一次最多导出 ${longestDays} 天`)
      if (status !== undefined && !openingStandings.some((known) => known === status))
        throw invalidField('/filter/status', '营业情况无法识别')
    },
    query: ({ from, to, status }) => ({
      text: `SELECT * FROM (
        SELECT g.day, a.store_code, a.path, d.reason, d.note, d.back_on, d.source, d.said_at, d.first_at, d.entries, s.sold,
          coalesce(d.state, CASE WHEN s.sold THEN 'sold' ELSE 'missing' END) AS standing,
          (SELECT string_agg(to_char(c.at AT TIME ZONE 'Asia/Shanghai', 'HH24:MI') || ' ' || c.actor || ' ' || c.note, '；' ORDER BY c.at)
            FROM opening.call c WHERE c.day = g.day AND c.store_code = a.store_code) AS calls
        FROM (SELECT $1::date + i AS day FROM generate_series(0, least($2::date, (now() AT TIME ZONE 'Asia/Shanghai')::date) - $1::date) AS i) g
        JOIN opening.active_span a ON a.from_day <= g.day AND a.end_day > g.day
        LEFT JOIN opening.day d ON d.day = g.day AND d.store_code = a.store_code
        CROSS JOIN LATERAL (SELECT ${soldText({ county: 'a.county', store: 'a.store_code', day: 'g.day' })} AS sold) s
      ) list WHERE $3::text IS NULL OR standing = $3 ORDER BY day, path`,
      values: [from, to, status ?? null],
    }),
  }),
  period: true,
})
