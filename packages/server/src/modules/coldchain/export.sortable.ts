import type pg from 'pg'
import { notFound } from '../../kernel/error/problem.ts'
import { type List, queryList, type Resolved } from '../../kernel/export/index.ts'
import type { Reference } from '../pharmacy/index.ts'
import { lotConcerns } from './export.gate.ts'
import { beyond, pathOf } from './export.wide.ts'
import { ofBusiness } from './holder.scope.ts'
import { type SortableFact, type SortablePlace, sortableColumns, type TrackingEvent } from './sortable.columns.ts'

interface Row {
  event_hash: string
  kind: 'enter' | 'ship' | 'receive' | 'use' | 'make'
  at: Date
  lot_no: string
  uri: string
  gtin: string
  goods_name: string
  grams: number
  place: SortablePlace
  source: SortablePlace
  other: SortablePlace | null
  owner: SortablePlace | null
  way: string | null
  customs: string | null
}

const events: Readonly<Record<Row['kind'], TrackingEvent>> = {
  enter: 'First receipt',
  ship: 'Shipping',
  receive: 'Receiving',
  use: 'Transformation',
  make: 'Transformation',
}

function factOf(row: Row): SortableFact {
  const { kind, place, other } = row
  const from = kind === 'enter' ? row.owner : kind === 'receive' ? other : null
  const [documentType, documentNumber] =
    kind === 'enter' ? ['customs declaration', row.customs ?? ''] : row.way ? ['despatch advice', row.way] : ['', '']
  return {
    ...{ event: row.event_hash, kind: events[kind], at: row.at, lotCode: row.lot_no, lotUri: row.uri },
    ...{ source: row.source, product: row.goods_name, gtin: row.gtin, grams: Math.abs(row.grams), from, place },
    side: kind === 'use' ? 'input' : kind === 'make' ? 'output' : null,
    to: kind === 'ship' ? other : null,
    ...{ documentType, documentNumber },
  }
}

const placeSql = (alias: string) =>
  `CASE WHEN ${alias}.id IS NOT NULL THEN jsonb_build_object('name', ${alias}.name, 'id', ${alias}.location_uri, 'address', ${alias}.address) END`

const reached = {
  lot: 'SELECT $1::uuid AS id',
  forward:
    'SELECT $1::uuid AS id UNION SELECT f.to_lot FROM reached r JOIN coldchain.flow f ON f.from_lot = r.id WHERE f.to_lot IS NOT NULL',
  backward:
    'SELECT $1::uuid AS id UNION SELECT f.from_lot FROM reached r JOIN coldchain.flow f ON f.to_lot = r.id WHERE f.from_lot IS NOT NULL',
} as const

/**
 * The sortable sheet of a lot or its trace (21 CFR 1.1455(c)(3)): one row per lot and tracking event. The trace crosses counties, as on its
 * page; a business finds what it did itself.
 */
export function sortableList(reference: Reference): List<SortableFact> {
  const query = ({ lot, reach = 'lot', scope }: Resolved) => ({
    text: `WITH RECURSIVE reached(id) AS (${reached[reach]})
      SELECT m.event_hash, m.kind, m.at, l.lot_no, l.uri, l.gtin, l.goods_name, m.grams, ${placeSql('h')} AS place, ${placeSql('s')} AS source,
        ${placeSql('o')} AS other, ${placeSql('w')} AS owner, d.uri AS way,
        (SELECT p.number FROM coldchain.declaration c JOIN coldchain.document p ON p.declaration_id = c.id AND p.kind = 'customs'
          WHERE c.lot_id = l.id ORDER BY p.id DESC LIMIT 1) AS customs
      FROM reached r JOIN coldchain.lot l ON l.id = r.id JOIN coldchain.movement m ON m.lot_id = l.id AND m.kind IN ('enter', 'ship', 'receive', 'use', 'make')
      JOIN coldchain.holder h ON h.id = m.holder_id JOIN coldchain.holder s ON s.id = l.holder_id
      LEFT JOIN coldchain.holder o ON o.id = m.other_id LEFT JOIN coldchain.holder w ON w.id = l.owner_id
      LEFT JOIN coldchain.dispatch d ON d.id = m.dispatch_id
      WHERE $2::text[] IS NULL OR m.path ^@ ANY ($2::text[]) ORDER BY m.at, m.id`,
    values: [lot ?? null, ofBusiness({ reference }, scope) ? [...scope] : null],
  })
  const list = queryList<Row>({
    key: 'cold-sortable',
    name: '可排序追溯表',
    permission: 'coldchain.read',
    pathOf: pathOf(reference),
    fields: [],
    query,
  })
  const isSeen = async (client: pg.ClientBase, { lot, scope }: Resolved): Promise<boolean> => {
    const { rowCount } = await client.query(`SELECT FROM coldchain.lot l WHERE l.id = $2 AND ${lotConcerns}`, [
      [...scope],
      lot ?? null,
    ])
    return rowCount === 1
  }
  const { trace: _, ...rest } = list
  return {
    ...rest,
    fields: sortableColumns.map(({ head, type, width, value }, at) => ({
      ...{ key: `c${at + 1}`, name: head, type, value },
      ...(width === undefined ? {} : { width }),
    })),
    // Whether there is anything to show is told by the file: an order is not refused after it was numbered.
    count: async (client, filter) => {
      let counted = 0
      for await (const rows of beyond(client, async function* () {
        if (await isSeen(client, filter)) yield* list.rows(client, filter, 'record')
      }))
        counted += rows.length
      return counted
    },
    rows: (client, filter) =>
      beyond(client, async function* () {
        if (!(await isSeen(client, filter))) throw notFound('批次')
        for await (const rows of list.rows(client, filter, 'record')) yield rows.map(factOf)
      }),
  }
}
