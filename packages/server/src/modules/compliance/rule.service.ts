import { addDays, dayOf, uuidv7 } from '@vigil/codes'
import type { BodyOf, ComplianceRule, ComplianceRun, complianceRoutes, StoreScore } from '@vigil/contract'
import { sql } from 'kysely'
import { type Caller, scopeFor } from '../../kernel/access/caller.ts'
import { command, systemCommand } from '../../kernel/command/command.ts'
import { readScope, type Tx } from '../../kernel/db/index.ts'
import { conflict, forbidden, invalid, invalidField, notFound } from '../../kernel/error/problem.ts'
import { pickedScope } from '../pharmacy/index.ts'
import type { ComplianceParts } from './compliance.loop.ts'
import { getScore, withMeasures } from './compliance.read.ts'
import type { Values } from './fact.domain.ts'
import { scoreWithout } from './judge.ts'
import { checkValues, type RuleName, ruleDefinitions } from './rule.domain.ts'
import { currentRules } from './rule.store.ts'
import { orderRun, runOf } from './run.store.ts'

type Routes = typeof complianceRoutes

interface Tally {
  readonly rule: string
  readonly count: number
}
const tally = (rows: readonly Tally[]) => new Map(rows.map(({ rule, count }) => [rule, Number(count)]))

/** The rules with what became of their findings, within the transaction's scope. */
async function rulesWithRecord(tx: Tx): Promise<ComplianceRule[]> {
  const rules = await currentRules(tx)
  const count = async (query: ReturnType<typeof sql<Tally>>) => tally((await query.execute(tx)).rows)
  const stores = await count(sql<Tally>`select part ->> 'rule' as rule, count(*) as count
    from compliance.store, jsonb_array_elements(parts) as part where grade is not null group by 1`)
  const dismissed = await count(sql<Tally>`select rule, count(*) as count from compliance.dismissal group by rule`)
  const outcome = (wanted: readonly string[]) =>
    count(sql<Tally>`select r as rule, count(*) as count from compliance.measure, unnest(rules) as r
      where outcome = any(${[...wanted]}::text[]) group by r`)
  const confirmed = await outcome(['confirmed', 'rectified'])
  const unfounded = await outcome(['unfounded'])
  return rules.map((row) => {
    const definition = ruleDefinitions[row.rule as RuleName]
    return {
      rule: row.rule,
      name: definition.name,
      meaning: definition.meaning,
      version: row.version,
      enabled: row.enabled,
      weight: Number(row.weight),
      parameters: definition.parameters.map(({ name, label, value, min, max }) => ({
        name,
        label,
        value: row.values[name] ?? value,
        min,
        max,
      })),
      note: row.note,
      changedBy: row.createdBy,
      changedAt: row.createdAt.toISOString(),
      record: {
        stores: stores.get(row.rule) ?? 0,
        confirmed: confirmed.get(row.rule) ?? 0,
        unfounded: unfounded.get(row.rule) ?? 0,
        dismissed: dismissed.get(row.rule) ?? 0,
      },
    }
  })
}

/** The rules in force, with their record in the caller's area. */
export const listRules = ({ kernel }: ComplianceParts, caller: Caller): Promise<ComplianceRule[]> =>
  readScope(kernel.db, scopeFor(caller, 'compliance.read'), rulesWithRecord)

/**
 * Puts a new version of a rule in force and orders a run over all stores.
 * @throws Problem 404 for an unknown rule, 400 for impossible parameters with the reason, 409 when somebody was first
 */
export async function changeRule(
  { kernel }: ComplianceParts,
  caller: Caller,
  rule: string,
  given: BodyOf<Routes['compliance.change-rule']>,
): Promise<ComplianceRule[]> {
  const now = kernel.clock.now()
  if (scopeFor(caller, 'rule.manage').length === 0) throw forbidden()
  if (!(rule in ruleDefinitions)) throw notFound('规则')
  const name = rule as RuleName
  const values: Values = Object.fromEntries(given.values.map((each) => [each.name, each.value]))
  const problems = checkValues(name, values)
  if (problems.length > 0)
    throw invalid(
      problems.map((detail) => ({ pointer: '/values', code: 'bounds', detail })),
      problems.join('；'),
    )
  const note = given.note.trim()
  if (note === '') throw invalidField('/note', '请写明修改原因', 'required')
  return systemCommand(kernel.db, caller, async (tx, audit) => {
    const before = (await currentRules(tx)).find((row) => row.rule === name)
    if (before?.version !== given.version) throw conflict('这条规则刚被他人修改，请刷新后再改', 'version')
    const made = await tx
      .insertInto('compliance.ruleVersion')
      .values({
        rule: name,
        version: given.version + 1,
        enabled: given.enabled,
        weight: given.weight,
        values: JSON.stringify(values),
        note,
        createdBy: caller.name,
        createdAt: now,
      })
      .onConflict((conflicting) => conflicting.doNothing())
      .executeTakeFirst()
    if (made.numInsertedOrUpdatedRows === 0n) throw conflict('这条规则刚被他人修改，请刷新后再改', 'version')
    const detail = { version: given.version + 1, enabled: given.enabled, weight: given.weight, values }
    await audit({ action: 'compliance.change-rule', object: `compliance-rule:${name}`, path: '/', detail })
    await orderRun(tx, { kind: 'demand', path: '/', day: dayOf(now), askedBy: caller.name, createdAt: now })
    return rulesWithRecord(tx)
  })
}

/** Orders a run over the stores of an area. @throws Problem 404 outside the caller's area */
export async function orderNow(
  { kernel, purchases }: ComplianceParts,
  caller: Caller,
  area: string | undefined,
): Promise<ComplianceRun> {
  const now = kernel.clock.now()
  const [path] = pickedScope(purchases.reference, scopeFor(caller, 'compliance.handle'), area)
  return command(kernel.db, caller, 'compliance.handle', async (tx, audit) => {
    const order = { kind: 'demand', path: path!, day: dayOf(now), askedBy: caller.name, createdAt: now } as const
    const run = await orderRun(tx, order)
    await audit({ action: 'compliance.run', object: `compliance-run:${run!.id}`, path: path! })
    return runOf(run!)
  })
}

/** Holds a rule off for a store: its finding takes no points until the day given. @throws Problem 404 when the rule does not point at the store */
export async function dismiss(
  { kernel, purchases }: ComplianceParts,
  caller: Caller,
  code: string,
  given: { rule: string; reason: string; days: number },
): Promise<StoreScore> {
  const now = kernel.clock.now()
  const reason = given.reason.trim()
  if (reason === '') throw invalidField('/reason', '请填写原因', 'required')
  return command(kernel.db, caller, 'compliance.handle', async (tx, audit) => {
    const row = await getScore(tx, code)
    const part = row.parts.find(({ rule }) => rule === given.rule)
    if (!part) throw notFound('这项问题')
    if (part.dismissed) throw conflict('这项问题已经排除', 'dismissed')
    await tx
      .insertInto('compliance.dismissal')
      .values({
        id: uuidv7(),
        storeCode: code,
        path: row.path,
        rule: given.rule,
        ruleVersion: part.version,
        reason,
        byName: caller.name,
        at: now,
        untilDay: addDays(dayOf(now), given.days),
      })
      .execute()
    const { score, grade, parts } = scoreWithout(row.parts, given.rule)
    const changed = await tx
      .updateTable('compliance.store')
      .set({ score, grade, parts: JSON.stringify(parts), gradedAt: grade === null ? null : row.gradedAt })
      .where('storeCode', '=', code)
      .returningAll()
      .executeTakeFirstOrThrow()
    await audit({
      action: 'compliance.dismiss',
      object: `store:${code}`,
      path: row.path,
      detail: { rule: given.rule, reason, days: given.days },
    })
    return (await withMeasures(tx, purchases.reference, [changed], now))[0]!
  })
}
