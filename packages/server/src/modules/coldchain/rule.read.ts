import { dayOf } from '@vigil/codes'
import { inForce } from '../../kernel/area/index.ts'
import type { Tx } from '../../kernel/db/index.ts'
import type { RuleRow } from './coldchain.table.ts'
import { defaultRule, type RuleFacts } from './rule.domain.ts'

/** All rules: a few for each county, added by hand. */
export const loadRules = (tx: Tx): Promise<RuleRow[]> => tx.selectFrom('coldchain.rule').selectAll().execute()

/** The rule of a place on the day of an instant; the default where there is none. */
export const ruleAt = (rules: readonly RuleRow[], path: string, at: Date): RuleFacts =>
  inForce(rules, path, dayOf(at)) ?? defaultRule
