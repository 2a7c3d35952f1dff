import type { Span } from './temperature.domain.ts'

export interface Stay extends Span {
  /** Most that was there at a time. */
  readonly grams: number
}

/**
 * When some of a lot was at a holder, from its movements there in order of time; a stay that has not ended ends `now`. All in ms
 * since 1970 and grams.
 */
export function staysOf(movements: readonly { readonly at: number; readonly grams: number }[], now: number): Stay[] {
  const stays: Stay[] = []
  let [stock, most, since] = [0, 0, 0]
  for (const { at, grams } of movements) {
    if (stock === 0 && grams > 0) [since, most] = [at, 0]
    const before = stock
    stock += grams
    most = Math.max(most, stock)
    if (before > 0 && stock <= 0) stays.push({ from: since, to: at, grams: most })
  }
  if (stock > 0) stays.push({ from: since, to: Math.max(since, now), grams: most })
  return stays
}
