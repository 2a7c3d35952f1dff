import type { epcisRoutes } from '@vigil/contract'
import type { Handlers } from '../../kernel/http/handler.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import { createGuard } from '../sharing/index.ts'
import type { CaptureGuard, EpcisRepository } from './capture.ts'
import { EventWriter } from './capture.writer.ts'
import { epcisHandlers } from './epcis.route.ts'
import { type JobLoop, startJobs } from './job.loop.ts'
import { type SubscriptionLoop, startSubscriptions } from './subscription.loop.ts'

export {
  type CaptureContext,
  type CapturedEvent,
  type CaptureGuard,
  captureEvents,
  type EpcisRepository,
} from './capture.ts'
export { problemOfStandard } from './exception.ts'
export { discoveryHeaders } from './negotiate.ts'
export { EventsRefused, type Refusal } from './refusal.ts'

/** Pause between two looks for work that another process has left, in ms. */
const lookMs = 1_000

export interface EpcisOptions {
  /** Run in the transaction of each capture over what is new. */
  readonly guards?: readonly CaptureGuard[]
  readonly logError?: (error: unknown) => void
  readonly env?: NodeJS.ProcessEnv
}

/** The module for one process. */
export interface Epcis extends EpcisRepository {
  readonly handlers: Handlers<typeof epcisRoutes>
  readonly jobs: JobLoop
  readonly subscriptions: SubscriptionLoop
  close(): Promise<void>
}

/**
 * Opens the repository for one process: the store of events, the routes of the standard, and the loops that work documents off
 * and notify subscribers. Addresses inside the own network are refused unless VIGIL_SHARING_ALLOW names them.
 */
export function openEpcis(
  kernel: Kernel,
  { guards = [], logError = console.error, env = process.env }: EpcisOptions = {},
): Epcis {
  const repository: EpcisRepository = { kernel, guards }
  const guard = createGuard(env.VIGIL_SHARING_ALLOW ?? '')
  const writer = new EventWriter(repository)
  const jobs = startJobs(repository, logError, lookMs)
  const subscriptions = startSubscriptions({ kernel, guard, logError }, lookMs)
  return {
    ...repository,
    jobs,
    subscriptions,
    handlers: epcisHandlers({ repository, loop: jobs, writer, kernel, guard, subscriptions }),
    close: async () => {
      await writer.idle()
      await jobs.close()
      await subscriptions.close()
    },
  }
}
