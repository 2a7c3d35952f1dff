import { dayOf, isDay, uuidv7 } from '@vigil/codes'
import type { BodyOf, ComplianceOverdueRule, Contract } from '@vigil/contract'
import type { Selectable } from 'kysely'
import { assertCan, type Caller, scopeFor, within } from '../../kernel/access/caller.ts'
import { command } from '../../kernel/command/command.ts'
import { invalidField, notFound } from '../../kernel/error/problem.ts'
import type { ComplianceParts } from './compliance.loop.ts'
import type { OverdueRuleTable } from './compliance.table.ts'

const shown = (
  { purchases }: ComplianceParts,
  { path: _path, validFrom, createdAt, ...rule }: Selectable<OverdueRuleTable>,
): ComplianceOverdueRule => ({
  ...rule,
  from: validFrom,
  areaName: purchases.reference.areaName(rule.areaCode),
  createdAt: createdAt.toISOString(),
})

/** Rules about what is overdue, of the own areas and those around them, newest first. */
export async function listOverdueRules(parts: ComplianceParts, caller: Caller): Promise<ComplianceOverdueRule[]> {
  const own = scopeFor(caller, 'compliance.read')
  const rows = await parts.kernel.db
    .selectFrom('compliance.overdueRule')
    .selectAll()
    .orderBy('validFrom', 'desc')
    .orderBy('createdAt', 'desc')
    .limit(200)
    .execute()
  return rows
    .filter(({ path }) => own.some((root) => within(path, root) || within(root, path)))
    .map((row) => shown(parts, row))
}

/**
 * Sets how many days lie between the levels that are told of something overdue, from a day on. A rule never reaches back and
 * is never changed.
 * @throws Problem 404 outside the caller's area, 400 for a day before today
 */
export async function saveOverdueRule(
  parts: ComplianceParts,
  caller: Caller,
  given: BodyOf<Contract['compliance.save-overdue-rule']>,
): Promise<ComplianceOverdueRule> {
  const area = parts.purchases.reference.area(given.areaCode)
  if (!area) throw notFound('区划')
  assertCan(caller, 'rule.manage', area.path, '区划')
  const now = parts.kernel.clock.now()
  if (!isDay(given.from) || given.from < dayOf(now)) throw invalidField('/from', '生效日期最早为今天')
  const rule = {
    id: uuidv7(now.getTime()),
    areaCode: area.code,
    path: area.path,
    validFrom: given.from,
    upDays: given.upDays,
    note: given.note.trim(),
    createdAt: now,
    createdBy: caller.name,
  }
  await command(parts.kernel.db, caller, 'rule.manage', async (tx, audit) => {
    await tx.insertInto('compliance.overdueRule').values(rule).execute()
    await audit({
      action: 'compliance.save-overdue-rule',
      object: `compliance-overdue-rule:${rule.id}`,
      areaCode: area.code,
      path: area.path,
      detail: { from: rule.validFrom, upDays: rule.upDays },
    })
  })
  return shown(parts, rule)
}
