import { computed, effect, signal } from '@preact/signals'
import { SendError } from '../../../device/failure.ts'
import type { Counter } from '../../app/counter.ts'
import * as state from '../../app/state.ts'
import { sections } from './list.ts'
import type { TaskCount, TaskSection } from './section.ts'

const everyMs = 90_000
/** What each section has to do, by its key. */
export const counts = signal<Readonly<Record<string, TaskCount>>>({})
/** Why the last look failed; '' when it did not. */
export const problem = signal('')

/** Sections that this account may use. */
export function ownSections(): TaskSection[] {
  const granted = state.session.value.device?.permissions ?? []
  return sections.filter(({ permission }) => granted.includes(permission))
}

let looking: Promise<void> | undefined
/** Asks every section how much there is to do; one look at a time. */
export function look(counter: Counter): Promise<void> {
  looking ??= lookNow(counter).finally(() => {
    looking = undefined
  })
  return looking
}

async function lookNow(counter: Counter): Promise<void> {
  if (state.session.value.phase !== 'open') return
  let failed = ''
  for (const section of ownSections())
    try {
      const count = await section.load(counter.tasks)
      counts.value = { ...counts.value, [section.key]: count }
    } catch (error) {
      if (!(error instanceof SendError)) throw error
      failed = error.failure.message
    }
  problem.value = failed
  const all = Object.values(counts.value)
  state.taskCount.value = {
    open: all.reduce((sum, { open }) => sum + open, 0),
    overdue: all.reduce((sum, { overdue }) => sum + overdue, 0),
  }
}

let following = false
/** Looks when the counter is opened or comes to the front, and every 90 s while it is in sight. */
export function followTasks(counter: Counter): void {
  if (following) return
  following = true
  // The session changes with every touch; only its opening matters here.
  const opened = computed(() => state.session.value.phase === 'open' && state.session.value.device !== null)
  effect(() => {
    if (opened.value) void look(counter)
  })
  const inSight = () => {
    if (document.visibilityState === 'visible') void look(counter)
  }
  document.addEventListener('visibilitychange', inSight)
  addEventListener('online', inSight)
  setInterval(inSight, everyMs)
}
