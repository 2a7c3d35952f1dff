import type { Kernel } from '../../kernel/kernel.ts'
import type { CaptureGuard, EpcisRepository } from './capture.ts'

export {
  type CaptureContext,
  type CapturedEvent,
  type CaptureGuard,
  captureEvents,
  type EpcisRepository,
} from './capture.ts'
export { EventsRefused, type Refusal } from './refusal.ts'

/** Opens the store of events for one process. @param guards run in the transaction of each capture over what is new */
export function openEpcis(kernel: Kernel, { guards = [] }: { guards?: readonly CaptureGuard[] } = {}): EpcisRepository {
  return { kernel, guards }
}
