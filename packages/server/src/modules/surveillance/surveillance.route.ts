import type { surveillanceRoutes } from '@vigil/contract'
import type { Handlers } from '../../kernel/http/handler.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import type { Reference } from '../pharmacy/index.ts'
import { listRules, readRule, ruleAfter } from './rule.read.ts'
import { activateRule, createRule, reviseRule } from './rule.service.ts'
import { readStates } from './state.read.ts'
import type { SharedWatch } from './state.share.ts'
import { listScans, readBacktest, readScan, startBacktest, startScan } from './study.service.ts'
import { readSeries, readToday } from './unit.read.ts'

/**
 * @param shared answers that people share
 * @param ready whether the state is known to be up to date
 * @param wake called when a study is to be made at once
 */
export function surveillanceHandlers(
  kernel: Kernel,
  reference: Reference,
  shared: SharedWatch,
  ready: () => boolean,
  wake: () => void,
): Handlers<typeof surveillanceRoutes> {
  const ordered = async <T>(order: Promise<T>): Promise<T> => {
    const result = await order
    wake()
    return result
  }
  return {
    'surveillance.rules': async ({ caller }) => ({ items: await listRules(kernel, reference, caller) }),
    'surveillance.rule': ({ caller, params }) => readRule(kernel, reference, caller, params.id),
    'surveillance.create': async ({ caller, body }) =>
      ruleAfter(kernel, reference, caller, await createRule(kernel, reference, caller, body)),
    'surveillance.revise': async ({ caller, params, body }) => {
      await reviseRule(kernel, caller, params.id, body)
      shared.forget()
      return ruleAfter(kernel, reference, caller, params.id)
    },
    'surveillance.activate': async ({ caller, params, body }) => {
      await activateRule(kernel, caller, params.id, body)
      shared.forget()
      return ruleAfter(kernel, reference, caller, params.id)
    },
    'surveillance.states': ({ caller, query }) => readStates(kernel, reference, caller, query, shared.states, ready),
    'surveillance.series': ({ caller, query }) => readSeries(kernel, reference, caller, query, shared.series),
    'surveillance.hours': ({ caller, query }) => readToday(kernel, reference, caller, query, shared.hours),
    'surveillance.start-backtest': ({ caller, params, body }) =>
      ordered(startBacktest(kernel, caller, params.id, params.version, body)),
    'surveillance.backtest': ({ caller, params }) => readBacktest(kernel, caller, params.id, params.version),
    'surveillance.start-scan': ({ caller, body }) => ordered(startScan(kernel, reference, caller, body)),
    'surveillance.scans': async ({ caller }) => ({ items: await listScans(kernel, reference, caller) }),
    'surveillance.scan': ({ caller, params }) => readScan(kernel, reference, caller, params.id),
  }
}
