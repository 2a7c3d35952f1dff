import type { BodyOf, RuleSettings, surveillanceRoutes } from '@vigil/contract'
import { assertCan, type Caller } from '../../kernel/access/index.ts'
import { command } from '../../kernel/command/command.ts'
import { conflict, invalid, notFound } from '../../kernel/error/problem.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import type { Reference } from '../pharmacy/index.ts'
import { forgetRule } from './month.store.ts'
import { faultsOf } from './rule.domain.ts'
import { insertRule, insertVersion, lockRule } from './rule.store.ts'

type Routes = typeof surveillanceRoutes

/** @throws Problem 400 that names every field at fault */
function assertSound(settings: RuleSettings): void {
  const faults = faultsOf(settings)
  if (faults.length === 0) return
  throw invalid(
    faults.map(({ pointer, detail }) => ({ pointer: `/body/settings${pointer}`, detail, code: 'invalid' })),
    faults[0]!.detail,
  )
}

/** Sets up a rule, paused, so that it can be back-tested first. @throws Problem 400, 404 outside the area @returns its id */
export async function createRule(
  kernel: Kernel,
  reference: Reference,
  caller: Caller,
  body: BodyOf<Routes['surveillance.create']>,
): Promise<string> {
  assertSound(body.settings)
  const area = reference.area(body.areaCode)
  if (!area) throw notFound('区划')
  assertCan(caller, 'rule.manage', area.path, '区划')
  return command(kernel.db, caller, 'rule.manage', async (tx, audit) => {
    const rule = { ...body, path: area.path, active: false }
    const id = await insertRule(tx, rule, kernel.clock.now(), caller.name)
    await audit({
      action: 'rule.create',
      object: `rule:${id}`,
      path: area.path,
      areaCode: area.code,
      detail: { version: 1 },
    })
    return id
  })
}

/**
 * Changes a rule by a new version; the earlier ones stay. An active rule goes on with the new one.
 * @throws Problem 400, 404 outside the area, 409 when somebody else was first
 */
export async function reviseRule(
  kernel: Kernel,
  caller: Caller,
  id: string,
  body: BodyOf<Routes['surveillance.revise']>,
): Promise<void> {
  assertSound(body.settings)
  await command(kernel.db, caller, 'rule.manage', async (tx, audit) => {
    const rule = await lockRule(tx, id)
    if (!rule) throw notFound('监测规则')
    if (rule.revision !== body.revision) throw conflict('规则已被他人修改，请刷新后再改')
    const version = rule.latestVersion + 1
    const { settings, note } = body
    const created = { createdAt: kernel.clock.now(), createdBy: caller.name }
    await insertVersion(tx, { ruleId: id, version, path: rule.path, settings, note, ...created })
    await tx
      .updateTable('surveillance.rule')
      .set({
        name: body.name,
        latestVersion: version,
        activeVersion: rule.activeVersion === null ? null : version,
        revision: rule.revision + 1,
      })
      .where('id', '=', id)
      .execute()
    await audit({
      action: 'rule.revise',
      object: `rule:${id}`,
      path: rule.path,
      areaCode: rule.areaCode,
      detail: { version },
    })
  })
}

/** Puts a version in force, or pauses the rule. @throws Problem 404 for an unknown rule or version, 409 */
export async function activateRule(
  kernel: Kernel,
  caller: Caller,
  id: string,
  { version, revision }: BodyOf<Routes['surveillance.activate']>,
): Promise<void> {
  await command(kernel.db, caller, 'rule.manage', async (tx, audit) => {
    const rule = await lockRule(tx, id)
    if (!rule) throw notFound('监测规则')
    if (rule.revision !== revision) throw conflict('规则已被他人修改，请刷新后再改')
    if (version !== null && version > rule.latestVersion) throw notFound('规则版本')
    await tx
      .updateTable('surveillance.rule')
      .set({ activeVersion: version, revision: revision + 1 })
      .where('id', '=', id)
      .execute()
    // What a paused rule has said must not be taken for the present state.
    if (version === null) await forgetRule(tx, id)
    await audit({
      action: 'rule.activate',
      object: `rule:${id}`,
      path: rule.path,
      areaCode: rule.areaCode,
      detail: { version },
    })
  })
}
