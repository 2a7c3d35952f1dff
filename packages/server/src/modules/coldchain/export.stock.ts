import { coldGateStateNames, coldHolderKindNames, coldMovementKindNames } from '@vigil/contract'
import type { List } from '../../kernel/export/index.ts'
import type { Reference } from '../pharmacy/index.ts'
import { gateSql } from './export.gate.ts'
import { boundsOf, checkDays, day, instant, mass, pathOf, term, text, wideList } from './export.wide.ts'

interface StockRow {
  holder: string
  code: string
  holder_kind: string
  area_code: string
  lot_no: string
  goods_name: string
  origin: string | null
  gate: string
  grams: number
  expires_on: string | null
  since: Date
  moved_at: Date
  counted_at: Date | null
  uri: string
}

/** What the holders of an area have by the books, to the gram. `status` of the filter is the gate. */
export const stockList = (reference: Reference): List<StockRow> =>
  wideList<StockRow>({
    key: 'cold-stock',
    name: '冷链库存',
    permission: 'coldchain.read',
    pathOf: pathOf(reference),
    fields: [
      text('holder', '持有人', 30, (row) => row.holder),
      text('code', '持有人编码', 16, (row) => row.code),
      term('kind', '类型', coldHolderKindNames, (row) => row.holder_kind),
      text('area', '区划', 24, (row) => reference.areaFullName(row.area_code)),
      text('goods', '品名', 24, (row) => row.goods_name),
      text('lotNo', '批次号', 18, (row) => row.lot_no),
      text('origin', '产地', 12, (row) => row.origin),
      term('gate', '批次状态', coldGateStateNames, (row) => row.gate),
      mass('weight', '在库（千克）', (row) => row.grams),
      day('expiresOn', '保质期至', (row) => row.expires_on),
      instant('since', '起于', (row) => row.since),
      instant('movedAt', '最近进出', (row) => row.moved_at),
      instant('countedAt', '最近盘点', (row) => row.counted_at),
      text('uri', '批次编码', 48, (row) => row.uri),
    ],
    query: ({ scope, status, lot }) => ({
      text: `SELECT * FROM (SELECT h.name AS holder, h.code, h.kind AS holder_kind, h.area_code, l.lot_no, l.goods_name, l.origin, ${gateSql} AS gate,
          b.grams, l.expires_on, b.since, b.moved_at, b.counted_at, l.uri, b.lot_id
        FROM coldchain.balance b JOIN coldchain.holder h ON h.id = b.holder_id JOIN coldchain.lot l ON l.id = b.lot_id
        WHERE b.path ^@ ANY ($1::text[]) AND b.grams > 0 AND ($3::uuid IS NULL OR b.lot_id = $3)
      ) AS stock WHERE ($2::text IS NULL OR gate = $2) ORDER BY holder, lot_id`,
      values: [[...scope], status ?? null, lot ?? null],
    }),
  })

interface MovementListRow {
  at: Date
  kind: string
  lot_no: string
  goods_name: string
  holder: string
  area_code: string
  other: string | null
  grams: number
  way: string | null
  order_no: string | null
  event_hash: string
}

/**
 * The ledger of an area: what an event did to a lot at a holder; out is negative. A period, or one lot. Rows are numbered as they are written,
 * never before they happened: a period begins at its first number, whatever lies before it.
 */
export const movementList = (reference: Reference): List<MovementListRow> =>
  wideList<MovementListRow>({
    key: 'cold-movements',
    name: '冷链流转',
    permission: 'coldchain.read',
    pathOf: pathOf(reference),
    check: checkDays,
    fields: [
      instant('at', '时间', (row) => row.at),
      term('kind', '事项', coldMovementKindNames, (row) => row.kind),
      text('goods', '品名', 24, (row) => row.goods_name),
      text('lotNo', '批次号', 18, (row) => row.lot_no),
      text('holder', '经营者', 30, (row) => row.holder),
      text('area', '区划', 24, (row) => reference.areaFullName(row.area_code)),
      text('other', '对方', 30, (row) => row.other),
      mass('weight', '增减（千克）', (row) => row.grams),
      text('dispatch', '发货单', 44, (row) => row.way),
      text('order', '销毁决定', 20, (row) => row.order_no),
      text('hash', '事件哈希', 90, (row) => row.event_hash),
    ],
    query: ({ scope, lot, ...period }) => ({
      text: `SELECT m.at, m.kind, l.lot_no, l.goods_name, h.name AS holder, h.area_code, o.name AS other, m.grams, d.uri AS way, x.number AS order_no, m.event_hash
        FROM coldchain.movement m JOIN coldchain.lot l ON l.id = m.lot_id JOIN coldchain.holder h ON h.id = m.holder_id
        LEFT JOIN coldchain.holder o ON o.id = m.other_id LEFT JOIN coldchain.dispatch d ON d.id = m.dispatch_id
        LEFT JOIN coldchain.destroy_order x ON x.id = m.order_id
        WHERE m.path ^@ ANY ($1::text[]) AND ($2::uuid IS NULL OR m.lot_id = $2)
          AND ($3::timestamptz IS NULL OR (m.at >= $3 AND m.id >= vigil.uuid_floor($3::timestamptz - interval '1 day')))
          AND ($4::timestamptz IS NULL OR m.at < $4) ORDER BY m.id DESC`,
      values: [[...scope], lot ?? null, ...boundsOf(period)],
    }),
  })
