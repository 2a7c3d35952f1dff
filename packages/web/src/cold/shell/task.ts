import type { ColdTask } from '@vigil/contract'
import { isFor, pages } from '../pages.ts'
import { fit } from '../router.ts'
import type { Holder } from '../state.ts'

/** The warehouse counts a vehicle; its owner looks at the declaration. */
const arrival = ({ id }: ColdTask, kind: Holder['kind']) =>
  kind === 'warehouse' ? `/arrivals/${id}` : `/declarations/${id}`

const places: Readonly<Record<ColdTask['kind'], (task: ColdTask, kind: Holder['kind']) => string>> = {
  recall: ({ id }) => `/recalls/${id}`,
  dispute: arrival,
  count: arrival,
  papers: ({ id }) => `/declarations/${id}`,
  arrival: ({ id }) => `/arrivals/${id}`,
  receive: ({ dispatch }) => `/receive/${encodeURIComponent(dispatch ?? '')}`,
  gap: ({ id }) => `/lots/${id}`,
  violation: () => '',
}

/** Where a tap on a task leads; null when there is no page for it. */
export function placeOfTask(task: ColdTask, kind: Holder['kind']): string | null {
  const place = places[task.kind](task, kind)
  return pages.some((page) => isFor(page, kind) && fit(page.path, place)) ? place : null
}

/** How a task is coloured. */
export const toneOfTask = ({ kind }: ColdTask): 'bad' | 'warn' | 'wait' =>
  kind === 'recall' || kind === 'dispute' || kind === 'violation'
    ? 'bad'
    : kind === 'papers' || kind === 'gap'
      ? 'warn'
      : 'wait'
