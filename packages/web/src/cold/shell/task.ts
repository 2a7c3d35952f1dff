import type { ColdTask } from '@vigil/contract'
import { isFor, pages } from '../pages.ts'
import { fit } from '../router.ts'
import type { Holder } from '../state.ts'

const places: Readonly<Record<ColdTask['kind'], (task: ColdTask) => string>> = {
  recall: ({ id }) => `/recalls/${id}`,
  dispute: ({ id }) => `/declarations/${id}`,
  count: ({ id }) => `/declarations/${id}`,
  papers: ({ id }) => `/declarations/${id}`,
  arrival: ({ id }) => `/arrivals/${id}`,
  receive: ({ dispatch }) => `/receive/${encodeURIComponent(dispatch ?? '')}`,
  gap: ({ id }) => `/lots/${id}`,
  violation: () => '',
}

/** Where a tap on a task leads; null when there is no page for it. */
export function placeOfTask(task: ColdTask, kind: Holder['kind']): string | null {
  const place = places[task.kind](task)
  return pages.some((page) => isFor(page, kind) && fit(page.path, place)) ? place : null
}

/** How a task is coloured. */
export const toneOfTask = ({ kind }: ColdTask): 'bad' | 'warn' | 'wait' =>
  kind === 'recall' || kind === 'dispute' || kind === 'violation'
    ? 'bad'
    : kind === 'papers' || kind === 'gap'
      ? 'warn'
      : 'wait'
