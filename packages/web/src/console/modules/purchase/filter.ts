import type { PurchaseFilter } from '@vigil/contract'
import { symptoms } from '@vigil/contract/terms'
import type { Scope, Search } from '../../kernel/scope.ts'

const states = ['valid', 'corrected', 'undone'] as const

/** What one looks for by number; kept in the page only, never in the address bar. */
export interface Exact {
  readonly documentNumber?: string
  readonly mobile?: string
}

/** Tells a mobile number (11 digits from 13 to 19) from a document number; undefined for nothing. */
export function exactOf(typed: string): Exact | undefined {
  const text = typed.normalize('NFKC').replace(/[\s-]/g, '').toUpperCase()
  if (!text) return undefined
  return /^1[3-9]\d{9}$/.test(text) ? { mobile: text } : { documentNumber: text.slice(0, 30) }
}

/** The filter that list and export share: area and period, what the address bar adds, and the exact number. */
export function filterOf(scope: Scope, search: Search, exact: Exact | undefined): PurchaseFilter {
  const symptom = symptoms.find((known) => known === search.symptom)
  const status = states.find((known) => known === search.status)
  return {
    from: scope.from,
    to: scope.to,
    ...(scope.area ? { area: scope.area } : {}),
    ...(scope.store ? { store: scope.store } : {}),
    ...(scope.class ? { class: scope.class } : {}),
    ...(symptom ? { symptom } : {}),
    ...(status ? { status } : {}),
    ...(search.fever === '1' ? { fever: true } : search.fever === '0' ? { fever: false } : {}),
    ...exact,
  }
}
