import type pg from 'pg'
import type { List } from '../../kernel/export/index.ts'
import type { Reference } from '../pharmacy/index.ts'
import { boundsOf, checkDays, instant, mass, pathOf, text, whole, wideList } from './export.wide.ts'
import { exposuresOf, type Limit, limitOfLabel, type Reading } from './temperature.domain.ts'
import { staysOf } from './temperature.stay.domain.ts'

interface RecordRow {
  lot_id: string
  lot_no: string
  goods_name: string
  limit_tenths: number
  holder_id: string
  holder: string
  area_code: string
  filename: string
  serial: string | null
  sha256: string
  readings: readonly (readonly [number, number])[]
  at: Date
  moves: readonly { readonly at: number; readonly grams: number }[] | null
}

interface ExcursionRow extends Omit<RecordRow, 'readings' | 'moves'> {
  readonly from: number
  readonly to: number
  readonly grams: number
  readonly duration: number
  readonly unknown: number
  readonly peak: number | null
}

/** What of a lot was with a holder while a logger ran, and was too warm: grams, for how long, and the highest that was read. */
function excursionsOf({ readings: kept, moves, ...row }: RecordRow): ExcursionRow[] {
  const readings = kept.map(([at, tenths]): Reading => ({ at, tenths }))
  const [first, last] = [readings[0], readings.at(-1)]
  if (!first || !last) return []
  const limit: Limit = limitOfLabel(row.limit_tenths)
  const stays = staysOf(moves ?? [], row.at.getTime())
    .map((stay) => ({ ...stay, from: Math.max(stay.from, first.at), to: Math.min(stay.to, last.at) }))
    .filter((stay) => stay.to > stay.from)
  const presences = stays.map(({ from, to }, index) => ({ from, to, thing: String(index) }))
  return exposuresOf(readings, limit, presences).map(({ thing, duration, unknown, peak }) => ({
    ...row,
    ...stays[Number(thing)]!,
    ...{ duration, unknown, peak },
  }))
}

const celsius = (tenths: number | null): string | null => (tenths === null ? null : (tenths / 10).toFixed(1))
const minutes = (ms: number): number => Math.round(ms / 60_000)

/** Temperatures above the limit of the product with what was exposed to them, from loggers' files alone. A period of upload, or one lot. */
export function temperatureList(reference: Reference): List<ExcursionRow> {
  const records = wideList<RecordRow>({
    key: 'cold-temperatures',
    name: '冷链温度超限',
    permission: 'coldchain.read',
    pathOf: pathOf(reference),
    check: checkDays,
    fields: [],
    query: ({ scope, lot, ...period }) => ({
      text: `SELECT t.lot_id, l.lot_no, l.goods_name, g.limit_tenths, t.holder_id, h.name AS holder, h.area_code, t.filename, t.serial, t.sha256, t.readings, t.at,
          (SELECT jsonb_agg(jsonb_build_object('at', (extract(epoch FROM m.at) * 1000)::bigint, 'grams', m.grams) ORDER BY m.at, m.id)
            FROM coldchain.movement m WHERE m.lot_id = t.lot_id AND m.holder_id = t.holder_id AND m.grams <> 0) AS moves
        FROM coldchain.temperature t JOIN coldchain.lot l ON l.id = t.lot_id JOIN coldchain.goods g ON g.id = l.goods_id
        JOIN coldchain.holder h ON h.id = t.holder_id
        WHERE t.path ^@ ANY ($1::text[]) AND ($2::uuid IS NULL OR t.lot_id = $2)
          AND ($3::timestamptz IS NULL OR t.at >= $3) AND ($4::timestamptz IS NULL OR t.at < $4) ORDER BY t.id DESC`,
      values: [[...scope], lot ?? null, ...boundsOf(period)],
    }),
  })
  const excursions = async function* (client: pg.ClientBase, filter: Parameters<typeof records.rows>[1]) {
    for await (const rows of records.rows(client, filter, 'record')) yield rows.flatMap(excursionsOf)
  }
  const { trace: _, ...rest } = records
  return {
    ...rest,
    fields: [
      text('goods', '品名', 24, (row) => row.goods_name),
      text('lotNo', '批次号', 18, (row) => row.lot_no),
      text('holder', '持有人', 30, (row) => row.holder),
      text('area', '区划', 24, (row) => reference.areaFullName(row.area_code)),
      instant('from', '自', (row) => new Date(row.from)),
      instant('to', '至', (row) => new Date(row.to)),
      mass('weight', '受影响（千克）', (row) => row.grams),
      { key: 'limit', name: '限值（℃）', type: 'decimal', width: 10, value: (row) => celsius(row.limit_tenths) },
      { key: 'peak', name: '最高（℃）', type: 'decimal', width: 10, value: (row) => celsius(row.peak) },
      whole('minutes', '超限分钟', (row) => minutes(row.duration)),
      whole('unknown', '无记录分钟', (row) => minutes(row.unknown)),
      text('serial', '设备', 16, (row) => row.serial),
      text('filename', '记录文件', 30, (row) => row.filename),
      text('sha256', '文件校验值', 66, (row) => row.sha256),
      instant('at', '上传时间', (row) => row.at),
    ],
    count: async (client, filter) => {
      let counted = 0
      for await (const rows of excursions(client, filter)) counted += rows.length
      return counted
    },
    rows: (client, filter) => excursions(client, filter),
  }
}
