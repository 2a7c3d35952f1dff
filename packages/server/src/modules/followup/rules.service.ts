import { uuidv7 } from '@vigil/codes'
import type { BodyOf, Contract, FollowupRules, FollowupRuleVersion } from '@vigil/contract'
import { assertCan, type Caller, scopeFor, within } from '../../kernel/access/caller.ts'
import { command } from '../../kernel/command/command.ts'
import type { Db } from '../../kernel/db/index.ts'
import { conflict, invalid, notFound } from '../../kernel/error/problem.ts'
import type { Reference } from '../pharmacy/index.ts'
import type { Parts } from './parts.ts'
import { defaultRules, longestDays, problemsOf } from './rules.domain.ts'

/** Rules that count somewhere, and which version they are: 0 for those that no area has set. */
export interface RulesInForce {
  readonly version: number
  readonly rules: FollowupRules
}

const unset: FollowupRuleVersion = {
  areaCode: null,
  areaName: '平台默认',
  version: 0,
  rules: defaultRules,
  reason: '平台默认规则',
  createdAt: null,
  createdBy: '平台',
}

async function versionsOf(db: Db, reference: Reference): Promise<(FollowupRuleVersion & { path: string })[]> {
  const rows = await db.selectFrom('followup.ruleSet').selectAll().orderBy('version', 'desc').execute()
  return rows.map(({ id: _id, createdAt, ...row }) => ({
    ...row,
    createdAt: createdAt.toISOString(),
    areaName: reference.areaName(row.areaCode),
    path: reference.area(row.areaCode)?.path ?? '',
  }))
}

/** Newest version of the nearest area at or above a path. */
function nearest(versions: readonly (FollowupRuleVersion & { path: string })[], path: string): FollowupRuleVersion {
  return versions
    .filter((one) => one.path !== '' && within(path, one.path))
    .reduce<FollowupRuleVersion & { path: string }>(
      (best, one) =>
        one.path.length > best.path.length || (one.path === best.path && one.version > best.version) ? one : best,
      { ...unset, path: '' },
    )
}

/** All rules of the installation, for many questions. */
export interface RuleBook {
  at(path: string): RulesInForce
  /** The largest number of days in any of them: fresh ones, and those before that a rule looks back on. */
  readonly fresh: number
  readonly back: number
}

/** Reads all rules; they are few. */
export async function loadRules(db: Db, reference: Reference): Promise<RuleBook> {
  const versions = await versionsOf(db, reference)
  const known = new Map<string, RulesInForce>()
  const all = [defaultRules, ...versions.map(({ rules }) => rules)]
  return {
    at: (path) => {
      const found = known.get(path) ?? nearest(versions, path)
      known.set(path, found)
      return found
    },
    fresh: Math.max(...all.map(({ freshDays }) => freshDays)),
    back: Math.max(...all.map(longestDays)),
  }
}

const shown = ({ path: _path, ...version }: FollowupRuleVersion & { path?: string }): FollowupRuleVersion => version

/** The rules of an area, and all versions that count in it or above it. @throws Problem 404 outside the caller's area */
export async function readRules(
  { kernel, reference }: Parts,
  caller: Caller,
  areaCode: string | undefined,
): Promise<{ present: FollowupRuleVersion; versions: FollowupRuleVersion[] }> {
  const own = scopeFor(caller, 'followup.read')
  const area = areaCode === undefined ? undefined : reference.area(areaCode)
  const path = area?.path ?? own[0] ?? '/'
  if (areaCode !== undefined && (!area || !own.some((root) => within(path, root) || within(root, path))))
    throw notFound('区划')
  const versions = await versionsOf(kernel.db, reference)
  const above = versions.filter((one) => one.path !== '' && within(path, one.path))
  return { present: shown(nearest(versions, path)), versions: [...above.map(shown), unset].slice(0, 50) }
}

/**
 * A new version of an area's rules. They count for what is found from now on; what was found stays.
 * @throws Problem 400 with every impossible threshold, 404 outside the area, 409 when another version came first
 */
export async function saveRules(
  { kernel, reference }: Parts,
  caller: Caller,
  body: BodyOf<Contract['followup.save-rules']>,
): Promise<FollowupRuleVersion> {
  const area = reference.area(body.areaCode)
  if (!area) throw notFound('区划')
  assertCan(caller, 'rule.manage', area.path, '区划')
  const problems = problemsOf(body.rules)
  if (problems.length > 0)
    throw invalid(
      problems.map(({ pointer, detail }) => ({ pointer: `/rules${pointer}`, code: 'rule', detail })),
      problems[0]!.detail,
    )
  const now = kernel.clock.now()
  return command(kernel.db, caller, 'rule.manage', async (tx, audit) => {
    const before = (await versionsOf(tx, reference)).filter(({ areaCode }) => areaCode === area.code)
    const newest = Math.max(0, ...before.map(({ version }) => version))
    // An area without rules of its own begins from those above it, whatever their version is.
    if (newest > 0 && newest !== body.version) throw conflict('规则刚被他人更改，请刷新后再保存', 'stale')
    const version = newest + 1
    const saved = await tx
      .insertInto('followup.ruleSet')
      .values({
        id: uuidv7(now.getTime()),
        areaCode: area.code,
        version,
        rules: JSON.stringify(body.rules),
        reason: body.reason,
        createdAt: now,
        createdBy: caller.name,
      })
      .onConflict((same) => same.columns(['areaCode', 'version']).doNothing())
      .executeTakeFirst()
    if (Number(saved.numInsertedOrUpdatedRows ?? 0) === 0) throw conflict('规则刚被他人更改，请刷新后再保存', 'stale')
    await audit({
      action: 'followup.rules',
      object: `followup-rules:${area.code}`,
      path: area.path,
      areaCode: area.code,
      detail: { version, reason: body.reason, rules: body.rules },
    })
    return {
      areaCode: area.code,
      areaName: reference.areaName(area.code),
      version,
      rules: body.rules,
      reason: body.reason,
      createdAt: now.toISOString(),
      createdBy: caller.name,
    }
  })
}
