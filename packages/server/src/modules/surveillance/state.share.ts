import type { ResponseOf, surveillanceRoutes } from '@vigil/contract'
import type { Kernel } from '../../kernel/kernel.ts'
import { onLive } from '../../kernel/live/index.ts'
import { SharedAnswers } from '../../kernel/share/answers.ts'
import type { Reference } from '../pharmacy/index.ts'

type Routes = typeof surveillanceRoutes

/** Answers about the watch that people of one process share: states, series and hours by the scope and the question. */
export interface SharedWatch {
  readonly states: SharedAnswers<ResponseOf<Routes['surveillance.states']>>
  readonly series: SharedAnswers<ResponseOf<Routes['surveillance.series']>>
  readonly hours: SharedAnswers<ResponseOf<Routes['surveillance.hours']>>
  /** A county has new results, or rules have changed (no county): nothing that was read before is given again. */
  forget(county?: string): void
  close(): void
}

/**
 * Opens what is shared. An evaluation of a county ends what was read of it, in whatever process it was made, before the
 * consoles hear of it.
 */
export function shareWatch(kernel: Pick<Kernel, 'notify'>, reference: Pick<Reference, 'area'>): SharedWatch {
  const kept = { states: new SharedAnswers(), series: new SharedAnswers(), hours: new SharedAnswers() }
  const forget = (county = '') => {
    for (const answers of Object.values(kept)) answers.changedBelow(reference.area(county)?.path ?? '/')
  }
  const close = onLive(kernel.notify, ({ event, data }) => {
    if (event === 'state') forget(String(data.county))
  })
  return { ...(kept as Pick<SharedWatch, 'states' | 'series' | 'hours'>), forget, close }
}
