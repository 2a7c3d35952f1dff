import { dayOf, isDay, uuidv7 } from '@vigil/codes'
import type { BodyOf, Contract, ResponseOf } from '@vigil/contract'
import type { Selectable } from 'kysely'
import { assertCan, type Caller } from '../../kernel/access/caller.ts'
import { type CommandAudit, command } from '../../kernel/command/command.ts'
import type { Tx } from '../../kernel/db/index.ts'
import { invalidField, notFound } from '../../kernel/error/problem.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import type { Reference } from '../pharmacy/index.ts'
import type { StaffRuleTable } from './staff.table.ts'

/**
 * Sets the cycle of an area from a day on. A rule never reaches back and is never changed: what was required on a past day
 * stays as it was.
 * @throws Problem 404 for an area outside the caller's, 400 for a day that is past
 */
export async function saveRule(
  kernel: Kernel,
  reference: Reference,
  caller: Caller,
  given: BodyOf<Contract['staff.save-rule']>,
): Promise<ResponseOf<Contract['staff.save-rule']>> {
  const area = reference.area(given.areaCode)
  if (!area) throw notFound('区划')
  assertCan(caller, 'staff.manage', area.path, '区划')
  const now = kernel.clock.now()
  if (!isDay(given.from) || given.from < dayOf(now)) throw invalidField('/from', '生效日期最早为今天')
  if (given.cycleDays !== null && given.warnDays >= given.cycleDays)
    throw invalidField('/warnDays', '提前提醒的天数应少于检测周期')
  const rule = {
    id: uuidv7(),
    areaCode: area.code,
    path: area.path,
    validFrom: given.from,
    cycleDays: given.cycleDays,
    warnDays: given.warnDays,
    note: given.note.trim(),
    createdAt: now,
    createdBy: caller.name,
  }
  await command(kernel.db, caller, 'staff.manage', (tx, audit) => insertRule(tx, audit, rule))
  const { path: _path, validFrom, createdAt, ...rest } = rule
  return { ...rest, from: validFrom, areaName: reference.areaName(area.code), createdAt: createdAt.toISOString() }
}

type NewRule = Selectable<StaffRuleTable>

/** Keeps a rule with its audit row. */
export async function insertRule(tx: Tx, audit: (entry: CommandAudit) => Promise<void>, rule: NewRule): Promise<void> {
  await tx.insertInto('staff.rule').values(rule).execute()
  await audit({
    action: 'staff.save-rule',
    object: `staff-rule:${rule.id}`,
    areaCode: rule.areaCode,
    path: rule.path,
    detail: { from: rule.validFrom, cycleDays: rule.cycleDays, warnDays: rule.warnDays },
  })
}
