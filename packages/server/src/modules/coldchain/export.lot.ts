import { coldDeclarationStateNames, coldGateStateNames, coldLotKindNames, coldResultNames } from '@vigil/contract'
import type pg from 'pg'
import type { List, Resolved } from '../../kernel/export/index.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import type { Reference } from '../pharmacy/index.ts'
import { maskedDriver } from './driver.ts'
import { gateSql, lotConcerns } from './export.gate.ts'
import { boundsOf, checkDays, day, instant, mass, pathOf, term, text, whole, wideList } from './export.wide.ts'
import { ofBusiness } from './holder.scope.ts'

interface LotListRow {
  lot_no: string
  uri: string
  gtin: string
  goods_name: string
  category: string | null
  spec: string | null
  kind: string
  gate: string
  origin: string | null
  plant_no: string | null
  supplier_lot: string | null
  container_no: string | null
  produced_on: string | null
  expires_on: string | null
  owner: string | null
  owner_credit: string | null
  station: string
  station_code: string
  area_code: string
  number: string | null
  slot_at: Date | null
  vehicle: string | null
  entered_at: Date | null
  boxes: number | null
  grams: number | null
  customs: string | null
  quarantine: string | null
  test: string | null
  disinfection: string | null
  sampled: number
  result: string | null
  tested_at: Date | null
  disinfected_at: Date | null
  agent: string | null
  released_at: Date | null
  released_by: string | null
  certificates: string | null
  stock: number
}

const paper = (kind: string) =>
  `(SELECT p.number FROM coldchain.document p WHERE p.declaration_id = d.id AND p.kind = '${kind}' ORDER BY p.id DESC LIMIT 1)`

const resultName = ({ result }: LotListRow): string => coldResultNames[result as keyof typeof coldResultNames] ?? ''

/**
 * The lots of an area with all that the tables of a province or of the country ask for: declaration, papers, tests, disinfection, release and
 * certificates. `status` of the filter is the gate, `q` a number on papers, `lot` one lot, `from` and `to` the days on which it was registered.
 */
export const lotList = (reference: Reference): List<LotListRow> =>
  wideList<LotListRow>({
    key: 'cold-lots',
    name: '冷链批次',
    permission: 'coldchain.read',
    pathOf: pathOf(reference),
    check: checkDays,
    fields: [
      text('lotNo', '批次号', 18, (row) => row.lot_no),
      text('goods', '品名', 24, (row) => row.goods_name),
      text('category', '类别', 12, (row) => row.category),
      text('spec', '规格', 16, (row) => row.spec),
      term('kind', '来源', coldLotKindNames, (row) => row.kind),
      term('gate', '状态', coldGateStateNames, (row) => row.gate),
      text('origin', '产地', 12, (row) => row.origin),
      text('plantNo', '境外生产企业注册编号', 18, (row) => row.plant_no),
      text('supplierLot', '供应商批号', 18, (row) => row.supplier_lot),
      text('containerNo', '柜号', 16, (row) => row.container_no),
      day('producedOn', '生产日期', (row) => row.produced_on),
      day('expiresOn', '保质期至', (row) => row.expires_on),
      text('owner', '货主', 28, (row) => row.owner),
      text('ownerCredit', '货主统一社会信用代码', 22, (row) => row.owner_credit),
      text('station', '首站', 28, (row) => row.station),
      text('stationCode', '首站编码', 16, (row) => row.station_code),
      text('area', '首站区划', 24, (row) => reference.areaFullName(row.area_code)),
      text('declaration', '申报号', 20, (row) => row.number),
      instant('slotAt', '预约到仓', (row) => row.slot_at),
      text('vehicle', '车牌号', 12, (row) => row.vehicle),
      instant('enteredAt', '入仓时间', (row) => row.entered_at),
      whole('boxes', '件数', (row) => row.boxes),
      mass('weight', '净重（千克）', (row) => row.grams),
      text('customs', '报关单号', 22, (row) => row.customs),
      text('quarantine', '检验检疫证明号', 22, (row) => row.quarantine),
      text('test', '核酸检测证明号', 22, (row) => row.test),
      text('disinfection', '消毒证明号', 22, (row) => row.disinfection),
      whole('samples', '采样数', (row) => row.sampled),
      { ...text('result', '检测结果', 12, resultName), values: Object.values(coldResultNames) },
      instant('testedAt', '检测时间', (row) => row.tested_at),
      instant('disinfectedAt', '消毒时间', (row) => row.disinfected_at),
      text('agent', '消毒剂', 18, (row) => row.agent),
      instant('releasedAt', '放行时间', (row) => row.released_at),
      text('releasedBy', '放行人', 14, (row) => row.released_by),
      text('certificates', '出仓证明', 40, (row) => row.certificates),
      mass('stock', '辖区在库（千克）', (row) => row.stock),
      text('gtin', '商品编码', 18, (row) => row.gtin),
      text('uri', '批次编码', 48, (row) => row.uri),
    ],
    query: ({ scope, q, status, lot, ...period }) => ({
      text: `SELECT * FROM (SELECT l.id, l.lot_no, l.uri, l.gtin, l.goods_name, g.category, g.spec, l.kind, ${gateSql} AS gate, l.origin, l.plant_no,
          l.supplier_lot, l.container_no, l.produced_on, l.expires_on, o.name AS owner, o.credit_code AS owner_credit, h.name AS station,
          h.code AS station_code, h.area_code, d.number, d.slot_at, d.vehicle, d.entered_at, coalesce(d.entered_boxes, d.boxes, f.boxes) AS boxes,
          coalesce(d.entered_grams, d.grams, f.grams) AS grams, ${paper('customs')} AS customs, ${paper('quarantine')} AS quarantine,
          ${paper('test')} AS test, ${paper('disinfection')} AS disinfection, s.sampled, s.result, s.tested_at, x.done_at AS disinfected_at, x.agent,
          CASE WHEN r.kind = 'release' THEN r.at END AS released_at, CASE WHEN r.kind = 'release' AND $7::text[] IS NULL THEN r.by END AS released_by,
          (SELECT string_agg(c.number, '、' ORDER BY c.id) FROM coldchain.certificate c LEFT JOIN coldchain.holder t ON t.id = c.to_id
            WHERE c.lot_id = l.id AND ($7::text[] IS NULL OR h.path ^@ ANY ($7::text[]) OR o.path ^@ ANY ($7::text[]) OR t.path ^@ ANY ($7::text[])
              OR c.id = (SELECT id FROM coldchain.certificate WHERE lot_id = l.id AND to_id IS NULL ORDER BY id DESC LIMIT 1))) AS certificates,
          (SELECT coalesce(sum(b.grams), 0)::bigint FROM coldchain.balance b WHERE b.lot_id = l.id AND b.path ^@ ANY ($1::text[])) AS stock
        FROM coldchain.lot l JOIN coldchain.holder h ON h.id = l.holder_id LEFT JOIN coldchain.holder o ON o.id = l.owner_id
        LEFT JOIN coldchain.goods g ON g.id = l.goods_id LEFT JOIN coldchain.declaration d ON d.lot_id = l.id
          AND ($7::text[] IS NULL OR d.path ^@ ANY ($7::text[]) OR d.owner_path ^@ ANY ($7::text[]))
        LEFT JOIN LATERAL (SELECT boxes, grams FROM coldchain.certificate c WHERE c.lot_id = l.id AND c.province IS NOT NULL LIMIT 1) f ON true
        LEFT JOIN LATERAL (SELECT count(*)::int AS sampled, max(result_at) AS tested_at,
          CASE WHEN bool_or(result = 'positive') THEN 'positive' WHEN bool_or(result = 'pending') THEN 'pending' WHEN count(*) > 0 THEN 'negative' END AS result
          FROM coldchain.sample WHERE lot_id = l.id) s ON true
        LEFT JOIN LATERAL (SELECT done_at, agent FROM coldchain.disinfection WHERE lot_id = l.id ORDER BY id DESC LIMIT 1) x ON true
        LEFT JOIN LATERAL (SELECT kind, at, by FROM coldchain.release WHERE lot_id = l.id ORDER BY number DESC LIMIT 1) r ON true
        WHERE ${lotConcerns} AND ($3::uuid IS NULL OR l.id = $3)
          AND ($4::text IS NULL OR $4 IN (l.lot_no, l.supplier_lot, l.container_no, d.number))
          AND ($5::timestamptz IS NULL OR l.created_at >= $5) AND ($6::timestamptz IS NULL OR l.created_at < $6)
      ) AS lots WHERE ($2::text IS NULL OR gate = $2) ORDER BY id DESC`,
      // What was declared is known to its two sides alone, who released it to officers, and of certificates a buyer knows its own.
      values: [
        ...[[...scope], status ?? null, lot ?? null, q?.trim() || null, ...boundsOf(period)],
        ofBusiness({ reference }, scope) ? [...scope] : null,
      ],
    }),
  })

interface DeclarationListRow {
  id: string
  number: string
  state: string
  lot_no: string
  goods_name: string
  owner: string
  warehouse: string
  area_code: string
  slot_at: Date
  vehicle: string
  key_month: string
  sealed: Buffer | null
  boxes: number
  grams: number
  consignor: number | null
  counted: number | null
  entered_at: Date | null
  entered_boxes: number | null
  entered_grams: number | null
  documents: number
  declared_at: Date
  declared_by: string
  driver?: ReturnType<typeof maskedDriver>
}

/** Declarations that an area sends or awaits; the driver always masked. `status` of the filter is the state, `from` and `to` days of declaring. */
export function declarationList({ vault }: Pick<Kernel, 'vault'>, reference: Reference): List<DeclarationListRow> {
  const list = wideList<DeclarationListRow>({
    key: 'cold-declarations',
    name: '冷链到货申报',
    permission: 'coldchain.read',
    pathOf: pathOf(reference),
    check: checkDays,
    fields: [
      text('number', '申报号', 20, (row) => row.number),
      term('state', '状态', coldDeclarationStateNames, (row) => row.state),
      text('lotNo', '批次号', 18, (row) => row.lot_no),
      text('goods', '品名', 24, (row) => row.goods_name),
      text('owner', '货主', 28, (row) => row.owner),
      text('warehouse', '监管仓', 28, (row) => row.warehouse),
      text('area', '监管仓区划', 24, (row) => reference.areaFullName(row.area_code)),
      instant('slotAt', '预约到仓', (row) => row.slot_at),
      text('vehicle', '车牌号', 12, (row) => row.vehicle),
      { ...text('driver', '司机', 12, (row) => row.driver?.driverName), personal: true },
      { ...text('driverMobile', '司机电话', 16, (row) => row.driver?.driverMobile), personal: true },
      whole('boxes', '申报件数', (row) => row.boxes),
      mass('weight', '申报重量（千克）', (row) => row.grams),
      mass('consignor', '货主登记（千克）', (row) => row.consignor),
      mass('counted', '监管仓登记（千克）', (row) => row.counted),
      instant('enteredAt', '入仓时间', (row) => row.entered_at),
      whole('enteredBoxes', '入仓件数', (row) => row.entered_boxes),
      mass('enteredWeight', '入仓重量（千克）', (row) => row.entered_grams),
      whole('documents', '单证种数', (row) => row.documents),
      instant('declaredAt', '申报时间', (row) => row.declared_at),
      text('declaredBy', '申报人', 14, (row) => row.declared_by),
    ],
    query: ({ scope, status, lot, ...period }) => ({
      text: `SELECT d.id, d.number, d.state, l.lot_no, l.goods_name, o.name AS owner, w.name AS warehouse, w.area_code, d.slot_at, d.vehicle, d.key_month,
          d.sealed, d.boxes, d.grams, (SELECT f.grams FROM coldchain.figure f WHERE f.declaration_id = d.id AND f.side = 'consignor' ORDER BY f.id DESC LIMIT 1) AS consignor,
          (SELECT f.grams FROM coldchain.figure f WHERE f.declaration_id = d.id AND f.side = 'warehouse' ORDER BY f.id DESC LIMIT 1) AS counted,
          d.entered_at, d.entered_boxes, d.entered_grams, (SELECT count(DISTINCT kind)::int FROM coldchain.document p WHERE p.declaration_id = d.id) AS documents,
          d.declared_at, d.declared_by
        FROM coldchain.declaration d JOIN coldchain.lot l ON l.id = d.lot_id JOIN coldchain.holder o ON o.id = d.owner_id
        JOIN coldchain.holder w ON w.id = d.warehouse_id
        WHERE (d.path ^@ ANY ($1::text[]) OR d.owner_path ^@ ANY ($1::text[])) AND ($2::text IS NULL OR d.state = $2) AND ($3::uuid IS NULL OR d.lot_id = $3)
          AND ($4::timestamptz IS NULL OR d.declared_at >= $4) AND ($5::timestamptz IS NULL OR d.declared_at < $5) ORDER BY d.id DESC`,
      values: [[...scope], status ?? null, lot ?? null, ...boundsOf(period)],
    }),
  })
  return {
    ...list,
    rows: async function* (client: pg.ClientBase, filter: Resolved, grain) {
      for await (const rows of list.rows(client, filter, grain)) {
        await vault.loadMonths([...new Set(rows.map((row) => row.key_month))])
        yield rows.map((row) => {
          const { id, key_month: keyMonth, sealed } = row
          return { ...row, driver: maskedDriver(vault, { id, keyMonth, sealed }) }
        })
      }
    },
  }
}
