import type { RuleRecord } from '@vigil/contract'
import { sql } from 'kysely'
import { beyondScope, type Tx } from '../../kernel/db/index.ts'

export interface RuleVersionKey {
  readonly ruleId: string
  readonly ruleVersion: number
  readonly ruleName: string
}

type Record = Omit<RuleRecord, 'falseAlarmRate' | 'falsePerCountyWeek' | 'detection' | 'delayDays'>

/**
 * What became of the alerts to which versions of rules contributed a signal, over the whole installation: the true rate of
 * a rule. Counts only; names no place.
 * @param rules the wanted versions; each is answered, also one without alerts
 */
export async function ruleRecords(tx: Tx, rules: readonly RuleVersionKey[]): Promise<Record[]> {
  if (rules.length === 0) return []
  const { rows } = await beyondScope(tx, () =>
    sql<{ ruleId: string; ruleVersion: number; alerts: number; true: number; false: number; explained: number }>`
      select r.rule_id, r.rule_version, count(*)::int as alerts,
        (count(*) filter (where a.finding = 'true'))::int as "true",
        (count(*) filter (where a.finding = 'false'))::int as "false",
        (count(*) filter (where a.finding = 'explained'))::int as explained
      from (select distinct alert_id, rule_id, rule_version from alert.signal
        where rule_id = any (${rules.map(({ ruleId }) => ruleId)}::text[]) and grade is not null) r
      join alert.alert a on a.id = r.alert_id
      group by r.rule_id, r.rule_version`.execute(tx),
  )
  return rules.map((rule) => {
    const found = rows.find(({ ruleId, ruleVersion }) => ruleId === rule.ruleId && ruleVersion === rule.ruleVersion)
    const counts = {
      alerts: found?.alerts ?? 0,
      true: found?.true ?? 0,
      false: found?.false ?? 0,
      explained: found?.explained ?? 0,
    }
    const judged = counts.true + counts.false + counts.explained
    return { ...rule, ...counts, trueRate: judged > 0 ? counts.true / judged : null }
  })
}
