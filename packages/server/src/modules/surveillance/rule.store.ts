import { randomUUID } from 'node:crypto'
import type { RuleSettings } from '@vigil/contract'
import type { Selectable } from 'kysely'
import type { Db, Tx } from '../../kernel/db/index.ts'
import type { ActiveRule } from './setup.ts'
import type { RuleTable, VersionTable } from './surveillance.table.ts'

export type RuleRow = Selectable<RuleTable>
export type VersionRow = Selectable<VersionTable>

/** Rules in force with the settings of their version, in the order in which they were set up. */
export async function activeRules(db: Db | Tx): Promise<ActiveRule[]> {
  const rows = await db
    .selectFrom('surveillance.rule as r')
    .innerJoin('surveillance.version as v', (join) =>
      join.onRef('v.ruleId', '=', 'r.id').onRef('v.version', '=', 'r.activeVersion'),
    )
    .select(['r.id', 'r.name', 'r.path', 'v.version', 'v.settings'])
    .orderBy('r.createdAt')
    .orderBy('r.id')
    .execute()
  return rows
}

/** What a new rule is made of. */
export interface NewRule {
  readonly name: string
  readonly areaCode: string
  readonly path: string
  readonly settings: RuleSettings
  readonly note: string
  readonly active: boolean
}

/** Sets up a rule with its first version. @returns its id */
export async function insertRule(tx: Tx, rule: NewRule, now: Date, by: string): Promise<string> {
  const id = randomUUID()
  const { name, areaCode, path, settings, note, active } = rule
  await tx
    .insertInto('surveillance.rule')
    .values({
      id,
      name,
      areaCode,
      path,
      activeVersion: active ? 1 : null,
      latestVersion: 1,
      createdAt: now,
      createdBy: by,
    })
    .execute()
  await insertVersion(tx, { ruleId: id, version: 1, path, settings, note, createdAt: now, createdBy: by })
  return id
}

/** Adds a version; none is ever changed. */
export async function insertVersion(
  tx: Tx,
  { settings, ...version }: Omit<VersionRow, 'settings'> & { readonly settings: RuleSettings },
): Promise<void> {
  await tx
    .insertInto('surveillance.version')
    .values({ ...version, settings: JSON.stringify(settings) })
    .execute()
}

/** A rule, locked for a change; undefined outside the transaction's scope. */
export const lockRule = (tx: Tx, id: string): Promise<RuleRow | undefined> =>
  tx.selectFrom('surveillance.rule').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
