import { type Day, dayOf, isDay, uuidv7 } from '@vigil/codes'
import type { BodyOf, Contract, OpeningRule } from '@vigil/contract'
import { type Selectable, sql } from 'kysely'
import { assertCan, type Caller, scopeFor, systemCaller, within } from '../../kernel/access/caller.ts'
import { inForce } from '../../kernel/area/index.ts'
import { record } from '../../kernel/audit/index.ts'
import { auditOf, command } from '../../kernel/command/command.ts'
import { systemScope, type Tx, withScope } from '../../kernel/db/index.ts'
import { invalidField, notFound } from '../../kernel/error/problem.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import type { Message } from '../channel/index.ts'
import { type Reference, soldOn } from '../pharmacy/index.ts'
import type { ReminderRuleTable } from './opening.table.ts'
import { areasToTell, defaultReminderAt, reminderText } from './reminder.domain.ts'

type Tell = (tx: Tx, message: Message) => Promise<number>
type RuleRow = Selectable<ReminderRuleTable>
const system = systemCaller('签到提醒', [])

const rulesOf = (tx: Tx): Promise<RuleRow[]> => tx.selectFrom('opening.reminderRule').selectAll().execute()

interface Missing {
  path: string
  active: number
  missing: number
  sold: number
}

/** Stores of a day by area that neither checked in nor were called; of those, apart, the ones that have sold. */
async function missingByArea(tx: Tx, day: Day): Promise<Missing[]> {
  const sold = soldOn({ county: 'a.county', store: 'a.store_code', day: 'g.day' })
  const { rows } = await sql<Missing>`
    SELECT (SELECT r.path FROM area.area r WHERE r.code = a.area_code) AS path, count(*)::int AS active,
      count(*) FILTER (WHERE d.state IS NULL AND NOT sold)::int AS missing,
      count(*) FILTER (WHERE d.state IS NULL AND sold)::int AS sold
    FROM (SELECT ${day}::date AS day) g JOIN opening.active_span a ON a.from_day <= g.day AND a.end_day > g.day
    LEFT JOIN opening.day d ON d.day = g.day AND d.store_code = a.store_code
    CROSS JOIN LATERAL (SELECT CASE WHEN d.state IS NULL THEN ${sold} END AS sold) s
    GROUP BY a.area_code`.execute(tx)
  return rows
}

/**
 * Tells those in charge of each county and office of the stores that have not checked in, once a day and area from the time
 * of its rule on; each level hears of its own area. What is told and that it was told commit together.
 * @returns messages ordered
 */
export async function remindMissing(kernel: Kernel, reference: Reference, tell: Tell): Promise<number> {
  const now = kernel.clock.now()
  const day = dayOf(now)
  return withScope(kernel.db, systemScope, async (tx) => {
    const rules = await rulesOf(tx)
    const timeAt = (path: string) => {
      const rule = inForce(rules, path, day)
      return rule ? rule.at : defaultReminderAt
    }
    const told = await tx.selectFrom('opening.reminder').select('path').where('day', '=', day).execute()
    const withStores = new Set([...reference.stores()].flatMap(({ county, areaCode }) => [county, areaCode]))
    const areas = [...reference.areas()].filter(({ code }) => withStores.has(code))
    const due = areasToTell(areas, { day, now, timeAt, told: new Set(told.map(({ path }) => path)) })
    if (due.length === 0) return 0
    // The key is the claim: another process waits here until this one is through, and then has nothing left.
    const claimed = await tx
      .insertInto('opening.reminder')
      .values(due.map(({ code, path }) => ({ day, path, areaCode: code, at: now, missing: 0, recipients: 0 })))
      .onConflict((same) => same.doNothing())
      .returning('path')
      .execute()
    const mine = new Set(claimed.map(({ path }) => path))
    const found = mine.size > 0 ? await missingByArea(tx, day) : []
    let messages = 0
    for (const area of due.filter(({ path }) => mine.has(path))) {
      const figures = { active: 0, missing: 0, sold: 0 }
      for (const each of found)
        if (each.path.startsWith(area.path)) {
          figures.active += each.active
          figures.missing += each.missing
          figures.sold += each.sold
        }
      if (figures.missing === 0) continue
      const recipients = await tell(tx, {
        kind: 'opening',
        grade: null,
        path: area.path,
        level: area.path,
        ...reminderText(area, figures, timeAt(area.path) ?? defaultReminderAt),
        url: `/opening?area=${area.code}&from=${day}&to=${day}`,
        at: now,
      })
      if (recipients > 0) messages++
      await tx
        .updateTable('opening.reminder')
        .set({ missing: figures.missing, recipients })
        .where('day', '=', day)
        .where('path', '=', area.path)
        .execute()
    }
    if (mine.size > 0)
      await record(
        tx,
        auditOf(system, {
          action: 'opening.remind',
          object: `opening:${day}`,
          path: '/',
          detail: { areas: mine.size, messages },
        }),
      )
    return messages
  })
}

const shown = (reference: Reference, { path: _path, validFrom, createdAt, ...rule }: RuleRow): OpeningRule => ({
  ...rule,
  from: validFrom,
  areaName: reference.areaName(rule.areaCode),
  createdAt: createdAt.toISOString(),
})

/** Times of the own areas and those around them, newest first. */
export async function listRules(kernel: Kernel, reference: Reference, caller: Caller): Promise<OpeningRule[]> {
  const own = scopeFor(caller, 'opening.read')
  const rows = await kernel.db
    .selectFrom('opening.reminderRule')
    .selectAll()
    .orderBy('validFrom', 'desc')
    .orderBy('createdAt', 'desc')
    .limit(200)
    .execute()
  return rows
    .filter(({ path }) => own.some((root) => within(path, root) || within(root, path)))
    .map((row) => shown(reference, row))
}

/**
 * Sets from which time of day an area is told, from a day on. A rule never reaches back and is never changed.
 * @throws Problem 404 outside the caller's area, 400 for a day before today
 */
export async function saveRule(
  kernel: Kernel,
  reference: Reference,
  caller: Caller,
  given: BodyOf<Contract['opening.save-rule']>,
): Promise<OpeningRule> {
  const area = reference.area(given.areaCode)
  if (!area) throw notFound('区划')
  assertCan(caller, 'rule.manage', area.path, '区划')
  const now = kernel.clock.now()
  if (!isDay(given.from) || given.from < dayOf(now)) throw invalidField('/from', '生效日期最早为今天')
  const rule = {
    id: uuidv7(now.getTime()),
    areaCode: area.code,
    path: area.path,
    validFrom: given.from,
    at: given.at,
    note: given.note.trim(),
    createdAt: now,
    createdBy: caller.name,
  }
  await command(kernel.db, caller, 'rule.manage', async (tx, audit) => {
    await tx.insertInto('opening.reminderRule').values(rule).execute()
    await audit({
      action: 'opening.save-rule',
      object: `opening-rule:${rule.id}`,
      areaCode: area.code,
      path: area.path,
      detail: { from: rule.validFrom, at: rule.at },
    })
  })
  return shown(reference, rule)
}
