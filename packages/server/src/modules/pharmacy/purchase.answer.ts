import { type Clinic, type PurchaseInput, type PurchaseResult, receiptNo } from '@vigil/contract'
import type { Caller } from '../../kernel/access/caller.ts'
import { distanceM } from './clinic.domain.ts'
import type { Accepted, StoreFacts } from './purchase.domain.ts'
import type { Refusal, Sale } from './purchase.guard.ts'
import type { Purchases } from './purchase.module.ts'
import type { RefusedSale } from './purchase.refusal.ts'

/** A row that has the form of an entry and a store in which the caller may register. */
export interface Row {
  readonly index: number
  readonly id: string
  readonly store: StoreFacts & { lon: number | null; lat: number | null }
  readonly digest: Buffer
}

/** One that passed the rules of a registration. */
export interface Candidate extends Row {
  readonly input: PurchaseInput
  readonly accepted: Accepted
  readonly person: Buffer
}

/**
 * The sale as guards see it. Only a device of the store itself may have sold something before it could know a rule: the
 * customer has left with it. A program has no such excuse.
 */
export const saleOf = (caller: Caller, { store, input, accepted }: Candidate): Sale => ({
  store,
  lines: accepted.lines,
  soldAt: accepted.soldAt,
  ...(input.offline &&
    caller.storeCode === store.code && {
      offline: { knownAt: input.rulesAt === undefined ? undefined : new Date(input.rulesAt) },
    }),
})

/** A refused row as it is recorded. */
export const refusedSale = (row: Row, { accepted, person }: Candidate, refusal: Refusal): RefusedSale => ({
  id: row.id,
  store: row.store,
  person: {
    index: person,
    documentType: accepted.documentType,
    documentNumber: accepted.documentNumber,
    ...(accepted.person && { name: accepted.person.name }),
  },
  drugIds: accepted.lines.map((line) => line.drugId),
  day: accepted.day,
  refusal,
})

/** What a registered row is answered, the first time and every time after. */
export function registered(
  purchases: Purchases,
  { id, store }: Row,
  clinicIds: readonly string[],
  sale?: Accepted,
): PurchaseResult {
  const clinics = clinicIds.flatMap((clinicId): Clinic[] => {
    const clinic = purchases.reference.clinic(clinicId)
    if (!clinic) return []
    const { active: _active, ...facts } = clinic
    return [
      {
        ...facts,
        distanceM:
          store.lon === null || store.lat === null ? null : distanceM(store.lon, store.lat, clinic.lon, clinic.lat),
      },
    ]
  })
  const duringStop = sale && purchases.guards.mark({ store, lines: sale.lines, soldAt: sale.soldAt })
  return {
    id,
    status: 'registered',
    receiptNo: receiptNo(id),
    ...(clinics.length > 0 && { clinics }),
    ...(duringStop !== undefined && { duringStop }),
  }
}
