import { uuidv7 } from '@vigil/codes'
import type { BodyOf, ChannelKind, ChannelTarget, channelRoutes, TellDelivery } from '@vigil/contract'
import { assertCan, type Caller } from '../../kernel/access/caller.ts'
import { type CommandAudit, command, systemCommand } from '../../kernel/command/command.ts'
import { beyondScope, type Tx } from '../../kernel/db/index.ts'
import { conflict, forbidden, invalidField, notFound } from '../../kernel/error/problem.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import type { Reference } from '../pharmacy/index.ts'
import type { Guard } from '../sharing/index.ts'
import { hintOf, isMail } from './address.ts'
import { toDeliveries, toTargets } from './channel.read.ts'
import { sealPart } from './channel.seal.ts'
import type { TargetRow } from './channel.store.ts'

type Routes = typeof channelRoutes
type Create = BodyOf<Routes['channel.create-own']>
type Change = BodyOf<Routes['channel.change']>
type Audit = (entry: CommandAudit) => Promise<void>

export interface TargetParts {
  readonly kernel: Kernel
  readonly reference: Reference
  readonly guard: Guard
}

/** Whose targets a command is about: those of areas, or the caller's own. */
export type Whose = 'area' | 'own'
const most = { area: 200, own: 10 } as const

/** The caller's account; programs have nobody to be told. @throws Problem 403 */
function accountOf(caller: Caller): string {
  if (caller.kind !== 'account' || !caller.id || caller.storeCode) throw forbidden('只有监管人员账号可以设定推送')
  return caller.id
}

const run = <T>({ kernel }: TargetParts, caller: Caller, whose: Whose, work: (tx: Tx, audit: Audit) => Promise<T>) =>
  whose === 'area' ? command(kernel.db, caller, 'channel.manage', work) : systemCommand(kernel.db, caller, work)

const about = ({ id, path, areaCode }: TargetRow): Pick<CommandAudit, 'object' | 'path' | 'areaCode'> => ({
  object: `channel:${id}`,
  path,
  areaCode,
})

async function lockTarget(tx: Tx, caller: Caller, whose: Whose, id: string): Promise<TargetRow> {
  let query = tx
    .selectFrom('channel.target')
    .selectAll()
    .where('id', '=', id)
    .where('removedAt', 'is', null)
    .forUpdate()
  query = whose === 'area' ? query.where('areaCode', 'is not', null) : query.where('ownerId', '=', accountOf(caller))
  const row = await query.executeTakeFirst()
  if (!row) throw notFound('推送对象')
  return row
}

function checkAddress({ guard }: TargetParts, kind: ChannelKind, given: string): string {
  const address = given.trim()
  if (kind === 'email') {
    if (!isMail(address)) throw invalidField('/address', '邮箱地址格式不正确')
    return address
  }
  let url: URL
  try {
    url = new URL(address)
  } catch {
    throw invalidField('/address', '机器人地址应以 https:// 开头')
  }
  const refusal = guard.refuse(url)
  if (refusal) throw invalidField('/address', refusal.replace('推送地址', '机器人地址'))
  return address
}

function checkSecret(kind: ChannelKind, secret: string | null | undefined): string | null {
  const given = secret?.trim() ?? ''
  if (given && kind !== 'dingtalk') throw invalidField('/secret', '只有钉钉机器人使用加签密钥')
  return given || null
}

const shown = async (parts: TargetParts, tx: Tx, row: TargetRow): Promise<ChannelTarget> =>
  (await toTargets(tx, parts.reference, [row]))[0]!

async function insert(
  parts: TargetParts,
  tx: Tx,
  caller: Caller,
  body: Create,
  place: Pick<TargetRow, 'path' | 'areaCode' | 'ownerId'>,
): Promise<TargetRow> {
  const { vault, clock } = parts.kernel
  const address = checkAddress(parts, body.kind, body.address ?? '')
  const secret = checkSecret(body.kind, body.secret)
  let others = tx.selectFrom('channel.target').select('id').where('removedAt', 'is', null)
  others = place.ownerId ? others.where('ownerId', '=', place.ownerId) : others.where('areaCode', 'is not', null)
  const limit = most[place.ownerId ? 'own' : 'area']
  if ((await others.execute()).length >= limit) throw conflict(`最多设定 ${limit} 个推送对象`, 'too-many')
  const now = clock.now()
  const id = uuidv7(now.getTime())
  return tx
    .insertInto('channel.target')
    .values({
      ...place,
      id,
      kind: body.kind,
      name: body.name.trim(),
      sealedAddress: sealPart(vault, id, 'address', address),
      sealedSecret: secret === null ? null : sealPart(vault, id, 'secret', secret),
      hint: hintOf(body.kind, address),
      grades: [...body.grades],
      quiet: body.quiet === null ? null : JSON.stringify(body.quiet),
      active: body.active,
      removedAt: null,
      createdAt: now,
      createdBy: caller.name,
    })
    .returningAll()
    .executeTakeFirstOrThrow()
}

/** Sets up a group robot or mailbox of an area. @throws Problem 400, 404 outside the area, 409 for too many */
export async function createTarget(
  parts: TargetParts,
  caller: Caller,
  { areaCode, ...body }: BodyOf<Routes['channel.create']>,
): Promise<ChannelTarget> {
  const area = parts.reference.area(areaCode)
  if (!area) throw notFound('区划')
  assertCan(caller, 'channel.manage', area.path, '区划')
  return run(parts, caller, 'area', async (tx, audit) => {
    const row = await insert(parts, tx, caller, body, { path: area.path, areaCode, ownerId: null })
    await audit({ action: 'channel.create', ...about(row), detail: { kind: row.kind, grades: row.grades } })
    return shown(parts, tx, row)
  })
}

/** Adds a way in which the caller is told himself. @throws Problem 400, 403 for a program or a store, 409 */
export async function createOwn(parts: TargetParts, caller: Caller, body: Create): Promise<ChannelTarget> {
  const ownerId = accountOf(caller)
  return run(parts, caller, 'own', async (tx, audit) => {
    const account = await tx
      .selectFrom('access.account')
      .select('path')
      .where('id', '=', ownerId)
      .forUpdate()
      .executeTakeFirstOrThrow()
    const row = await insert(parts, tx, caller, body, { path: account.path, areaCode: null, ownerId })
    await audit({ action: 'channel.create', ...about(row), detail: { kind: row.kind, own: true } })
    return shown(parts, tx, row)
  })
}

/** Changes a target; address and secret stay when they are left out. @throws Problem 400, 404, 409 when another was first */
export async function changeTarget(
  parts: TargetParts,
  caller: Caller,
  whose: Whose,
  id: string,
  body: Change,
): Promise<ChannelTarget> {
  const { vault } = parts.kernel
  return run(parts, caller, whose, async (tx, audit) => {
    const row = await lockTarget(tx, caller, whose, id)
    if (row.revision !== body.revision) throw conflict('别人刚改过，请刷新后重试', 'changed')
    const address = body.address === undefined ? undefined : checkAddress(parts, row.kind, body.address)
    const secret = body.secret === undefined ? undefined : checkSecret(row.kind, body.secret)
    const next = await tx
      .updateTable('channel.target')
      .set({
        name: body.name.trim(),
        grades: [...body.grades],
        quiet: body.quiet === null ? null : JSON.stringify(body.quiet),
        active: body.active,
        revision: row.revision + 1,
        ...(address !== undefined && {
          sealedAddress: sealPart(vault, id, 'address', address),
          hint: hintOf(row.kind, address),
        }),
        ...(secret !== undefined && { sealedSecret: secret === null ? null : sealPart(vault, id, 'secret', secret) }),
      })
      .where('id', '=', id)
      .returningAll()
      .executeTakeFirstOrThrow()
    const detail = {
      grades: next.grades,
      active: next.active,
      address: address !== undefined,
      secret: secret !== undefined,
    }
    await audit({ action: 'channel.change', ...about(next), detail })
    return shown(parts, tx, next)
  })
}

/** Removes a target; what still waits for it is dropped, and its address forgotten. @throws Problem 404 */
export async function removeTarget(
  parts: TargetParts,
  caller: Caller,
  whose: Whose,
  id: string,
): Promise<{ ok: true }> {
  return run(parts, caller, whose, async (tx, audit) => {
    const row = await lockTarget(tx, caller, whose, id)
    await tx
      .updateTable('channel.target')
      .set({ removedAt: parts.kernel.clock.now(), active: false, sealedAddress: Buffer.alloc(0), sealedSecret: null })
      .where('id', '=', id)
      .execute()
    await tx
      .updateTable('channel.delivery')
      .set({ status: 'dropped', errorCode: 'dropped', error: '推送对象已移除' })
      .where('targetId', '=', id)
      .where('status', '=', 'waiting')
      .execute()
    await audit({ action: 'channel.remove', ...about(row), detail: { kind: row.kind } })
    return { ok: true }
  })
}

const hourMs = 3_600_000

/** Sends a message marked as a test, whatever the target's grades, hours and state. @throws Problem 404, 409 for many at once */
export async function testTarget(parts: TargetParts, caller: Caller, whose: Whose, id: string): Promise<TellDelivery> {
  const now = parts.kernel.clock.now()
  return run(parts, caller, whose, async (tx, audit) => {
    const target = await lockTarget(tx, caller, whose, id)
    const waiting = await tx
      .selectFrom('channel.delivery as d')
      .innerJoin('channel.message as m', 'm.id', 'd.messageId')
      .select('d.id')
      .where('d.targetId', '=', id)
      .where('d.status', '=', 'waiting')
      .where('m.kind', '=', 'test')
      .execute()
    if (waiting.length >= 3) throw conflict('已有 3 条测试消息未送达，请稍候', 'too-many')
    const ids = { messageId: uuidv7(now.getTime()), id: uuidv7(now.getTime()) }
    await audit({ action: 'channel.test', ...about(target) })
    return beyondScope(tx, async () => {
      await tx
        .insertInto('channel.message')
        .values({
          id: ids.messageId,
          kind: 'test',
          grade: null,
          path: target.path,
          escalatedTo: null,
          title: '【测试】守望预警推送',
          text: `这是一条测试消息，由${caller.name}发出。收到即表示推送可用。`,
          url: '',
          createdAt: now,
        })
        .execute()
      await tx
        .insertInto('channel.delivery')
        .values({
          ...ids,
          targetId: id,
          path: target.path,
          nextAt: now,
          giveUpAt: new Date(now.getTime() + hourMs),
          createdAt: now,
          leaseBy: null,
          leaseUntil: null,
          errorCode: null,
          error: null,
          sentAt: null,
        })
        .execute()
      return (await toDeliveries(tx, [ids.id]))[0]!
    })
  })
}

/** Tries a message to an area's target again at once, the count of tries begun anew. @throws Problem 404, 409 when it was sent */
export async function resend(parts: TargetParts, caller: Caller, id: string): Promise<TellDelivery> {
  const now = parts.kernel.clock.now()
  return run(parts, caller, 'area', async (tx, audit) => {
    const row = await tx
      .selectFrom('channel.delivery as d')
      .innerJoin('channel.target as t', 't.id', 'd.targetId')
      .selectAll('d')
      .where('d.id', '=', id)
      .where('t.areaCode', 'is not', null)
      .forUpdate('d')
      .executeTakeFirst()
    if (!row) throw notFound('推送')
    const target = await lockTarget(tx, caller, 'area', row.targetId)
    if (row.status === 'sent') throw conflict('已送达，无需重发', 'sent')
    if (row.leaseUntil && row.leaseUntil > now && row.status === 'waiting') throw conflict('正在推送，请稍候', 'busy')
    const giveUpAt = new Date(now.getTime() + 24 * hourMs)
    await tx
      .updateTable('channel.delivery')
      .set({ status: 'waiting', tries: 0, nextAt: now, giveUpAt, leaseBy: null, leaseUntil: null })
      .where('id', '=', id)
      .execute()
    await audit({ action: 'channel.resend', ...about(target), detail: { delivery: id, attempts: row.attempts } })
    return (await toDeliveries(tx, [id]))[0]!
  })
}
