import type { Step } from '@vigil/epcis/trace'
import type { WayBack } from './recall.way.domain.ts'

export const movementKinds = [
  'enter',
  'receive',
  'make',
  'difference',
  'sample',
  'ship',
  'use',
  'sell',
  'lose',
  'destroy',
  'handle',
  'observe',
  'count',
] as const
/** What an event did to a lot at a holder: in, out, or neither (`handle` passes the gate, `observe` and `count` need not). */
export type MovementKind = (typeof movementKinds)[number]

/** An event as the ledger sees it; `advice` is its despatch advice, `hash` its event hash ID. */
export interface LedgerStep extends Step {
  readonly hash: string
  readonly advice: string | null
}

export interface LotFacts {
  readonly id: string
  readonly uri: string
  readonly kind: 'imported' | 'foreign' | 'made'
  /** Where it first came to, or who made it. */
  readonly holderId: string
  /** Imported lots in it. */
  readonly roots: readonly string[]
  /** What its two sides agreed on entry, under the URI of its declaration or certificate; null before. */
  readonly entry: { readonly uri: string; readonly grams: number } | null
  entered: boolean
  /** YYYY-MM-DD: of a made lot the earliest of what is in it. */
  readonly expiresOn: string | null
}

export interface BoxFacts {
  readonly uri: string
  readonly lotId: string
  readonly grams: number
  parent: string | null
  /** Null on the way. */
  holderId: string | null
  dispatchUri: string | null
  gone: boolean
}

export interface DispatchFacts {
  readonly id: string
  readonly uri: string
  readonly lotId: string
  readonly fromId: string
  readonly toId: string
  readonly returned: boolean
  readonly grams: number
  readonly sentAt: number
  /** Of it declared lost on the way. */
  lost: number
  /** Grams on arrival; null on the way. */
  received: number | null
  receivedAt: number | null
}

export interface OrderFacts {
  readonly id: string
  readonly lotId: string
  /** Still to be destroyed under it. */
  grams: number
}

export interface Movement {
  readonly lotId: string
  readonly holderId: string
  readonly kind: MovementKind
  readonly grams: number
  readonly hash: string
  readonly time: number
  readonly otherId?: string
  readonly dispatchId?: string
  readonly orderId?: string
}

export interface Flow {
  /** Null: goods that are not followed. */
  readonly from: string | null
  /** Null: lost. */
  readonly to: string | null
  readonly grams: number
  readonly holderId: string
  readonly hash: string
  readonly time: number
}

/**
 * What must be known to judge some events: kept in memory, and carried on from each event to the next. What came to be is
 * in the lists at its end, to be stored.
 */
export interface Book {
  readonly lots: Map<string, LotFacts>
  readonly lotsById: Map<string, LotFacts>
  readonly boxes: Map<string, BoxFacts>
  /** Ids by the URIs that events name them with. */
  readonly holders: ReadonlyMap<string, string>
  /** GTINs of registered goods and of known lots: a code of theirs must be known. */
  readonly gtins: ReadonlySet<string>
  readonly released: ReadonlySet<string>
  /** Lots that a recall freezes, by id: which ways they may still take. */
  readonly recalled: ReadonlyMap<string, WayBack>
  readonly dispatches: DispatchFacts[]
  readonly orders: ReadonlyMap<string, OrderFacts>
  /** Grams by lot and holder, see `stockKey`. */
  readonly stock: Map<string, number>
  /** Weighing tolerance at a holder, in millionths. */
  tolerance(holderId: string, time: number): number
  newId(): string
  readonly movements: Movement[]
  readonly flows: Flow[]
  readonly made: LotFacts[]
  /** Imported lots that came into lots that were there before. */
  readonly joined: { readonly lotId: string; readonly rootId: string }[]
  readonly touched: Set<BoxFacts | DispatchFacts>
}

export const stockKey = (lotId: string, holderId: string): string => `${lotId} ${holderId}`
