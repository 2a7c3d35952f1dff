import { useNavigate, useSearch } from '@tanstack/react-router'
import type { DrugClass } from '@vigil/contract'
import { drugClasses } from '@vigil/contract/terms'
import { type AreaIndex, useAreas } from './areas.ts'
import { type Period, readPeriod } from './period.ts'

/** What the address bar says about area and period; the rest of the search belongs to the page. */
export interface ScopeSearch {
  area?: string
  store?: string
  from?: string
  to?: string
  class?: DrugClass
}

export type Search = ScopeSearch & Record<string, string | undefined>

const isClass = (value: unknown): value is DrugClass => drugClasses.some((known) => known === value)
const matching = (value: unknown, pattern: RegExp) =>
  typeof value === 'string' && pattern.test(value) ? value : undefined

/** Keeps what is well formed; a malformed area or store is dropped rather than sent. */
export function readSearch(raw: Record<string, unknown>): Search {
  const search: Search = {}
  for (const [key, value] of Object.entries(raw)) if (typeof value === 'string' && value) search[key] = value
  return {
    ...search,
    area: matching(raw.area, /^[0-9A-Z]{6,20}$/),
    store: matching(raw.store, /^[0-9A-Z-]{3,24}$/),
    from: matching(raw.from, /^\d{4}-\d{2}-\d{2}$/),
    to: matching(raw.to, /^\d{4}-\d{2}-\d{2}$/),
    class: isClass(raw.class) ? raw.class : undefined,
  }
}

/** The part of the search that goes along from page to page. */
export function scopeOf({ area, store, from, to, class: drugClass }: Search): Search {
  return { area, store, from, to, class: drugClass }
}

export interface Scope extends Period {
  /** The chosen area, or the top of the own subtree. */
  readonly area: string | undefined
  readonly store: string | undefined
  readonly class: DrugClass | undefined
  readonly areas: AreaIndex
}

export const useRawSearch = (): Search => useSearch({ strict: false }) as Search

/** Area, store, period and class that the page shows. */
export function useScope(): Scope {
  const search = useRawSearch()
  const areas = useAreas()
  return {
    ...readPeriod(search.from, search.to),
    area: search.area ?? areas.roots[0]?.code,
    store: search.store,
    class: search.class,
    areas,
  }
}

/** Changes parts of the search on the same page; `undefined` takes a part away. Back undoes it. */
export function useSetSearch(): (change: Partial<Search>, options?: { replace?: boolean }) => void {
  const navigate = useNavigate()
  return (change, options) => {
    void navigate({
      to: '.',
      search: (before: Record<string, unknown>) => ({ ...before, ...change }),
      replace: options?.replace ?? false,
    } as never)
  }
}
