import { addDays, checkDocument, checkMobile, type DocumentType, dayOf, isDay, uuidv7 } from '@vigil/codes'
import type { BodyOf, Contract, ResponseOf } from '@vigil/contract'
import type { Selectable } from 'kysely'
import { assertCan, type Caller } from '../../kernel/access/caller.ts'
import { command } from '../../kernel/command/command.ts'
import type { Tx } from '../../kernel/db/index.ts'
import { conflict, forbidden, invalidField, notFound } from '../../kernel/error/problem.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import type { Store } from '../pharmacy/index.ts'
import { longestCycle } from './staff.domain.ts'
import { findPersonal } from './staff.seal.ts'
import { type By, type NewMember, type NewTest, putMember, putOutcome, putTest } from './staff.store.ts'
import type { MemberTable } from './staff.table.ts'

type Body<K extends keyof Contract> = BodyOf<Contract[K]>
type Member = Selectable<MemberTable>

/** A supervisor for all stores of the area, or a store for its own people. */
export type Manager = 'staff.manage' | 'staff.own'

const aheadMs = 5 * 60_000
/** How far back a store may report leave, and how far ahead anybody may report that somebody goes. */
const ownBackDays = 3
const aheadDays = 31
const longestExemption = 366

const byOf = (kernel: Kernel, caller: Caller): By => ({ at: kernel.clock.now(), name: caller.name })

const placeOf = (member: Pick<Member, 'id' | 'areaCode' | 'path'>) => ({
  object: `staff:${member.id}`,
  areaCode: member.areaCode,
  path: member.path,
})

/** Checks what a form says of a worker. @throws Problem 400 that names the field */
export function checkMember(
  given: Omit<Body<'staff.own-add'>, 'joinedOn'> & { joinedOn?: string | undefined },
  today: string,
): NewMember {
  const document = checkDocument(given.documentType as DocumentType, given.documentNumber)
  if (!document.ok) throw invalidField('/documentNumber', document.message, document.code)
  const mobile = checkMobile(given.mobile)
  if (!mobile.ok) throw invalidField('/mobile', mobile.message, mobile.code)
  const name = given.name.trim().replace(/\s+/g, ' ')
  if (name === '') throw invalidField('/name', '请填写姓名')
  const joinedOn = given.joinedOn ?? today
  if (!isDay(joinedOn) || joinedOn > today) throw invalidField('/joinedOn', '到岗日期不能晚于今天')
  if (joinedOn < '2000-01-01') throw invalidField('/joinedOn', '到岗日期过早')
  const { number } = document.value
  return {
    role: given.role,
    documentType: given.documentType,
    personal: { name, documentNumber: number, mobile: mobile.value },
    joinedOn,
  }
}

/**
 * Puts a worker on the roster of a store, or renews what is known of one who is there.
 * @throws Problem 404 for a store outside the caller's area, 400 for an impossible number or day
 */
export async function addMember(
  kernel: Kernel,
  caller: Caller,
  permission: Manager,
  store: Store,
  given: Body<'staff.own-add'>,
): Promise<string> {
  assertCan(caller, permission, store.path, '药店')
  const by = byOf(kernel, caller)
  const member = checkMember(given, dayOf(by.at))
  await kernel.vault.ensureMonth(dayOf(by.at).slice(0, 7))
  return command(kernel.db, caller, permission, async (tx, audit) => {
    const { id, outcome } = await putMember(tx, kernel.vault, store, member, by)
    const detail = { store: store.code, role: member.role, outcome, joinedOn: member.joinedOn }
    await audit({ action: 'staff.add', ...placeOf({ id, areaCode: store.areaCode, path: store.path }), detail })
    return id
  })
}

async function getMember(tx: Tx, caller: Caller, permission: Manager, id: string): Promise<Member> {
  const row = await tx.selectFrom('staff.member').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
  if (!row || row.voidAt || (permission === 'staff.own' && row.storeCode !== caller.storeCode)) throw notFound('人员')
  return row
}

/**
 * Takes a worker off the roster from a day on. One who was entered by mistake was never there; only a supervisor may say so.
 * @throws Problem 404, 400 for an impossible day, 409 for one who has left already
 */
export async function leave(
  kernel: Kernel,
  caller: Caller,
  permission: Manager,
  id: string,
  { leftOn, reason }: Body<'staff.leave'>,
): Promise<void> {
  const now = kernel.clock.now()
  if (reason === 'mistake' && permission === 'staff.own') throw forbidden('登记有误请联系监管部门更正')
  await command(kernel.db, caller, permission, async (tx, audit) => {
    const member = await getMember(tx, caller, permission, id)
    if (member.leftOn !== null) throw conflict('该人员已不在岗', 'left')
    if (!isDay(leftOn) || leftOn < member.joinedOn) throw invalidField('/leftOn', '离岗日期不能早于到岗日期')
    if (leftOn > addDays(dayOf(now), aheadDays)) throw invalidField('/leftOn', `离岗日期最多提前 ${aheadDays} 天登记`)
    const gone = reason === 'mistake' ? { voidAt: now } : { leftOn, leftRecordedAt: now }
    await tx
      .updateTable('staff.member')
      .set({ ...gone, leftReason: reason, updatedAt: now })
      .where('id', '=', id)
      .execute()
    await audit({ action: 'staff.leave', ...placeOf(member), detail: { leftOn, reason } })
  })
}

/**
 * Enters a test, or by its code the outcome of one that waits for it. It counts under every roster that the person is on.
 * @returns the worker that it is of
 * @throws Problem 404 for nobody the caller may manage, 400 for an impossible time, 409 for a code of somebody else's test
 */
export async function enterTest(
  kernel: Kernel,
  caller: Caller,
  permission: Manager,
  given: Body<'staff.result'>,
): Promise<string> {
  const by = byOf(kernel, caller)
  return command(kernel.db, caller, permission, async (tx, audit) => {
    const code = given.code?.toUpperCase() ?? null
    const known = code === null ? undefined : await findByCode(tx, caller, permission, code)
    if (given.memberId === undefined) {
      if (code === null) throw invalidField('/memberId', '请选择人员，或扫描试管、报告编号', 'required')
      if (!known) throw notFound('该编号的采样记录')
      await putOutcome(tx, code, given.outcome, by)
      await audit({ action: 'staff.result', ...placeOf(known), detail: { outcome: given.outcome, by: 'code' } })
      return known.id
    }
    const member = await getMember(tx, caller, permission, given.memberId)
    await assertCodeFree(tx, code, member)
    const sampledAt = given.sampledAt === undefined ? by.at : new Date(given.sampledAt)
    if (sampledAt.getTime() > by.at.getTime() + aheadMs) throw invalidField('/sampledAt', '采样时间不能晚于当前时间')
    if (dayOf(sampledAt) < addDays(dayOf(by.at), -longestCycle))
      throw invalidField('/sampledAt', `采样时间不能早于 ${longestCycle} 天前`)
    if (member.leftOn !== null && member.leftOn <= dayOf(sampledAt)) throw conflict('该人员采样时已不在岗', 'left')
    if (!member.personIndex) throw conflict('该人员的个人信息已按期限销毁', 'shredded')
    const source = code !== null ? 'scanned' : permission === 'staff.own' ? 'store' : 'supervisor'
    const test: NewTest = { sampledAt, outcome: given.outcome, code, lab: given.lab?.trim() ?? '', source }
    const fresh = await putTest(tx, member.personIndex, test, by)
    await audit({
      action: 'staff.result',
      ...placeOf(member),
      detail: { outcome: given.outcome, sampledAt: sampledAt.toISOString(), source, fresh },
    })
    return member.id
  })
}

/** The worker of a code, among those whom the caller may manage. */
async function findByCode(tx: Tx, caller: Caller, permission: Manager, code: string): Promise<Member | undefined> {
  let query = tx
    .selectFrom('staff.member as m')
    .innerJoin('staff.result as r', 'r.memberId', 'm.id')
    .selectAll('m')
    .where('r.code', '=', code)
    .where('r.voidAt', 'is', null)
    .where('m.voidAt', 'is', null)
  if (permission === 'staff.own') query = query.where('m.storeCode', '=', caller.storeCode ?? '')
  return query.limit(1).executeTakeFirst()
}

async function assertCodeFree(tx: Tx, code: string | null, member: Member): Promise<void> {
  if (code === null) return
  const other = await tx
    .selectFrom('staff.result as r')
    .innerJoin('staff.member as m', 'm.id', 'r.memberId')
    .select('m.personIndex')
    .where('r.code', '=', code)
    .where('r.voidAt', 'is', null)
    .executeTakeFirst()
  if (other && !(member.personIndex && other.personIndex?.equals(member.personIndex)))
    throw conflict('该编号已用于另一人的采样', 'code-taken')
}

/** Takes a test back. @throws Problem 404, 409 when it was taken back before */
export async function voidTest(kernel: Kernel, caller: Caller, id: string, reason: string): Promise<void> {
  const now = kernel.clock.now()
  await command(kernel.db, caller, 'staff.manage', async (tx, audit) => {
    const row = await tx.selectFrom('staff.result').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
    if (!row) throw notFound('检测记录')
    if (row.voidAt) throw conflict('该记录已作废', 'void')
    const member = await getMember(tx, caller, 'staff.manage', row.memberId)
    await tx.updateTable('staff.result').set({ voidAt: now, voidReason: reason.trim() }).where('id', '=', id).execute()
    await audit({ action: 'staff.void', ...placeOf(member), detail: { result: id, reason } })
  })
}

/** Exempts a worker for a period. @throws Problem 404, 400 for an impossible period */
export async function exempt(
  kernel: Kernel,
  caller: Caller,
  permission: Manager,
  id: string,
  { from, to, reason, note }: Body<'staff.exempt'>,
): Promise<void> {
  const by = byOf(kernel, caller)
  const today = dayOf(by.at)
  if (!isDay(from) || !isDay(to) || to < from) throw invalidField('/to', '结束日期早于开始日期')
  if (addDays(from, longestExemption) < to) throw invalidField('/to', `一次最多 ${longestExemption} 天`)
  if (permission === 'staff.own' && from < addDays(today, -ownBackDays))
    throw invalidField('/from', `开始日期最早为 ${ownBackDays} 天前，更早的请联系监管部门`)
  if (reason === 'other' && note.trim() === '') throw invalidField('/note', '请写明原因')
  await command(kernel.db, caller, permission, async (tx, audit) => {
    const member = await getMember(tx, caller, permission, id)
    const row = { id: uuidv7(), memberId: id, path: member.path, fromDay: from, toDay: to, reason, note: note.trim() }
    await tx
      .insertInto('staff.exemption')
      .values({ ...row, enteredAt: by.at, enteredBy: by.name, voidAt: null })
      .execute()
    await audit({ action: 'staff.exempt', ...placeOf(member), detail: { from, to, reason } })
  })
}

/** Takes an exemption back, for the future and what is known of the past. @throws Problem 404, 409 when taken back before */
export async function endExemption(kernel: Kernel, caller: Caller, id: string): Promise<void> {
  const now = kernel.clock.now()
  await command(kernel.db, caller, 'staff.manage', async (tx, audit) => {
    const row = await tx.selectFrom('staff.exemption').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
    if (!row) throw notFound('暂免记录')
    if (row.voidAt) throw conflict('该记录已撤销', 'void')
    const member = await getMember(tx, caller, 'staff.manage', row.memberId)
    await tx.updateTable('staff.exemption').set({ voidAt: now }).where('id', '=', id).execute()
    await audit({ action: 'staff.end-exemption', ...placeOf(member), detail: { exemption: id } })
  })
}

/**
 * Clear text of one worker; purpose and reason go to the log first.
 * @throws Problem 404, 400 without a reason, 409 when the data was destroyed
 */
export async function reveal(
  kernel: Kernel,
  caller: Caller,
  id: string,
  { purpose, reason }: Body<'staff.reveal'>,
): Promise<ResponseOf<Contract['staff.reveal']>> {
  if (reason.trim() === '') throw invalidField('/reason', '请写明理由', 'required')
  return command(kernel.db, caller, 'staff.manage', async (tx, audit) => {
    const member = await getMember(tx, caller, 'staff.manage', id)
    await kernel.vault.loadMonths([member.keyMonth])
    const personal = findPersonal(kernel.vault, member)
    if (!personal) throw conflict('该人员的个人信息已按期限销毁', 'shredded')
    await audit({ action: 'staff.reveal', ...placeOf(member), detail: { purpose, reason } })
    const documentType = member.documentType as ResponseOf<Contract['staff.reveal']>['documentType']
    return { ...personal, documentType }
  })
}
