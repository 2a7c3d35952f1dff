import type { Line } from './purchase.domain.ts'

/** The lines of a sale as its row keeps them: parallel arrays in the order of entry. */
export interface LineColumns {
  drugIds: string[]
  drugClasses: string[]
  quantities: number[]
}

export const linesOf = ({ drugIds, drugClasses, quantities }: LineColumns): Line[] =>
  drugIds.map((drugId, at) => ({ drugId, class: drugClasses[at]! as Line['class'], quantity: quantities[at]! }))

export const lineColumns = (lines: readonly Line[]): LineColumns => ({
  drugIds: lines.map((line) => line.drugId),
  drugClasses: lines.map((line) => line.class),
  quantities: lines.map((line) => line.quantity),
})

/** Units of a sale by class, and of all classes as `all`: what it adds to the rollups. */
export function unitsByClass({ lines, units }: { lines: readonly Line[]; units: number }): Map<string, number> {
  const sums = new Map([['all', units]])
  for (const line of lines) sums.set(line.class, (sums.get(line.class) ?? 0) + line.quantity)
  return sums
}
