import { type Book, type LedgerStep, type LotFacts, type MovementKind, stockKey } from './ledger.book.ts'
import { gather, isRefusal, type Refusal, refuse, type Share } from './ledger.gather.domain.ts'
import { checkLeaving, checkThere, holderOf, isOpen, move, toleranceOf } from './ledger.move.domain.ts'
import { meaningOf } from './ledger.step.domain.ts'
import { transform } from './ledger.transform.domain.ts'
import { mayReturn } from './recall.way.domain.ts'

/**
 * Takes an event into the book: what it moves of known lots, in grams, after checking that it may. An event that names
 * nothing known changes nothing. On a refusal the book is as it was.
 */
export function applyStep(book: Book, step: LedgerStep): Refusal | null {
  const meaning = meaningOf(step)
  if (meaning === 'transform') return transform(book, step)
  const found = gather(book, step.things)
  if (isRefusal(found)) return found
  const { shares } = found
  if (meaning === 'label') return pack(book, step, shares)
  if (shares.length === 0) return null
  if (meaning === 'unsupported') return refuse('unsupported', shares[0]!.lot.uri)
  if (meaning === 'receive') return receive(book, step, shares)
  if (meaning === 'accept') return accept(book, step, shares)
  const holderId = holderOf(book, step)
  if (!holderId) return refuse('unknown-holder', step.possession.from ?? step.place)
  if (meaning === 'seen' || meaning === 'handled') return see(book, step, shares, holderId, meaning === 'seen')
  if (meaning === 'count') return count(book, step, shares, holderId)
  if (meaning === 'lose' && step.advice !== null) return loseOnTheWay(book, step, shares)
  if (meaning === 'ship' || meaning === 'return') return ship(book, step, shares, holderId, meaning === 'return')
  return leave(book, step, shares, holderId, meaning)
}

function see(book: Book, step: LedgerStep, shares: Share[], holderId: string, quiet: boolean): Refusal | null {
  const atRest = ({ lot }: Share) =>
    quiet && (lot.holderId === holderId || (book.stock.get(stockKey(lot.id, holderId)) ?? 0) > 0)
  const early = shares.find((share) => !atRest(share) && !isOpen(book, share.lot))
  if (early) return refuse('not-released', early.lot.uri)
  for (const share of shares)
    move(book, step, { lotId: share.lot.id, holderId, kind: atRest(share) ? 'observe' : 'handle', grams: 0 })
  return null
}

/** Stock was counted: what was found must be what the books say, within the tolerance of weighing. */
function count(book: Book, step: LedgerStep, shares: Share[], holderId: string): Refusal | null {
  for (const { lot, grams } of shares) {
    const stock = book.stock.get(stockKey(lot.id, holderId)) ?? 0
    const off = grams === null ? 0 : Math.abs(grams - stock)
    if (stock === 0 || off > toleranceOf(stock, book.tolerance(holderId, step.time)))
      return refuse('count-mismatch', lot.uri, `：账面 ${stock} 克`)
  }
  for (const { lot } of shares) move(book, step, { lotId: lot.id, holderId, kind: 'count', grams: 0 })
  return null
}

function pack(book: Book, step: LedgerStep, shares: Share[]): Refusal | null {
  const holderId = holderOf(book, step)
  const emptied =
    step.action === 'DELETE' && step.things.length === 0
      ? [...book.boxes.values()].filter(({ parent, gone }) => parent === step.parent && !gone)
      : []
  const boxes = [...shares.flatMap((share) => share.boxes), ...emptied]
  if (boxes.length === 0 && shares.length === 0) return null
  if (!holderId) return refuse('unknown-holder', step.place)
  const elsewhere = boxes.find((box) => box.gone || (box.holderId !== holderId && step.action !== 'OBSERVE'))
  if (elsewhere) return refuse('box-not-here', elsewhere.uri)
  const named = emptied.length > 0 ? distinctLots(book, emptied) : shares
  const refused = see(book, step, named, holderId, true)
  if (refused || step.action === 'OBSERVE') return refused
  for (const box of boxes) {
    box.parent = step.action === 'ADD' ? step.parent : null
    book.touched.add(box)
  }
  return null
}

const distinctLots = (book: Book, boxes: readonly { lotId: string }[]): Share[] =>
  [...new Set(boxes.map(({ lotId }) => lotId))].map((id) => ({ lot: book.lotsById.get(id)!, grams: null, boxes: [] }))

/** Entry into the supervised warehouse: exactly what both sides have agreed on. */
function accept(book: Book, step: LedgerStep, shares: Share[]): Refusal | null {
  const entering = shares.filter(({ lot }) => lot.entry && step.documents.includes(lot.entry.uri))
  if (entering.length === 0) return receive(book, step, shares)
  for (const { lot, grams } of shares) {
    if (!entering.some((share) => share.lot === lot)) return refuse('not-entered', lot.uri)
    if (lot.entered) return refuse('entered-twice', lot.uri)
    if (grams !== lot.entry?.grams) return refuse('entry-disagrees', lot.uri)
    const to = step.possession.to ?? step.place
    if (to === null || book.holders.get(to) !== lot.holderId) return refuse('unknown-holder', to)
  }
  for (const { lot, grams } of shares) {
    lot.entered = true
    move(book, step, { lotId: lot.id, holderId: lot.holderId, kind: 'enter', grams: grams! })
  }
  return null
}

const kinds: Readonly<Record<'sell' | 'sample' | 'lose' | 'destroy', MovementKind>> = {
  sell: 'sell',
  sample: 'sample',
  lose: 'lose',
  destroy: 'destroy',
}

function leave(
  book: Book,
  step: LedgerStep,
  shares: Share[],
  holderId: string,
  meaning: keyof typeof kinds,
): Refusal | null {
  if (meaning === 'sample' && shares.every(({ grams }) => grams === null || grams === 0))
    return see(book, step, shares, holderId, true)
  const order = (lot: LotFacts) =>
    meaning === 'destroy'
      ? step.documents.map((uri) => book.orders.get(uri)).find((found) => found?.lotId === lot.id)
      : undefined
  for (const share of shares) {
    const ordered = order(share.lot)
    const free = meaning === 'sample' || ordered !== undefined
    const refused = free ? checkThere(book, share, holderId) : checkLeaving(book, share, holderId)
    if (refused) return refused
    if (ordered && share.grams! > ordered.grams) return refuse('order-exceeded', share.lot.uri)
  }
  for (const share of shares) {
    const ordered = order(share.lot)
    if (ordered) ordered.grams -= share.grams!
    takeBoxes(book, share, null)
    const by = ordered ? { orderId: ordered.id } : {}
    move(book, step, { lotId: share.lot.id, holderId, kind: kinds[meaning], grams: -share.grams!, ...by })
  }
  return null
}

function takeBoxes(book: Book, { boxes }: Share, dispatchUri: string | null): void {
  for (const box of boxes) {
    box.holderId = null
    box.dispatchUri = dispatchUri
    box.gone = dispatchUri === null
    book.touched.add(box)
  }
}

/** What may be sent: what may leave, and of a recalled lot what goes back; `backTo` is null unless it is a return. */
function checkSending(book: Book, share: Share, holderId: string, backTo: string | null): Refusal | null {
  const way = isOpen(book, share.lot) ? undefined : book.recalled.get(share.lot.id)
  if (!way) return checkLeaving(book, share, holderId)
  if (backTo === null || !mayReturn(way, holderId, backTo)) return refuse('not-a-way-back', share.lot.uri)
  return checkThere(book, share, holderId)
}

function ship(book: Book, step: LedgerStep, shares: Share[], holderId: string, returned: boolean): Refusal | null {
  const toId = step.possession.to === null ? undefined : book.holders.get(step.possession.to)
  if (step.possession.to === null) return refuse('no-recipient')
  if (!toId || toId === holderId) return refuse('unknown-holder', step.possession.to)
  const uri = step.advice ?? step.hash
  for (const share of shares) {
    const refused = checkSending(book, share, holderId, returned ? toId : null)
    if (refused) return refused
    if (book.dispatches.some((sent) => sent.uri === uri && sent.lotId === share.lot.id))
      return refuse('advice-used', share.lot.uri)
  }
  for (const share of shares) {
    const lotId = share.lot.id
    const id = book.newId()
    const sent = { id, uri, lotId, fromId: holderId, toId, returned, grams: share.grams!, sentAt: step.time }
    const dispatch = { ...sent, lost: 0, received: null, receivedAt: null }
    book.dispatches.push(dispatch)
    book.touched.add(dispatch)
    takeBoxes(book, share, uri)
    move(book, step, { lotId, holderId, kind: 'ship', grams: -share.grams!, otherId: toId, dispatchId: id })
  }
  return null
}

/** The one way on which a lot is, to a holder or under a despatch advice. */
function wayOf(book: Book, step: LedgerStep, lot: LotFacts, toId: string | undefined) {
  const sent = book.dispatches.filter(
    (each) => each.lotId === lot.id && (step.advice === null ? each.toId === toId : each.uri === step.advice),
  )
  const open = sent.filter(({ received }) => received === null)
  if (open.length === 1) return open[0]!
  if (open.length > 1) return refuse('ambiguous', lot.uri)
  return refuse(sent.length > 0 ? 'received-twice' : 'never-sent', lot.uri)
}

function receive(book: Book, step: LedgerStep, shares: Share[]): Refusal | null {
  const to = step.possession.to ?? step.place
  const holderId = to === null ? undefined : book.holders.get(to)
  if (!holderId) return refuse('unknown-holder', to)
  const ways = new Map<Share, Exclude<ReturnType<typeof wayOf>, Refusal>>()
  for (const share of shares) {
    const { lot, grams, boxes } = share
    const way = wayOf(book, step, lot, holderId)
    if (isRefusal(way)) return way
    if (way.toId !== holderId) return refuse('never-sent', lot.uri)
    const open = isOpen(book, lot)
    if (!open && !book.recalled.has(lot.id)) return refuse('not-released', lot.uri)
    if (grams === null) return refuse('no-mass', lot.uri)
    const stray = boxes.find((box) => box.dispatchUri !== way.uri)
    if (stray) return refuse('box-not-here', stray.uri)
    const due = way.grams - way.lost
    if (due === 0) return refuse('received-twice', lot.uri)
    // Into quarantine to the gram, so that a recall sums: what is missing is declared lost on the way before.
    const most = open ? toleranceOf(due, book.tolerance(holderId, step.time)) : 0
    if (Math.abs(grams - due) > most) return refuse('receipt-mismatch', lot.uri, `：应收 ${due} 克，实收 ${grams} 克`)
    ways.set(share, way)
  }
  for (const [{ lot, grams }, way] of ways) {
    const due = way.grams - way.lost
    way.received = grams
    way.receivedAt = step.time
    book.touched.add(way)
    for (const box of book.boxes.values())
      if (box.dispatchUri === way.uri && box.lotId === lot.id) {
        box.holderId = holderId
        box.dispatchUri = null
        book.touched.add(box)
      }
    const where = { lotId: lot.id, holderId, otherId: way.fromId, dispatchId: way.id }
    move(book, step, { ...where, kind: 'receive', grams: due })
    if (grams !== due) move(book, step, { ...where, kind: 'difference', grams: grams! - due })
  }
  return null
}

/** Part of what is on the way is declared lost: the sender's stock was left by it before. */
function loseOnTheWay(book: Book, step: LedgerStep, shares: Share[]): Refusal | null {
  const lost = shares.map((share) => ({ share, way: wayOf(book, step, share.lot, undefined) }))
  for (const { share, way } of lost) {
    if (isRefusal(way)) return way
    if (share.grams === null || share.grams === 0) return refuse('no-mass', share.lot.uri)
    if (share.grams > way.grams - way.lost) return refuse('not-enough', share.lot.uri)
    const stray = share.boxes.find((box) => box.dispatchUri !== way.uri)
    if (stray) return refuse('box-not-here', stray.uri)
  }
  for (const { share, way } of lost) {
    if (isRefusal(way)) continue
    way.lost += share.grams!
    book.touched.add(way)
    takeBoxes(book, share, null)
    move(book, step, { lotId: share.lot.id, holderId: way.fromId, kind: 'observe', grams: 0, dispatchId: way.id })
  }
  return null
}
