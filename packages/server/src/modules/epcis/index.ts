import type { epcisRoutes } from '@vigil/contract'
import type { Handlers } from '../../kernel/http/handler.ts'
import type { SocketHandler } from '../../kernel/http/socket.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import { createGuard } from '../sharing/index.ts'
import type { CaptureGuard, EpcisRepository } from './capture.ts'
import { EventWriter } from './capture.writer.ts'
import { epcisHandlers } from './epcis.route.ts'
import { type JobLoop, startJobs } from './job.loop.ts'
import { type SocketLoop, startSockets } from './socket.loop.ts'
import { socketHandler } from './socket.route.ts'
import { type SubscriptionLoop, startSubscriptions } from './subscription.loop.ts'
import { companyPrefixes } from './translate.domain.ts'

export { joinContexts, type KeptEvent } from './answer.domain.ts'
export {
  type CaptureContext,
  type CapturedEvent,
  type CaptureGuard,
  captureEvents,
  type EpcisRepository,
} from './capture.ts'
export { problemOfStandard } from './exception.ts'
export { hashBytes } from './key.domain.ts'
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
  /** Requests for a WebSocket by the name of their route. */
  readonly sockets: Readonly<Record<string, SocketHandler>>
  readonly listeners: SocketLoop
  close(): Promise<void>
}

/**
 * Opens the repository for one process: the store of events, the routes of the standard, and the loops that work documents off
 * and notify subscribers. Addresses inside the own network are refused unless VIGIL_SHARING_ALLOW names
 * them; VIGIL_GS1_PREFIXES are company prefixes whose keys can be written as EPC URNs.
 */
export function openEpcis(
  kernel: Kernel,
  { guards = [], logError = console.error, env = process.env }: EpcisOptions = {},
): Epcis {
  const prefixes = companyPrefixes(env.VIGIL_GS1_PREFIXES ?? '')
  const repository: EpcisRepository = { kernel, guards, prefixes }
  const guard = createGuard(env.VIGIL_SHARING_ALLOW ?? '')
  const writer = new EventWriter(repository)
  const jobs = startJobs(repository, logError, lookMs)
  const subscriptions = startSubscriptions({ kernel, guard, logError }, lookMs)
  const listeners = startSockets({ kernel, prefixes, logError })
  return {
    ...repository,
    listeners,
    sockets: { 'epcis.query-events': socketHandler({ kernel, loop: listeners }) },
    jobs,
    subscriptions,
    handlers: epcisHandlers({ repository, loop: jobs, writer, kernel, guard, subscriptions }),
    close: async () => {
      await writer.idle()
      await jobs.close()
      await subscriptions.close()
      await listeners.close()
    },
  }
}
