import { type Book, type LedgerStep, type LotFacts, type Movement, stockKey } from './ledger.book.ts'
import { type Refusal, refuse, type Share } from './ledger.gather.domain.ts'

/** Largest difference between two weighings of the same goods, in grams, rounded down. */
export const toleranceOf = (grams: number, ppm: number): number => Number((BigInt(grams) * BigInt(ppm)) / 1_000_000n)

/** Adds a movement to the book and to the running stock. */
export function move(book: Book, step: LedgerStep, movement: Omit<Movement, 'hash' | 'time'>): void {
  book.movements.push({ ...movement, hash: step.hash, time: step.time })
  if (movement.grams === 0) return
  const key = stockKey(movement.lotId, movement.holderId)
  book.stock.set(key, (book.stock.get(key) ?? 0) + movement.grams)
}

export const isOpen = (book: Book, lot: LotFacts): boolean =>
  lot.roots.length > 0 && lot.roots.every((root) => book.released.has(root))

/** What may leave: released, entered, there in this quantity, and its boxes here. */
export function checkLeaving(book: Book, { lot, grams, boxes }: Share, holderId: string): Refusal | null {
  if (!isOpen(book, lot)) return refuse('not-released', lot.uri)
  return checkThere(book, { lot, grams, boxes }, holderId)
}

/** What may leave in spite of the gate: there in this quantity, and its boxes here. */
export function checkThere(book: Book, { lot, grams, boxes }: Share, holderId: string): Refusal | null {
  if (grams === null || grams === 0) return refuse('no-mass', lot.uri)
  const elsewhere = boxes.find((box) => box.gone || box.holderId !== holderId)
  if (elsewhere) return refuse('box-not-here', elsewhere.uri)
  const stock = book.stock.get(stockKey(lot.id, holderId)) ?? 0
  if (grams > stock) return refuse('not-enough', lot.uri, `：现有 ${stock} 克，需要 ${grams} 克`)
  return null
}

/** Who had the goods: the party that the event names, else who is at its place. */
export const holderOf = (book: Book, { possession, place }: LedgerStep): string | undefined =>
  (possession.from !== null ? book.holders.get(possession.from) : undefined) ??
  (place !== null ? book.holders.get(place) : undefined)
