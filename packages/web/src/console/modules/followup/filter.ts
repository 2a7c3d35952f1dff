import type { ExportFilter } from '@vigil/contract'
import type { Search } from '../../kernel/scope.ts'
import { causes, grades, states } from './words.ts'

/** What the address bar says of the list. */
export function filterOf(area: string | undefined, search: Search) {
  const state = states.find((known) => known === search.state)
  const cause = causes.find((known) => known === search.cause)
  const grade = grades.find((known) => known === search.grade)
  return {
    ...(area ? { area } : {}),
    ...(state ? { state } : {}),
    ...(cause ? { cause } : {}),
    ...(grade ? { grade } : {}),
    ...(search.overdue === '1' ? { overdue: '1' as const } : {}),
    ...(search.mine === '1' ? { mine: '1' as const } : {}),
  }
}

/** The same for an export, which knows area and state. */
export const exportFilter = (area: string | undefined, search: Search): ExportFilter => ({
  ...(area ? { area } : {}),
  status: states.find((known) => known === search.state) ?? 'open',
})
