import type { complianceRoutes } from '@vigil/contract'
import { systemScope, withScope } from '../../kernel/db/index.ts'
import type { Handlers } from '../../kernel/http/handler.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import type { Notices } from '../notice/index.ts'
import { onSales, type Purchases } from '../pharmacy/index.ts'
import { type ComplianceLoop, startCompliance } from './compliance.loop.ts'
import { complianceHandlers } from './compliance.route.ts'
import { noticeModule, onReply } from './measure.service.ts'
import { escalateOverdue } from './overdue.service.ts'
import { seedRules } from './rule.store.ts'

export { complianceList, measureList } from './compliance.list.ts'
export type { EntryFact, Evidence, Finding, StoreWindow } from './fact.domain.ts'
export { peersOf } from './peers.domain.ts'
export { judge, type RuleName, ruleDefinitions, ruleNames, sortEntries, startRules, windowDays } from './rule.domain.ts'

/** Pause between two looks for runs, in ms; one that is ordered here begins at once. */
const lookMs = 60_000

/** Pause between two looks for what is overdue, in ms. */
const overdueMs = 60_000

export interface Compliance {
  readonly handlers: Handlers<typeof complianceRoutes>
  readonly loop: ComplianceLoop
  /** Tells of what is overdue now. @returns measures of which somebody was told */
  escalate(): Promise<number>
  close(): Promise<void>
}

/** Opens the module for one process: rules seeded, the loop that judges, and what it hears of counters and sales. */
export async function openCompliance(
  kernel: Kernel,
  purchases: Purchases,
  notices: Notices,
  logError: (error: unknown) => void,
): Promise<Compliance> {
  await withScope(kernel.db, systemScope, (tx) => seedRules(tx, kernel.clock.now()))
  const parts = { kernel, purchases, logError }
  const loop = startCompliance(parts, lookMs)
  notices.onAnswer(noticeModule, onReply)
  const unsubscribe = onSales(kernel, (stores) => {
    for (const [code] of stores) loop.sold(code)
  })
  const escalate = () => escalateOverdue(parts)
  let escalating: Promise<unknown> | undefined
  const timer = setInterval(() => {
    escalating ??= escalate()
      .catch(logError)
      .finally(() => {
        escalating = undefined
      })
  }, overdueMs).unref()
  return {
    loop,
    escalate,
    handlers: complianceHandlers(parts, () => void loop.work().catch(logError)),
    close: async () => {
      unsubscribe()
      clearInterval(timer)
      await escalating
      await loop.close()
    },
  }
}
