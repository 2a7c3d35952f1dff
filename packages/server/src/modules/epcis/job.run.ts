import type { EpcisEvent } from '@vigil/epcis/document'
import { type Tx, withScope } from '../../kernel/db/index.ts'
import { type Prepared, prepareEvents, weighTogether } from './capture.prepare.ts'
import { type CaptureContext, type CapturedEvent, type EpcisRepository, storePrepared } from './capture.ts'
import { advanceJob, finishJob, type JobRow, type Progress } from './job.store.ts'
import { EventsRefused, type Refusal } from './refusal.ts'

/** Events of one statement. */
const chunkSize = 500
export const leaseMs = 60_000

/** Other requests have their turn between two chunks. */
const breathe = () => new Promise((resolve) => setImmediate(resolve))
const chunksOf = <T>(list: readonly T[]): T[][] =>
  Array.from({ length: Math.ceil(list.length / chunkSize) }, (_, i) => list.slice(i * chunkSize, (i + 1) * chunkSize))

const retryable = new Set(['40P01', '40001'])

/** Works a job off, from where it stands. @throws when the database fails: then the job stays open */
export async function runJob(repository: EpcisRepository, job: JobRow, events: readonly EpcisEvent[]): Promise<void> {
  const context: CaptureContext = { path: job.path, by: job.createdBy, source: 'capture' }
  if (job.behaviour === 'proceed') await proceed(repository, job, events, context)
  else await allOrNothing(repository, job, events, context)
}

const lease = ({ kernel }: EpcisRepository) => new Date(kernel.clock.now().getTime() + leaseMs)

/** Repeats a transaction that lost against another one. */
async function again<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++)
    try {
      return await work()
    } catch (error) {
      if (attempt >= 5 || !retryable.has((error as { code?: string }).code ?? '')) throw error
    }
}

async function allOrNothing(
  repository: EpcisRepository,
  job: JobRow,
  events: readonly EpcisEvent[],
  context: CaptureContext,
): Promise<void> {
  const { db, clock } = repository.kernel
  const now = clock.now()
  const refusals: Refusal[] = []
  const close = (progress: Progress) => async (tx: Tx) => {
    await advanceJob(tx, job.id, progress, lease(repository))
    await finishJob(tx, job.id, clock.now())
  }
  try {
    await again(() =>
      withScope(db, [job.path], async (tx) => {
        refusals.length = 0
        let known = 0
        let storing: Promise<readonly CapturedEvent[]> = Promise.resolve([])
        const stored = async () => {
          known += (await storing).filter((each) => each.known).length
        }
        for (const [index, chunk] of chunksOf(events).entries()) {
          // While the database writes one chunk, this process prepares the next.
          const part = prepareEvents(chunk, { now, first: index * chunkSize })
          await stored()
          refusals.push(...part.refusals)
          // Once one is refused, the rest is only looked at, so that all faults are told.
          storing = refusals.length > 0 ? Promise.resolve([]) : storePrepared(repository, tx, part.ready, now, context)
          storing.catch(() => undefined)
          await breathe()
        }
        await stored()
        if (refusals.length === 0) refusals.push(...weighTogether(events, now.getTime(), 0))
        if (refusals.length > 0) throw new EventsRefused(refusals)
        await close({ done: events.length, stored: events.length - known, known, refusals: [] })(tx)
      }),
    )
  } catch (error) {
    if (!(error instanceof EventsRefused)) throw error
    const rejected = { done: events.length, stored: 0, known: 0, refusals: error.refusals }
    await withScope(db, [job.path], close(rejected))
  }
}

async function proceed(
  repository: EpcisRepository,
  job: JobRow,
  events: readonly EpcisEvent[],
  context: CaptureContext,
): Promise<void> {
  const { db, clock } = repository.kernel
  let storing: Promise<void> = Promise.resolve()
  for (let done = job.done; done < events.length; done += chunkSize) {
    const now = clock.now()
    const chunk = events.slice(done, done + chunkSize)
    const { ready, refusals } = prepareEvents(chunk, { now, first: done })
    const bad = new Set(refusals.map(({ position }) => position))
    const good = ready.filter(({ position }) => !bad.has(position))
    await storing
    storing = storeWhatStands(repository, job, good, [...refusals], { now, done: done + chunk.length, context })
    storing.catch(() => undefined)
    await breathe()
  }
  await storing
  await withScope(db, [job.path], (tx) => finishJob(tx, job.id, clock.now()))
}

/** One chunk: what the guards refuse is left out, and the rest tried again, until it stands. */
async function storeWhatStands(
  repository: EpcisRepository,
  job: JobRow,
  ready: readonly Prepared[],
  refusals: Refusal[],
  { now, done, context }: { now: Date; done: number; context: CaptureContext },
): Promise<void> {
  let left = ready
  for (;;) {
    try {
      await again(() =>
        withScope(repository.kernel.db, [job.path], async (tx) => {
          const captured = await storePrepared(repository, tx, left, now, context)
          const known = captured.filter((each) => each.known).length
          await advanceJob(tx, job.id, { done, stored: left.length - known, known, refusals }, lease(repository))
        }),
      )
      return
    } catch (error) {
      if (!(error instanceof EventsRefused)) throw error
      const out = new Set(error.refusals.map(({ position }) => position))
      const rest = left.filter(({ position }) => !out.has(position))
      // A guard that names none of the events would be asked for ever.
      if (rest.length === left.length) throw error
      refusals.push(...error.refusals)
      left = rest
    }
  }
}
