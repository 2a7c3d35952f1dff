import { dayOf } from '@vigil/codes'
import {
  coldFateNames,
  coldFates,
  coldGapKindNames,
  coldRecallKindNames,
  coldRecallStateNames,
  coldViolationKindNames,
  coldViolationStateNames,
} from '@vigil/contract'
import { readScope, systemScope } from '../../kernel/db/index.ts'
import type { List, Resolved } from '../../kernel/export/index.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import type { Reference } from '../pharmacy/index.ts'
import { boundsOf, checkDays, day, instant, mass, pathOf, term, text, whole, wideList } from './export.wide.ts'
import { gapDays } from './gap.domain.ts'
import { gapsNow, namedGaps } from './gap.read.ts'
import { ofBusiness } from './holder.scope.ts'

interface GapRow {
  day: string
  kind: string
  lot_no: string
  goods_name: string
  holder: string
  other: string | null
  grams: number
  due: Date
  days: number
}

/** The gaps of an area: as they are now, or, of a period, as they were kept at the beginning of each day of it. */
export function gapList({ db, clock }: Pick<Kernel, 'db' | 'clock'>, reference: Reference): List<GapRow> {
  const kept = wideList<GapRow>({
    key: 'cold-gaps',
    name: '冷链缺口清单',
    permission: 'coldchain.read',
    pathOf: pathOf(reference),
    check: checkDays,
    fields: [
      day('day', '清单日期', (row) => row.day),
      term('kind', '问题', coldGapKindNames, (row) => row.kind),
      text('goods', '品名', 24, (row) => row.goods_name),
      text('lotNo', '批次号', 18, (row) => row.lot_no),
      text('holder', '经营者', 30, (row) => row.holder),
      text('other', '对方', 30, (row) => row.other),
      mass('weight', '重量（千克）', (row) => row.grams),
      instant('due', '起算时间', (row) => row.due),
      whole('days', '已逾天数', (row) => row.days),
    ],
    query: ({ scope, from, to }) => ({
      text: `SELECT g.day, g.kind, l.lot_no, l.goods_name, h.name AS holder, o.name AS other, g.grams, g.due,
          (g.day - (g.due AT TIME ZONE 'Asia/Shanghai')::date) AS days
        FROM coldchain.gap g JOIN coldchain.lot l ON l.id = g.lot_id JOIN coldchain.holder h ON h.id = g.holder_id
        LEFT JOIN coldchain.holder o ON o.id = g.other_id
        WHERE (g.path ^@ ANY ($1::text[]) OR g.other_path ^@ ANY ($1::text[])) AND g.day >= coalesce($2::date, $3::date) AND g.day <= coalesce($3::date, $2::date)
        ORDER BY g.day DESC, g.due, g.key`,
      values: [[...scope], from ?? null, to ?? null],
    }),
  })
  const present = async ({ scope }: Resolved): Promise<GapRow[]> => {
    const now = clock.now().getTime()
    return readScope(db, systemScope, async (tx) => {
      const gaps = await gapsNow(tx, scope, now)
      const names = await namedGaps(tx, gaps, now)
      return gaps.map((gap, at) => ({
        ...{ day: dayOf(new Date(now)), kind: gap.kind, grams: gap.grams, due: new Date(gap.due) },
        ...{ lot_no: names[at]!.lotNo, goods_name: names[at]!.goodsName, holder: names[at]!.holderName },
        ...{ other: names[at]!.otherName, days: gapDays(gap, now) },
      }))
    })
  }
  const isNow = ({ from, to }: Resolved) => from === undefined && to === undefined
  return {
    ...kept,
    count: async (client, filter) => (isNow(filter) ? (await present(filter)).length : kept.count(client, filter)),
    rows: async function* (client, filter, grain) {
      if (isNow(filter)) yield await present(filter)
      else yield* kept.rows(client, filter, grain)
    },
  }
}

interface ViolationListRow {
  at: Date
  kind: string
  code: string
  lot_no: string | null
  goods_name: string | null
  holder: string | null
  area_code: string
  place: string
  lon: number | null
  lat: number | null
  grams: number | null
  note: string
  state: string
  steps: string | null
  outcome: string
  withdrawn_grams: number
  photos: number
  by: string
  closed_at: Date | null
  closed_by: string | null
}

/** Violations of an area with what was done about them. `status` of the filter is the state, `from` and `to` the days of finding. */
export const violationList = (reference: Reference): List<ViolationListRow> =>
  wideList<ViolationListRow>({
    key: 'cold-violations',
    name: '冷链违规',
    permission: 'coldchain.read',
    pathOf: pathOf(reference),
    check: checkDays,
    fields: [
      instant('at', '发现时间', (row) => row.at),
      term('kind', '问题', coldViolationKindNames, (row) => row.kind),
      text('code', '编码', 48, (row) => row.code),
      text('goods', '品名', 24, (row) => row.goods_name),
      text('lotNo', '批次号', 18, (row) => row.lot_no),
      text('holder', '经营者', 30, (row) => row.holder),
      text('area', '区划', 24, (row) => reference.areaFullName(row.area_code)),
      text('place', '地点', 30, (row) => row.place),
      { key: 'lon', name: '经度', type: 'decimal', value: (row) => row.lon },
      { key: 'lat', name: '纬度', type: 'decimal', value: (row) => row.lat },
      mass('weight', '重量（千克）', (row) => row.grams),
      text('note', '说明', 30, (row) => row.note),
      whole('photos', '照片数', (row) => row.photos),
      text('by', '登记人', 14, (row) => row.by),
      term('state', '状态', coldViolationStateNames, (row) => row.state),
      text('steps', '跟进', 48, (row) => row.steps),
      text('outcome', '处置结果', 30, (row) => row.outcome),
      mass('withdrawn', '下架（千克）', (row) => row.withdrawn_grams),
      instant('closedAt', '办结时间', (row) => row.closed_at),
      text('closedBy', '办结人', 14, (row) => row.closed_by),
    ],
    query: ({ scope, status, ...period }) => ({
      text: `SELECT v.at, v.kind, v.code, l.lot_no, l.goods_name, h.name AS holder, v.area_code, v.place, v.lon, v.lat, v.grams, v.note, v.state, v.outcome,
          v.withdrawn_grams, (SELECT count(*)::int FROM coldchain.photo p WHERE p.violation_id = v.id) AS photos, v.by, v.closed_at, v.closed_by,
          (SELECT string_agg(to_char(s.at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD HH24:MI') || ' ' || s.by || ' ' || s.note, '；' ORDER BY s.id)
            FROM coldchain.violation_step s WHERE s.violation_id = v.id) AS steps
        FROM coldchain.violation v LEFT JOIN coldchain.holder h ON h.id = v.holder_id LEFT JOIN coldchain.lot l ON l.id = v.lot_id
        WHERE v.path ^@ ANY ($1::text[]) AND ($2::text IS NULL OR v.state = $2)
          AND ($3::timestamptz IS NULL OR v.at >= $3) AND ($4::timestamptz IS NULL OR v.at < $4) ORDER BY v.id DESC`,
      values: [[...scope], status ?? null, ...boundsOf(period)],
    }),
  })

interface RecallListRow {
  number: string
  kind: string
  state: string
  reason: string
  ordered_by: string
  lots: string | null
  total: number
  fates: Partial<Record<(typeof coldFates)[number], number>> | null
  holders: number
  created_at: Date
  opened_at: Date | null
  closed_at: Date | null
  outcome: string
}

/** Recalls that concern an area: those of its own whole, of others what lay with its holders. `status` of the filter is the state. */
export const recallList = (reference: Reference): List<RecallListRow> =>
  wideList<RecallListRow>({
    key: 'cold-recalls',
    name: '冷链召回',
    permission: 'coldchain.read',
    pathOf: pathOf(reference),
    check: checkDays,
    fields: [
      text('number', '编号', 20, (row) => row.number),
      term('kind', '类型', coldRecallKindNames, (row) => row.kind),
      term('state', '状态', coldRecallStateNames, (row) => row.state),
      text('lots', '批次', 40, (row) => row.lots),
      text('reason', '原因', 30, (row) => row.reason),
      text('orderedBy', '决定人', 20, (row) => row.ordered_by),
      mass('weight', '召回重量（千克）', (row) => row.total),
      ...coldFates.map((fate) =>
        mass<RecallListRow>(fate, `${coldFateNames[fate]}（千克）`, (row) => row.fates?.[fate] ?? 0),
      ),
      whole('holders', '通知家数', (row) => row.holders),
      instant('createdAt', '拟定时间', (row) => row.created_at),
      instant('openedAt', '启动时间', (row) => row.opened_at),
      instant('closedAt', '完成时间', (row) => row.closed_at),
      text('outcome', '结果', 30, (row) => row.outcome),
    ],
    query: ({ scope, status, ...period }) => ({
      text: `SELECT r.number, r.kind, r.state, r.reason, r.ordered_by, r.created_at, r.opened_at, r.closed_at, r.outcome, n.holders, f.fates,
          CASE WHEN r.path ^@ ANY ($5::text[]) THEN r.total_grams ELSE coalesce(f.grams, 0)::bigint END AS total,
          (SELECT string_agg(l.goods_name || ' ' || l.lot_no, '、' ORDER BY l.id) FROM coldchain.recall_lot x JOIN coldchain.lot l ON l.id = x.lot_id
            WHERE x.recall_id = r.id) AS lots
        FROM coldchain.recall r
        CROSS JOIN LATERAL (SELECT count(*)::int AS holders FROM coldchain.recall_notice n
          WHERE n.recall_id = r.id AND (r.path ^@ ANY ($5::text[]) OR n.path ^@ ANY ($1::text[]))) n
        CROSS JOIN LATERAL (SELECT jsonb_object_agg(fate, grams) AS fates, sum(grams) AS grams FROM (
          SELECT x.fate, sum(x.grams) AS grams FROM coldchain.recall_line x
          WHERE x.recall_id = r.id AND (r.path ^@ ANY ($5::text[]) OR x.path ^@ ANY ($1::text[])) GROUP BY x.fate) each) f
        WHERE (r.path ^@ ANY ($5::text[]) OR n.holders > 0) AND ($2::text IS NULL OR r.state = $2)
          AND ($3::timestamptz IS NULL OR r.created_at >= $3) AND ($4::timestamptz IS NULL OR r.created_at < $4) ORDER BY r.id DESC`,
      // A recall begins in a warehouse: that alone does not make the whole of it the warehouse's to know.
      values: [[...scope], status ?? null, ...boundsOf(period), ofBusiness({ reference }, scope) ? [] : [...scope]],
    }),
  })

interface TallyRow {
  day: string
  path: string
  county: string
  lots: number
  boxes: number
  grams: number
  released: number
  violations: number
  withdrawn_grams: number
}

/** Lots, cases, tonnes, releases, violations and what was taken off sale, by day and place, from the daily tallies. */
export const tallyList = (reference: Reference): List<TallyRow> => ({
  ...wideList<TallyRow>({
    key: 'cold-tally',
    name: '冷链统计',
    permission: 'coldchain.read',
    pathOf: pathOf(reference),
    check: checkDays,
    fields: [
      day('day', '日期', (row) => row.day),
      text('county', '县（市、区）', 16, (row) => reference.areaName(row.county)),
      text('area', '区划', 24, (row) => reference.areaName(row.path.split('/').at(-2) ?? '')),
      whole('lots', '批次', (row) => row.lots),
      whole('boxes', '件数', (row) => row.boxes),
      { key: 'tonnes', name: '重量（吨）', type: 'decimal', width: 14, value: (row) => (row.grams / 1e6).toFixed(6) },
      whole('released', '放行批次', (row) => row.released),
      whole('violations', '违规', (row) => row.violations),
      mass('withdrawn', '下架与销毁（千克）', (row) => row.withdrawn_grams),
    ],
    query: ({ scope, from, to }) => ({
      text: `SELECT day, path, county, lots, boxes, grams, released, violations, withdrawn_grams FROM coldchain.tally
        WHERE path ^@ ANY ($1::text[]) AND ($2::date IS NULL OR day >= $2) AND ($3::date IS NULL OR day <= $3) ORDER BY day DESC, path`,
      values: [[...scope], from ?? null, to ?? null],
    }),
  }),
  period: true,
})
