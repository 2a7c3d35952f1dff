import type { FollowupCause, FollowupGrade } from '@vigil/contract'

/** What was written of one person, as far as a message needs it. */
export interface Risen {
  readonly kind: 'open' | 'join' | 'reopen' | 'grow'
  readonly areaCode: string
  readonly path: string
  readonly news: readonly { readonly kind: FollowupCause; readonly grade: FollowupGrade }[]
}

/** Persons for whom a red cause is new, by the area that follows them up: figures only, since messages leave the house. */
export function redByArea(
  list: readonly Risen[],
): { areaCode: string; path: string; persons: number; causes: FollowupCause[] }[] {
  const areas = new Map<string, { areaCode: string; path: string; persons: number; causes: Set<FollowupCause> }>()
  for (const { kind, areaCode, path, news } of list) {
    const red = news.filter(({ grade }) => grade === 'red')
    // More of a cause that is being followed up is no news.
    if (kind === 'grow' || red.length === 0) continue
    const area = areas.get(areaCode) ?? { areaCode, path, persons: 0, causes: new Set<FollowupCause>() }
    area.persons++
    for (const cause of red) area.causes.add(cause.kind)
    areas.set(areaCode, area)
  }
  return [...areas.values()].map((area) => ({ ...area, causes: [...area.causes] }))
}
