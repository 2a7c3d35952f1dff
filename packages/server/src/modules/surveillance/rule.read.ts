import type { Rule, RuleVersion } from '@vigil/contract'
import { type Caller, scopeFor } from '../../kernel/access/index.ts'
import { readScope, type Tx } from '../../kernel/db/index.ts'
import { notFound } from '../../kernel/error/problem.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import type { Reference } from '../pharmacy/index.ts'
import type { RuleRow, VersionRow } from './rule.store.ts'
import { setupsOf } from './setup.ts'
import { backtestRow, toBacktest } from './study.read.ts'

async function toVersion(tx: Tx, row: VersionRow): Promise<RuleVersion> {
  const study = await backtestRow(tx, row.ruleId, row.version)
  return {
    version: row.version,
    settings: row.settings,
    note: row.note,
    createdAt: row.createdAt.toISOString(),
    createdBy: row.createdBy,
    backtest: study ? toBacktest(study) : null,
  }
}

/** Units that a version watches, of the stores there are now. */
function unitsOf(reference: Reference, row: RuleRow, version: VersionRow): number {
  const { settings, path } = version
  const rule = { id: row.id, name: row.name, path, version: version.version, settings }
  return setupsOf(reference, [rule], '2000-01-01').reduce(
    (sum, { units }) =>
      sum + units.filter((unit) => unit.path.startsWith(path) && settings.levels.includes(unit.kind)).length,
    0,
  )
}

async function toRule(tx: Tx, reference: Reference, row: RuleRow): Promise<Rule> {
  const version = await tx
    .selectFrom('surveillance.version')
    .selectAll()
    .where('ruleId', '=', row.id)
    .where('version', '=', row.activeVersion ?? row.latestVersion)
    .executeTakeFirstOrThrow()
  const { id, name, areaCode, activeVersion, latestVersion, revision, createdBy } = row
  return {
    ...{ id, name, areaCode, activeVersion, latestVersion, revision, createdBy },
    areaName: reference.areaName(areaCode),
    createdAt: row.createdAt.toISOString(),
    current: await toVersion(tx, version),
    units: unitsOf(reference, row, version),
  }
}

/** Rules of the caller's area in the order in which they were set up. */
export async function listRules(kernel: Kernel, reference: Reference, caller: Caller): Promise<Rule[]> {
  return readScope(kernel.db, scopeFor(caller, 'alert.read'), async (tx) => {
    const rows = await tx.selectFrom('surveillance.rule').selectAll().orderBy('createdAt').orderBy('id').execute()
    const rules: Rule[] = []
    for (const row of rows) rules.push(await toRule(tx, reference, row))
    return rules
  })
}

/** A rule with all versions, newest first. @throws Problem 404 outside the area */
export async function readRule(
  kernel: Kernel,
  reference: Reference,
  caller: Caller,
  id: string,
): Promise<{ rule: Rule; versions: RuleVersion[] }> {
  return readScope(kernel.db, scopeFor(caller, 'alert.read'), async (tx) => {
    const row = await tx.selectFrom('surveillance.rule').selectAll().where('id', '=', id).executeTakeFirst()
    if (!row) throw notFound('监测规则')
    const rows = await tx
      .selectFrom('surveillance.version')
      .selectAll()
      .where('ruleId', '=', id)
      .orderBy('version', 'desc')
      .execute()
    const versions: RuleVersion[] = []
    for (const version of rows) versions.push(await toVersion(tx, version))
    return { rule: await toRule(tx, reference, row), versions }
  })
}

/** A rule as it stands after a command. */
export const ruleAfter = async (kernel: Kernel, reference: Reference, caller: Caller, id: string): Promise<Rule> =>
  readScope(kernel.db, scopeFor(caller, 'rule.manage'), async (tx) =>
    toRule(
      tx,
      reference,
      await tx.selectFrom('surveillance.rule').selectAll().where('id', '=', id).executeTakeFirstOrThrow(),
    ),
  )
