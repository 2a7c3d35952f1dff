import type { Line, StoreFacts } from './purchase.domain.ts'

/** A rule from elsewhere that bars a sale, with what the counter must say. */
export interface Refusal {
  readonly code: string
  readonly title: string
  readonly detail: string
  readonly from: string
  readonly to: string | null
}

export interface Sale {
  readonly store: StoreFacts
  readonly lines: readonly Line[]
  readonly soldAt: Date
}

/** Asked for every sale before it is stored; synchronous because the counter waits. */
export type SaleGuard = (sale: Sale) => Refusal | undefined

/** The guards in force. Stop-sale orders add theirs here; registration does not know what they are. */
export class SaleGuards {
  readonly #guards: SaleGuard[] = []

  add(guard: SaleGuard): void {
    this.#guards.push(guard)
  }

  check(sale: Sale): Refusal | undefined {
    for (const guard of this.#guards) {
      const refusal = guard(sale)
      if (refusal) return refusal
    }
    return undefined
  }
}
