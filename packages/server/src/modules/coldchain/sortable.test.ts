import { expect, test } from 'vitest'
import { csvChunks, readTable } from '../../kernel/tabular/index.ts'
import { type SortableFact, sortableColumns, sortableRow } from './sortable.columns.ts'

const warehouse = { name: '晋江市集中监管仓', id: '9521000000017', address: '青阳街道世纪大道 1 号' }
const shop = { name: '海丰超市', id: '9521400000012', address: '宝盖镇' }
const fact: SortableFact = {
  event: 'ni:///sha-256;ab?ver=CBV2.0',
  kind: 'Shipping',
  at: new Date('2026-11-22T01:02:03Z'),
  lotCode: '261122-7KQ2',
  lotUri: 'https://id.gs1.org/01/00200000000174/10/261122-7KQ2',
  source: warehouse,
  product: '冷冻去骨牛前八件套',
  gtin: '00200000000174',
  grams: 25_400_001,
  side: null,
  from: null,
  place: warehouse,
  to: shop,
  documentType: 'despatch advice',
  documentNumber: 'A-1',
}

test('a row has a cell for every column, each head once', () => {
  expect(sortableRow(fact)).toHaveLength(sortableColumns.length)
  expect(new Set(sortableColumns.map(({ head }) => head)).size).toBe(sortableColumns.length)
})

test('the sheet reads back as it was written, to the gram', async () => {
  const facts = [fact, { ...fact, kind: 'Transformation' as const, side: 'output' as const, grams: 1, to: null }]
  const chunks: Buffer[] = []
  for await (const chunk of csvChunks([...sortableColumns], facts.map(sortableRow))) chunks.push(Buffer.from(chunk))
  const columns = sortableColumns.map(({ head }) => ({ key: head, heads: [head] }))
  const rows: Record<string, string>[] = []
  for await (const { values } of readTable(Buffer.concat(chunks), { filename: 'a.csv', columns })) rows.push(values)
  expect(rows.map((row) => row.Quantity)).toEqual(['25400.001', '0.001'])
  expect(rows[0]).toMatchObject({
    'Event date and time': '2026-11-22 09:02:03',
    'Traceability lot code': fact.lotCode,
    'Event location name': warehouse.name,
    'Immediate subsequent recipient identifier': shop.id,
    'Input or output': '',
    GTIN: fact.gtin,
  })
  expect(rows[1]).toMatchObject({ 'Critical tracking event': 'Transformation', 'Input or output': 'output' })
})
