import type { FollowupCause } from '@vigil/contract'

/** One piece of evidence as it is kept. */
export interface Kept {
  readonly kind: FollowupCause
  readonly purchase: string
}

/**
 * What has to be taken back after entries were corrected or undone: evidence that is gone, and causes that lost some and are
 * no longer met. A cause that merely grew old stays.
 * @param gone whether a piece of evidence no longer stands
 * @param met causes that are met now
 */
export function withdrawn(
  kept: readonly Kept[],
  gone: (one: Kept) => boolean,
  met: ReadonlySet<FollowupCause>,
): { evidence: readonly Kept[]; causes: readonly FollowupCause[] } {
  const lost = kept.filter(gone)
  const causes = [...new Set(lost.map(({ kind }) => kind))].filter((kind) => !met.has(kind))
  const evidence = kept.filter((one) => causes.includes(one.kind) || lost.includes(one))
  return { evidence, causes }
}
