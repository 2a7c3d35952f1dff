import { uuidv7 } from '@vigil/codes'
import type { BodyOf, Destination, sharingRoutes } from '@vigil/contract'
import { assertCan, type Caller } from '../../kernel/access/caller.ts'
import { type CommandAudit, command } from '../../kernel/command/command.ts'
import type { Tx } from '../../kernel/db/index.ts'
import { conflict, invalidField, notFound } from '../../kernel/error/problem.ts'
import { assertSettings, assertTemplate, type Given } from './destination.settings.ts'
import { type Algorithm, createKey } from './key.ts'
import { dueAfter } from './schedule.domain.ts'
import type { SendingParts } from './sharing.job.ts'
import { withFacts } from './sharing.read.ts'
import { assertMayExport } from './sharing.right.ts'
import { sealKey, sealSecret } from './sharing.seal.ts'
import type { DestinationRow } from './sharing.store.ts'

type Routes = typeof sharingRoutes

const kept = (given: Given) => ({
  name: given.name.trim(),
  kind: given.kind,
  url: new URL(given.url).href,
  format: given.format,
  templateId: given.templateId,
  clear: given.clear,
  clearReason: given.clear ? (given.reason?.trim() ?? null) : null,
  schedule: JSON.stringify(given.schedule),
  cover: given.cover,
  receipt: JSON.stringify(given.receipt),
  timeoutSeconds: given.timeoutSeconds,
  retrySeconds: given.retrySeconds,
  maxAttempts: given.maxAttempts,
  maxAgeHours: given.maxAgeHours,
  secretHeader: given.secretHeader,
  ca: given.ca?.trim() || null,
})

/** What the log is told of the settings: no secret, and of the address only the host. */
const told = (given: Given) => ({
  name: given.name.trim(),
  host: new URL(given.url).host,
  format: given.format,
  templateId: given.templateId,
  clear: given.clear,
  ...(given.clear && { reason: given.reason?.trim() }),
  schedule: given.schedule,
  secret: given.secret !== undefined,
})

const about = ({
  id,
  path,
  areaCode,
}: Pick<DestinationRow, 'id' | 'path' | 'areaCode'>): Pick<CommandAudit, 'object' | 'path' | 'areaCode'> => ({
  object: `destination:${id}`,
  path,
  areaCode,
})

/** A destination of the transaction's scope, locked. @throws Problem 404 */
export async function lockDestination(tx: Tx, id: string): Promise<DestinationRow> {
  const row = await tx.selectFrom('sharing.destination').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
  if (!row) throw notFound('接收方')
  return row
}

async function shown({ kernel, purchases }: SendingParts, tx: Tx, id: string): Promise<Destination> {
  const row = await tx.selectFrom('sharing.destination').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
  return (await withFacts(tx, purchases.reference, [row], kernel.clock.now()))[0]!
}

async function addKey(
  { kernel }: SendingParts,
  tx: Tx,
  destination: Pick<DestinationRow, 'id' | 'path'>,
  algorithm: Algorithm,
  state: 'active' | 'next',
) {
  const { id, publicKey, privateKey } = createKey(algorithm)
  const now = kernel.clock.now()
  await tx
    .insertInto('sharing.key')
    .values({
      id,
      destinationId: destination.id,
      path: destination.path,
      algorithm,
      state,
      publicKey,
      sealedPrivate: sealKey(kernel.vault, id, privateKey),
      createdAt: now,
      activatedAt: state === 'active' ? now : null,
    })
    .execute()
  return id
}

/**
 * Sets up a destination, paused, with its first key pair.
 * @throws Problem 400 for impossible settings, 404 for an area outside, 403 without the right to export what is sent
 */
export async function createDestination(
  parts: SendingParts,
  caller: Caller,
  body: BodyOf<Routes['sharing.create']>,
): Promise<Destination> {
  const { kernel, purchases } = parts
  const area = purchases.reference.area(body.areaCode)
  if (!area) throw notFound('区划')
  assertCan(caller, 'sharing.manage', area.path, '区划')
  const list = body.list ?? 'purchases'
  assertMayExport(caller, area.path, list, body.clear)
  assertSettings(parts, body, list, false)
  await assertTemplate(parts, { path: area.path, list }, body.templateId)
  const id = uuidv7()
  const now = kernel.clock.now()
  const destination = { id, path: area.path, areaCode: area.code }
  return command(kernel.db, caller, 'sharing.manage', async (tx, audit) => {
    await tx
      .insertInto('sharing.destination')
      .values({
        ...kept(body),
        ...destination,
        clearBy: body.clear ? caller.id : null,
        list,
        state: 'paused',
        sealedSecret: body.secretHeader && body.secret ? sealSecret(kernel.vault, id, body.secret) : null,
        createdAt: now,
        createdBy: caller.name,
      })
      .execute()
    const keyId = await addKey(parts, tx, destination, body.algorithm, 'active')
    await audit({ action: 'sharing.create', ...about(destination), detail: { ...told(body), keyId } })
    return shown(parts, tx, id)
  })
}

/**
 * Changes the settings of a destination; a change of the schedule counts from now.
 * @throws as `createDestination`, and Problem 409 when somebody else has changed it meanwhile
 */
export async function changeDestination(
  parts: SendingParts,
  caller: Caller,
  id: string,
  body: BodyOf<Routes['sharing.change']>,
): Promise<Destination> {
  const { kernel } = parts
  return command(kernel.db, caller, 'sharing.manage', async (tx, audit) => {
    const before = await lockDestination(tx, id)
    assertMayExport(caller, before.path, before.list, body.clear)
    assertSettings(parts, body, before.list, before.sealedSecret !== null)
    await assertTemplate(parts, before, body.templateId)
    if (before.revision !== body.revision) throw conflict('接收方刚被别人修改过，请刷新后再改', 'revision')
    const secret = body.secret ? sealSecret(kernel.vault, id, body.secret) : before.sealedSecret
    // A secret is for the host that it was given for: somebody who may only change the address must not learn it.
    const moved = new URL(before.url).origin !== new URL(body.url).origin
    if (moved && before.sealedSecret && body.secretHeader && !body.secret)
      throw invalidField('/secret', '更换主机时须重新填写请求头口令', 'required')
    await tx
      .updateTable('sharing.destination')
      .set({
        ...kept(body),
        clearBy: body.clear ? caller.id : null,
        sealedSecret: body.secretHeader ? secret : null,
        nextAt: nextDue({ ...before, schedule: body.schedule }, kernel.clock.now()),
        updatedAt: kernel.clock.now(),
        revision: before.revision + 1,
      })
      .where('id', '=', id)
      .execute()
    await audit({ action: 'sharing.change', ...about(before), detail: told(body) })
    return shown(parts, tx, id)
  })
}

/** When the schedule asks for the next file; hand-overs are sent as they happen. */
const nextDue = (
  { state, list, schedule }: Pick<DestinationRow, 'state' | 'list' | 'schedule'>,
  now: Date,
): Date | null => (state === 'active' && list !== 'followups' ? dueAfter(schedule, now) : null)

/** Pauses a destination or takes it up again, from the next due time on. @throws Problem 404 */
export async function setState(
  parts: SendingParts,
  caller: Caller,
  id: string,
  state: 'active' | 'paused',
): Promise<Destination> {
  const { kernel } = parts
  return command(kernel.db, caller, 'sharing.manage', async (tx, audit) => {
    const before = await lockDestination(tx, id)
    // What leaves in clear needs, whenever it begins, somebody who may let it out.
    if (state === 'active') assertMayExport(caller, before.path, before.list, before.clear)
    const now = kernel.clock.now()
    const answers = state === 'active' && before.clear
    const change = {
      state,
      nextAt: nextDue({ ...before, state }, now),
      updatedAt: now,
      ...(answers && { clearBy: caller.id }),
    }
    await tx.updateTable('sharing.destination').set(change).where('id', '=', id).execute()
    await audit({ action: 'sharing.set-state', ...about(before), detail: { state } })
    return shown(parts, tx, id)
  })
}

/** Makes the next key pair, in place of one that was made and never used. @throws Problem 404 */
export async function prepareKey(
  parts: SendingParts,
  caller: Caller,
  id: string,
  algorithm: Algorithm,
): Promise<Destination> {
  const { kernel } = parts
  return command(kernel.db, caller, 'sharing.manage', async (tx, audit) => {
    const destination = await lockDestination(tx, id)
    await retire(tx, id, 'next', kernel.clock.now())
    const keyId = await addKey(parts, tx, destination, algorithm, 'next')
    await audit({ action: 'sharing.prepare-key', ...about(destination), detail: { keyId, algorithm } })
    return shown(parts, tx, id)
  })
}

const retire = (tx: Tx, destinationId: string, state: 'active' | 'next', now: Date) =>
  tx
    .updateTable('sharing.key')
    .set({ state: 'retired', sealedPrivate: null, retiredAt: now })
    .where('destinationId', '=', destinationId)
    .where('state', '=', state)
    .execute()

/** Signs with the next key from now on. @throws Problem 404 for another key than the next one */
export async function activateKey(
  parts: SendingParts,
  caller: Caller,
  id: string,
  keyId: string,
): Promise<Destination> {
  const { kernel } = parts
  return command(kernel.db, caller, 'sharing.manage', async (tx, audit) => {
    const destination = await lockDestination(tx, id)
    const now = kernel.clock.now()
    const next = await tx
      .selectFrom('sharing.key')
      .select('id')
      .where('id', '=', keyId)
      .where('destinationId', '=', id)
      .where('state', '=', 'next')
      .executeTakeFirst()
    if (!next) throw notFound('待启用的密钥')
    await retire(tx, id, 'active', now)
    await tx.updateTable('sharing.key').set({ state: 'active', activatedAt: now }).where('id', '=', keyId).execute()
    await audit({ action: 'sharing.activate-key', ...about(destination), detail: { keyId } })
    return shown(parts, tx, id)
  })
}
