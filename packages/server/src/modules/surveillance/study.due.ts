import { randomInt } from 'node:crypto'
import { addDays, type Day, dayOf, daysBetween } from '@vigil/codes'
import { sql } from 'kysely'
import { systemScope, type Tx, withScope } from '../../kernel/db/index.ts'
import { firstDay, nightlyDay, type StudyParts } from './study.job.ts'
import { orderStudy } from './study.store.ts'

/** Days of sales before a back-test says something. */
const leastHistory = 56
/** Days for which a back-test stands, and after which one that failed is tried again. */
const stands = { done: 30, failed: 7 }
/** Stores below which an area has no figure worth measuring. */
export const leastStores = 20

/** Rules in force whose version has no back-test of late; their rows are locked, so that of several processes one orders it. */
async function unmeasured(tx: Tx, now: Date) {
  const since = (days: number) => new Date(now.getTime() - days * 86_400_000)
  const { rows } = await sql<{ id: string; version: number; path: string; areaCode: string; historyDays: number }>`
    SELECT r.id, r.active_version AS version, r.path, r.area_code AS "areaCode", (v.settings ->> 'historyDays')::int AS "historyDays"
    FROM surveillance.rule r JOIN surveillance.version v ON v.rule_id = r.id AND v.version = r.active_version
    WHERE NOT EXISTS (
      SELECT FROM surveillance.study s WHERE s.kind = 'backtest' AND s.rule_id = r.id AND s.version = r.active_version
        AND s.created_at > CASE s.state WHEN 'failed' THEN ${since(stands.failed)}::timestamptz ELSE ${since(stands.done)}::timestamptz END)
    ORDER BY r.created_at, r.id FOR UPDATE OF r SKIP LOCKED`.execute(tx)
  return rows
}

/**
 * Orders back-tests of rules in force that have none of late, from the hour of the nightly scan on: an alert bears a rate of
 * false alarms that was measured on the city's own history, whether or not anybody asked for it.
 * @param least stores that an area needs
 */
export async function orderDueBacktests(
  { kernel, reference }: Pick<StudyParts, 'kernel' | 'reference'>,
  least: number,
): Promise<void> {
  const now = kernel.clock.now()
  if (nightlyDay(now) === undefined) return
  const today: Day = dayOf(now)
  await withScope(kernel.db, systemScope, async (tx) => {
    for (const { id: ruleId, version, path, areaCode, historyDays } of await unmeasured(tx, now)) {
      const stores = [...reference.stores()].filter((store) => store.path.startsWith(path))
      if (stores.length < least) continue
      const first = await firstDay(kernel, path, addDays(today, -historyDays))
      if (daysBetween(first, today) < leastHistory) continue
      const options = { seed: randomInt(1, 2_147_483_647), today }
      await orderStudy(tx, { kind: 'backtest', path, areaCode, ruleId, version, options }, now, '系统自动回测')
    }
  })
}
