import type { Part } from '@vigil/epcis/trace'
import type { Book, LedgerStep, LotFacts } from './ledger.book.ts'
import type { RecallInput, RecallMovement } from './recall.domain.ts'

export const lotUri = (n: number): string => `https://id.gs1.org/01/06901234000016/10/L${n}`
export const holderUri = (n: number): string => `urn:vigil:holder:${n}`
let count = 0

/** An empty book with imported lots, whose entries are agreed, and holders; all lots come into holder 0. */
export function emptyBook(entries: readonly number[], released: readonly number[], holders = 4, ppm = 2000): Book {
  const lots = entries.map(
    (grams, n): LotFacts => ({
      id: `lot-${n}`,
      uri: lotUri(n),
      kind: 'imported',
      holderId: 'h0',
      roots: [`lot-${n}`],
      entry: { uri: `urn:uuid:declaration-${n}`, grams },
      entered: false,
      expiresOn: null,
    }),
  )
  let made = 0
  return {
    lots: new Map(lots.map((lot) => [lot.uri, lot])),
    lotsById: new Map(lots.map((lot) => [lot.id, lot])),
    boxes: new Map(),
    holders: new Map(Array.from({ length: holders }, (_, n) => [holderUri(n), `h${n}`])),
    gtins: new Set(['06901234000016']),
    released: new Set(released.map((n) => `lot-${n}`)),
    recalled: new Map(),
    dispatches: [],
    orders: new Map(),
    stock: new Map(),
    tolerance: () => ppm,
    newId: () => `made-${++made}`,
    movements: [],
    flows: [],
    made: [],
    joined: [],
    touched: new Set(),
  }
}

export const part = (uri: string, grams: number | null): Part => ({ uri, grams })

/** An event with what the ledger reads of it. */
export const stepOf = (given: Partial<LedgerStep>): LedgerStep => ({
  id: '',
  hash: `ni:///sha-256;${++count}`,
  kind: 'ObjectEvent',
  action: 'OBSERVE',
  time: 1_700_000_000_000 + count,
  bizStep: null,
  disposition: null,
  place: null,
  parent: null,
  things: [],
  inputs: [],
  outputs: [],
  transformation: null,
  documents: [],
  advice: null,
  possession: { from: null, to: null },
  ownership: { from: null, to: null },
  ...given,
})

const still = new Set<string>(['handle', 'observe', 'count'])

/** What a book says of its lots, as a recall of some of them reads it. */
export const recallInputOf = (book: Book, roots: readonly string[]): RecallInput => ({
  roots,
  movements: book.movements
    .filter(({ kind }) => !still.has(kind))
    .map(({ lotId, holderId, kind, grams, hash, time, dispatchId }) => ({
      ...{ lot: lotId, holder: holderId, kind: kind as RecallMovement['kind'], grams, event: hash, at: time },
      dispatch: dispatchId ?? null,
    })),
  flows: book.flows.map(({ from, to, grams, holderId, hash }) => ({ from, to, grams, holder: holderId, event: hash })),
  dispatches: book.dispatches.map(({ id, fromId, toId, lost, received }) => ({
    ...{ id, from: fromId, to: toId, lostGrams: lost, received: received !== null },
  })),
})
