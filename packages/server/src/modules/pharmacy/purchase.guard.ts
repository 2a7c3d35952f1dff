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
  readonly store: Pick<StoreFacts, 'path'>
  readonly lines: readonly Line[]
  readonly soldAt: Date
  /** Made without a connection on a device of the store, which knew the rules as of `knownAt`. */
  readonly offline?: { readonly knownAt: Date | undefined }
}

/** Asked for every sale before it is stored; synchronous because the counter waits. */
export interface SaleGuard {
  /** Why the sale is refused now. */
  refuse(sale: Sale): Refusal | undefined
  /** Name of the rule that the sale is under, refused or not: what is stored all the same is shown so. */
  mark?(sale: Sale): string | undefined
}

/** The guards in force. Stop-sale orders add theirs here; registration does not know what they are. */
export class SaleGuards {
  readonly #guards: SaleGuard[] = []

  add(guard: SaleGuard): void {
    this.#guards.push(guard)
  }

  check(sale: Sale): Refusal | undefined {
    for (const guard of this.#guards) {
      const refusal = guard.refuse(sale)
      if (refusal) return refusal
    }
    return undefined
  }

  mark(sale: Sale): string | undefined {
    for (const guard of this.#guards) {
      const name = guard.mark?.(sale)
      if (name !== undefined) return name
    }
    return undefined
  }
}
