import { mix } from './flow.domain.ts'
import type { Book, LedgerStep, LotFacts } from './ledger.book.ts'
import { gather, isRefusal, type Refusal, refuse, type Share } from './ledger.gather.domain.ts'
import { checkLeaving, holderOf, move, toleranceOf } from './ledger.move.domain.ts'

/** Steps that only part or rename goods: what goes in comes out. */
const keeping = new Set(['repackaging', 'packing', 'unpacking', 'picking', 'encoding'])
const lotPattern = /^https:\/\/id\.gs1\.org\/01\/\d{14}\/10\/[^/?]+$/

/**
 * Splits, repacking and processing: inputs leave the holder's stock, outputs come into it as lots of his own, what is missing
 * is lost in processing. Each output holds the inputs in proportion, to the gram.
 */
export function transform(book: Book, step: LedgerStep): Refusal | null {
  const found = gather(book, step.inputs)
  if (isRefusal(found)) return found
  const { shares, other } = found
  if (shares.length === 0) return foreign(book, step)
  const holderId = holderOf(book, step)
  if (!holderId) return refuse('unknown-holder', step.place)
  if (step.outputs.length === 0) return refuse('transformation-in-parts', shares[0]!.lot.uri)
  for (const share of shares) {
    const refused = checkLeaving(book, share, holderId)
    if (refused) return refused
  }
  const refused = checkOutputs(book, step, holderId, shares)
  if (refused) return refused
  const unweighed = other.find(({ grams }) => grams === null)
  if (unweighed) return refuse('no-mass', unweighed.uri)
  const outputs = merged(step)
  const inputs = [...shares.map(({ grams }) => grams!), ...other.map(({ grams }) => grams!)]
  const sum = (list: readonly number[]) => list.reduce((all, each) => all + each, 0)
  const loss = sum(inputs) - sum([...outputs.values()])
  if (loss < 0) return refuse('mass-created', step.outputs[0]!.uri)
  if (
    step.bizStep !== null &&
    keeping.has(step.bizStep) &&
    loss > toleranceOf(sum(inputs), book.tolerance(holderId, step.time))
  )
    return refuse('loss-in-repack', step.outputs[0]!.uri)
  take(book, step, holderId, shares)
  const made = [...outputs].map(([uri, grams]) => ({ lot: make(book, holderId, shares, uri), grams }))
  for (const { lot, grams } of made) move(book, step, { lotId: lot.id, holderId, kind: 'make', grams })
  const table = mix(
    inputs,
    made.map(({ grams }) => grams),
  )
  const ends = [...made.map(({ lot }) => lot.id), null]
  table.forEach((row, input) => {
    row.forEach((grams, output) => {
      const from = shares[input]?.lot.id ?? null
      const to = ends[output]!
      if (grams > 0 && (from !== null || to !== null))
        book.flows.push({ from, to, grams, holderId, hash: step.hash, time: step.time })
    })
  })
  return null
}

/** A transformation of goods that are not followed may not make a lot that is, or one that should be. */
function foreign(book: Book, step: LedgerStep): Refusal | null {
  const found = gather(book, step.outputs)
  if (isRefusal(found)) return found
  const [known] = found.shares
  return known ? refuse('output-exists', known.lot.uri) : null
}

function checkOutputs(book: Book, step: LedgerStep, holderId: string, shares: readonly Share[]): Refusal | null {
  for (const { uri, grams } of step.outputs) {
    if (!lotPattern.test(uri)) return refuse('output-not-lot', uri)
    if (grams === null || grams === 0) return refuse('no-mass', uri)
    const known = book.lots.get(uri)
    const own = known?.kind === 'made' && known.holderId === holderId
    if (known && (!own || shares.some(({ lot }) => lot === known))) return refuse('output-exists', uri)
  }
  return null
}

/** Outputs by lot: one may be named twice. */
function merged(step: LedgerStep): Map<string, number> {
  const outputs = new Map<string, number>()
  for (const { uri, grams } of step.outputs) outputs.set(uri, (outputs.get(uri) ?? 0) + grams!)
  return outputs
}

function take(book: Book, step: LedgerStep, holderId: string, shares: readonly Share[]): void {
  for (const { lot, grams, boxes } of shares) {
    for (const box of boxes) {
      box.holderId = null
      box.gone = true
      book.touched.add(box)
    }
    move(book, step, { lotId: lot.id, holderId, kind: 'use', grams: -grams! })
  }
}

function make(book: Book, holderId: string, shares: readonly Share[], uri: string): LotFacts {
  const roots = [...new Set(shares.flatMap(({ lot }) => lot.roots))]
  const known = book.lots.get(uri)
  if (known) {
    const fresh = roots.filter((root) => !known.roots.includes(root))
    book.joined.push(...fresh.map((rootId) => ({ lotId: known.id, rootId })))
    const grown = { ...known, roots: [...known.roots, ...fresh] }
    book.lots.set(uri, grown)
    book.lotsById.set(known.id, grown)
    return grown
  }
  const [expiresOn = null] = shares.flatMap(({ lot }) => lot.expiresOn ?? []).sort()
  const lot: LotFacts = { id: book.newId(), uri, kind: 'made', holderId, roots, entry: null, entered: true, expiresOn }
  book.lots.set(uri, lot)
  book.lotsById.set(lot.id, lot)
  book.made.push(lot)
  return lot
}
