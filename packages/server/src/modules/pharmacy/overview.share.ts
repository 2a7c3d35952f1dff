import type { Overview } from '@vigil/contract'
import type { Tx } from '../../kernel/db/index.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import { publishIn } from '../../kernel/notify/index.ts'
import { SharedAnswers } from '../../kernel/share/answers.ts'
import { onSales } from './live.ts'
import type { Reference } from './reference.ts'

const importTopic = 'pharmacy.imported'

/** Overviews that people of one process share. */
export interface SharedOverviews {
  readonly answers: SharedAnswers<Overview>
  /** A sale or a change of this process is committed: the next question sees it, before the others are told. */
  sold(storeCode: string): void
  close(): void
}

/** Tells all processes, when `tx` commits, that figures have changed below these counties. */
export const tellImported = (tx: Tx, countyPaths: readonly string[]): Promise<void> =>
  publishIn(tx, importTopic, [...new Set(countyPaths)])

/** Hears below which counties a part of a file has been imported, in whatever process. @returns ends it */
export const onImported = (kernel: Pick<Kernel, 'notify'>, listener: (countyPaths: readonly string[]) => void) =>
  kernel.notify.subscribe(importTopic, (paths) => listener(paths as string[]))

/**
 * Opens what is shared. It hears of changes before any stream of events does, since it listens first: whoever is told of a
 * sale and asks gets figures with it.
 */
export function shareOverviews(kernel: Pick<Kernel, 'notify'>, reference: Pick<Reference, 'store'>): SharedOverviews {
  const answers = new SharedAnswers<Overview>()
  const sold = (storeCode: string): void => {
    const store = reference.store(storeCode)
    if (store) answers.changed(store.path)
    else answers.changedBelow('/')
  }
  const ends = [
    onSales(kernel, (stores) => {
      for (const [code] of stores) sold(code)
    }),
    onImported(kernel, (paths) => {
      for (const path of paths) answers.changedBelow(path)
    }),
  ]
  return {
    answers,
    sold,
    close: () => {
      for (const end of ends) end()
    },
  }
}
