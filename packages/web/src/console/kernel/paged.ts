import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'

interface Page<T> {
  readonly items: T[]
  readonly next: string | null
  /** Number of all rows, told with the first page. */
  readonly total?: Total | null
}

export interface Total {
  readonly count: number
  readonly estimated: boolean
}

export interface Paged<T> {
  readonly rows: readonly T[] | undefined
  readonly error: unknown
  readonly loading: boolean
  /** Known once the first page was seen. */
  readonly total: Total | undefined
  readonly refetch: () => void
  /** 1 for the first page. */
  readonly page: number
  readonly goBack: (() => void) | undefined
  readonly goOn: (() => void) | undefined
}

/**
 * A list by keyset pages: remembers the cursors of the pages passed, so that one can go back. A changed filter
 * begins again at the first page.
 * @param filter everything that decides the rows
 */
export function usePaged<T>(
  key: readonly unknown[],
  filter: unknown,
  load: (cursor: string | undefined, signal: AbortSignal) => Promise<Page<T>>,
  enabled = true,
): Paged<T> {
  const mark = JSON.stringify(filter)
  const [state, setState] = useState<{ mark: string; cursors: string[] }>({ mark, cursors: [] })
  const cursors = state.mark === mark ? state.cursors : []
  const cursor = cursors.at(-1)
  const query = useQuery({
    queryKey: [...key, mark, cursor ?? ''],
    queryFn: ({ signal }) => load(cursor, signal),
    placeholderData: keepPreviousData,
    enabled,
  })
  const next = query.data?.next
  const first = useQuery({
    queryKey: [...key, mark, ''],
    queryFn: ({ signal }) => load(undefined, signal),
    enabled: false,
  })
  return {
    total: first.data?.total ?? undefined,
    rows: query.data?.items,
    error: query.error,
    loading: query.isPending || query.isPlaceholderData,
    refetch: () => void query.refetch(),
    page: cursors.length + 1,
    goBack: cursors.length ? () => setState({ mark, cursors: cursors.slice(0, -1) }) : undefined,
    goOn: next && !query.isPlaceholderData ? () => setState({ mark, cursors: [...cursors, next] }) : undefined,
  }
}
