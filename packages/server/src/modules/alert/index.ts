import type { alertResponseRoutes, alertRoutes } from '@vigil/contract'
import type { Tx } from '../../kernel/db/index.ts'
import type { Handlers } from '../../kernel/http/handler.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import { tell } from '../channel/index.ts'
import { type Notices, sendNotice } from '../notice/index.ts'
import type { Reference } from '../pharmacy/index.ts'
import { backtestOf, type Signal, seriesOf } from '../surveillance/index.ts'
import { takeAnswer } from './alert.answer.ts'
import { applySignals } from './alert.apply.ts'
import { type AlertLoop, startAlerts } from './alert.loop.ts'
import type { AlertParts } from './alert.parts.ts'
import { alertHandlers } from './alert.route.ts'
import type {} from './alert.table.ts'
import { createNeighbours } from './neighbour.ts'

export { applySignals } from './alert.apply.ts'
export { alertList, responseList } from './alert.list.ts'
export { alertHandlers } from './alert.route.ts'
export { type RuleVersionKey, ruleRecords } from './record.read.ts'

/** Pause between two looks for what is late or quiet, in ms. */
const lookMs = 5_000

export interface Alerts {
  readonly parts: AlertParts
  readonly handlers: Handlers<typeof alertRoutes & typeof alertResponseRoutes>
  readonly loop: AlertLoop
  /** Makes alerts of signals in the transaction that keeps the state they were taken from. */
  applySignals(tx: Tx, signals: readonly Signal[]): Promise<void>
  close(): Promise<void>
}

/** Opens the module for one process: what the console asks, and the loop that escalates and lets fade. */
export function openAlerts(
  kernel: Kernel,
  reference: Reference,
  notices: Pick<Notices, 'onAnswer'>,
  logError: (error: unknown) => void,
): Alerts {
  const parts: AlertParts = {
    kernel,
    reference,
    neighbours: createNeighbours(reference),
    tell: async (tx, message) => {
      await tell(tx, message)
    },
    sendNotice,
    seriesOf,
    backtestOf,
  }
  notices.onAnswer('alert', (tx, answer) => takeAnswer(parts, tx, answer))
  const loop = startAlerts(parts, logError, lookMs)
  return {
    parts,
    loop,
    handlers: alertHandlers(parts),
    applySignals: (tx, signals) => applySignals(parts, tx, signals),
    close: () => loop.close(),
  }
}
