import { useState } from 'react'
import type { Paged } from './paged.ts'

/** Pages of a list that came in one piece; other rows begin again at the first. @param size rows of a page */
export function useLeaves<T>(
  all: readonly T[],
  size = 50,
): { readonly rows: readonly T[]; readonly paged: Pick<Paged<T>, 'page' | 'goBack' | 'goOn' | 'total'> } {
  const [place, setPlace] = useState({ of: all, page: 1 })
  const page = place.of === all ? place.page : 1
  const turn = (by: number) => () => setPlace({ of: all, page: page + by })
  const many = all.length > size
  return {
    rows: many ? all.slice((page - 1) * size, page * size) : all,
    paged: {
      page,
      goBack: page > 1 ? turn(-1) : undefined,
      goOn: page * size < all.length ? turn(1) : undefined,
      total: many ? { count: all.length, estimated: false } : undefined,
    },
  }
}
