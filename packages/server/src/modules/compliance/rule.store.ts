import type { Tx } from '../../kernel/db/index.ts'
import { type RuleInForce, type RuleName, ruleNames, startRules } from './rule.domain.ts'

/** The rules in force: of each the newest version, with who put it there. */
export async function currentRules(tx: Tx) {
  const rows = await tx
    .selectFrom('compliance.ruleVersion')
    .distinctOn('rule')
    .selectAll()
    .orderBy('rule')
    .orderBy('version', 'desc')
    .execute()
  const known = new Map(rows.map((row) => [row.rule, row]))
  return ruleNames.flatMap((rule) => known.get(rule) ?? [])
}

/** The rules in force, as judgement takes them. */
export async function rulesInForce(tx: Tx): Promise<RuleInForce[]> {
  const rows = await currentRules(tx)
  return rows.map(({ rule, version, enabled, weight, values }) => ({
    rule: rule as RuleName,
    version,
    enabled,
    weight: Number(weight),
    values,
  }))
}

/** Adds the first version of the rules that are missing; what the bureau has changed stays as it is. */
export async function seedRules(tx: Tx, now: Date): Promise<void> {
  await tx
    .insertInto('compliance.ruleVersion')
    .values(
      startRules().map(({ rule, version, enabled, weight, values }) => ({
        rule,
        version,
        enabled,
        weight,
        values: JSON.stringify(values),
        createdBy: '系统',
        createdAt: now,
      })),
    )
    .onConflict((conflict) => conflict.columns(['rule', 'version']).doNothing())
    .execute()
}
