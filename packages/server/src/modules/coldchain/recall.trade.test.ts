import type { EpcisEvent } from '@vigil/epcis/document'
import { stepOf } from '@vigil/epcis/trace'
import { createTrade, tradeFaultKinds, tradeItems } from '@vigil/simulate'
import { expect, test } from 'vitest'
import type { Book, LedgerStep, LotFacts } from './ledger.book.ts'
import { applyStep } from './ledger.domain.ts'
import { recallInputOf } from './ledger.fixture.ts'
import { recallOf } from './recall.domain.ts'

const trade = createTrade({
  seed: 11,
  city: '350500',
  startDay: '2026-01-01',
  days: 30,
  consignments: 40,
  faults: Object.fromEntries(tradeFaultKinds.map((kind) => [kind, 4])),
})
const items = [...tradeItems(trade)]

function emptyBook(): Book & { released: Set<string> } {
  let made = 0
  return {
    lots: new Map(),
    lotsById: new Map(),
    boxes: new Map(),
    holders: new Map(
      trade.parties.flatMap(({ index, uri, locationUri }) => [
        [uri, `h${index}`] as const,
        [locationUri, `h${index}`] as const,
      ]),
    ),
    gtins: new Set(trade.goods.map(({ gtin }) => gtin)),
    released: new Set<string>(),
    recalled: new Map(),
    dispatches: [],
    orders: new Map(),
    stock: new Map(),
    tolerance: () => 2_000,
    newId: () => `made-${++made}`,
    movements: [],
    flows: [],
    made: [],
    joined: [],
    touched: new Set(),
  }
}

const book = emptyBook()
const refused = new Map<(typeof items)[number], string>()
for (const [at, item] of items.entries()) {
  if (item.kind === 'declaration') {
    const { uri, grams, expires } = item.lot
    const lot: LotFacts = {
      id: uri,
      uri,
      kind: 'imported',
      holderId: `h${item.warehouse}`,
      roots: [uri],
      entry: { uri: item.uri, grams },
      entered: false,
      expiresOn: expires,
    }
    book.lots.set(uri, lot)
    book.lotsById.set(uri, lot)
  }
  if (item.kind === 'release') book.released.add(item.lot)
  if (item.kind !== 'event') continue
  const event = item.event as unknown as EpcisEvent
  const advice = (item.event.bizTransactionList as { type?: string; bizTransaction: string }[]).find(
    ({ type }) => type === 'desadv',
  )
  const step: LedgerStep = {
    ...stepOf({ id: `e${at}`, event }),
    hash: `e${at}`,
    advice: advice?.bizTransaction ?? null,
  }
  const refusal = applyStep(book, step)
  if (refusal) refused.set(item, refusal.rule)
}

test('the ledger refuses every injected fault that breaks a rule, for its reason, and invents none', () => {
  expect([...refused.keys()]).toEqual(items.filter(({ truth }) => truth.refused))
  const rules: Readonly<Record<string, string>> = {
    'unreleased-sale': 'not-released',
    'lost-boxes': 'receipt-mismatch',
    'swapped-labels': 'never-sent',
    'double-receipt': 'received-twice',
    'forged-certificate': 'unknown-code',
  }
  for (const [{ truth }, rule] of refused) expect(rule).toBe(rules[truth.fault!.split('/')[0]!])
})

test('a recall of any lot of the trade sums to the gram, in records without contradiction', () => {
  const held = [...trade.faults.values()].flat().filter(({ kind }) => kind === 'lost-boxes')
  const moving: string[] = []
  for (const lot of book.lots.values()) {
    if (lot.kind !== 'imported' || !lot.entered) continue
    const recall = recallOf(recallInputOf(book, [lot.uri]))
    expect(recall.total).toBe(lot.entry!.grams)
    expect(recall.lines.reduce((sum, { grams }) => sum + grams, 0)).toBe(recall.total)
    expect([recall.problems, recall.cycles, recall.byFate.unaccounted]).toEqual([[], [], 0])
    if (recall.byFate['in-transit'] > 0) moving.push(lot.uri)
  }
  // What was held at the ramp for its missing boxes, or mixed up, is on the way in the books.
  expect(moving.length).toBeGreaterThanOrEqual(held.length)
})
