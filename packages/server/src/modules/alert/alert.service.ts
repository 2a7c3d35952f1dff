import { uuidv7 } from '@vigil/codes'
import { type Alert, alertExplanationNames, alertFindingNames, type alertRoutes, type BodyOf } from '@vigil/contract'
import { type Caller, can } from '../../kernel/access/caller.ts'
import { presentGrants } from '../../kernel/access/index.ts'
import { beyondScope } from '../../kernel/db/index.ts'
import { conflict, invalid, invalidField, notFound } from '../../kernel/error/problem.ts'
import { act } from './alert.act.ts'
import type { AlertParts } from './alert.parts.ts'
import { className } from './alert.words.domain.ts'

type Routes = typeof alertRoutes
const hourMs = 3_600_000

/** Text that somebody must have written. @throws Problem 400 */
function written(text: string, pointer: string, detail: string): string {
  const trimmed = text.trim()
  if (!trimmed) throw invalidField(pointer, detail, 'required')
  return trimmed
}

/** Takes an alert that nobody has answered. Of two at the same time one is first. @throws Problem 404, 409 */
export const takeAlert = (parts: AlertParts, caller: Caller, id: string): Promise<Alert> =>
  act(parts, caller, id, async () => ({ action: 'take', audit: 'alert.take', step: 'taken', text: '已受理' }))

/** Gives an alert to an account that may handle it. @throws Problem 404, 409; 400 for an account that may not */
export const assignAlert = (parts: AlertParts, caller: Caller, id: string, accountId: string): Promise<Alert> =>
  act(parts, caller, id, async (tx, row, now) => {
    const account = await tx
      .selectFrom('access.account')
      .select(['displayName', 'status'])
      .where('id', '=', accountId)
      .executeTakeFirst()
    if (!account) throw notFound('账号')
    const units = await tx.selectFrom('alert.unit').select('path').where('alertId', '=', row.id).execute()
    const grants = await beyondScope(tx, () => presentGrants(tx, accountId, now))
    const holder = { ...caller, grants }
    if (!units.some(({ path }) => can(holder, 'alert.handle', path)))
      throw invalidField('/accountId', '该账号不能处置此处的预警')
    const text = `指派给${account.displayName}`
    const change = { assigneeId: accountId, assignee: account.displayName }
    return { action: 'assign', audit: 'alert.assign', step: 'assigned', text, change, detail: { accountId } }
  })

/**
 * Asks stores of the alert's area what is going on; each gets a notice that it must answer.
 * @throws Problem 404 for a store outside the area, 400 for one that is none of the alert's, 409
 */
export const askStores = (
  parts: AlertParts,
  caller: Caller,
  id: string,
  body: BodyOf<Routes['alert.ask']>,
): Promise<Alert> =>
  act(parts, caller, id, async (tx, row, now) => {
    const text = written(body.text, '/text', '请填写要核实的内容')
    const units = await tx.selectFrom('alert.unit').select('path').where('alertId', '=', row.id).execute()
    const dueAt = new Date(now.getTime() + body.hours * hourMs)
    const codes = [...new Set(body.stores)]
    const stores = codes.map((code) => {
      const store = parts.reference.store(code)
      if (!store || !can(caller, 'alert.handle', store.path)) throw notFound('药店')
      if (!units.some(({ path }) => store.path.startsWith(path)))
        throw invalidField('/stores', `${store.name}不在该预警的范围内`)
      return store
    })
    for (const store of stores) {
      const questionId = uuidv7(now.getTime())
      const { code, name, path } = store
      await tx
        .insertInto('alert.question')
        .values({
          id: questionId,
          alertId: row.id,
          storeCode: code,
          storeName: name,
          path,
          text,
          askedAt: now,
          askedBy: caller.name,
          dueAt,
          sealedAnswer: null,
          answeredAt: null,
        })
        .execute()
      await parts.sendNotice(
        tx,
        {
          storeCode: code,
          path,
          kind: 'inquiry',
          title: `请核实近日${className(row.class)}药品销售情况`,
          body: text,
          needs: 'answer',
          dueAt,
          source: { module: 'alert', id: questionId },
          questions: [{ code: 'explanation', text: '请说明情况', kind: 'text', required: true }],
          by: caller.name,
          at: now,
        },
        { actorId: caller.id, ip: caller.ip, userAgent: caller.userAgent, requestId: caller.requestId },
      )
    }
    const names = stores.map(({ name }) => name)
    const told = `${names.slice(0, 5).join('、')}${names.length > 5 ? ` 等 ${names.length} 家` : ''}：${text}`
    return { action: 'ask', audit: 'alert.ask', step: 'asked', text: told, detail: { stores: codes } }
  })

/** Refers an alert to the centre for disease control. @throws Problem 404, 409, 400 */
export const referAlert = (
  parts: AlertParts,
  caller: Caller,
  id: string,
  body: BodyOf<Routes['alert.refer']>,
): Promise<Alert> =>
  act(parts, caller, id, async (tx, row, now) => {
    const recipient = written(body.recipient, '/recipient', '请填写接收单位')
    const text = written(body.text, '/text', '请填写转交内容')
    await tx
      .insertInto('alert.referral')
      .values({
        id: uuidv7(now.getTime()),
        alertId: row.id,
        recipient,
        text,
        sentAt: now,
        sentBy: caller.name,
        receipt: null,
        receivedAt: null,
        receivedBy: null,
      })
      .execute()
    return {
      action: 'refer',
      audit: 'alert.refer',
      step: 'referred',
      text: `${recipient}：${text}`,
      detail: { recipient },
    }
  })

/** Notes what the recipient of a referral answered. @throws Problem 404, 409 when there is a receipt already */
export const noteReceipt = (
  parts: AlertParts,
  caller: Caller,
  id: string,
  referralId: string,
  given: string,
): Promise<Alert> =>
  act(parts, caller, id, async (tx, row, now) => {
    const text = written(given, '/text', '请填写回执内容')
    const referral = await tx
      .selectFrom('alert.referral')
      .selectAll()
      .where('id', '=', referralId)
      .where('alertId', '=', row.id)
      .executeTakeFirst()
    if (!referral) throw notFound('转交记录')
    if (referral.receivedAt) throw conflict('已登记过回执', 'received')
    await tx
      .updateTable('alert.referral')
      .set({ receipt: text, receivedAt: now, receivedBy: caller.name })
      .where('id', '=', referralId)
      .execute()
    return { action: 'receipt', audit: 'alert.receipt', step: 'receipt', text: `${referral.recipient}回复：${text}` }
  })

/** Adds a note. @throws Problem 404, 409, 400 */
export const noteAlert = (parts: AlertParts, caller: Caller, id: string, given: string): Promise<Alert> =>
  act(parts, caller, id, async () => {
    const text = written(given, '/text', '请填写内容')
    return { action: 'note', audit: 'alert.note', step: 'noted', text }
  })

/** Says what an alert was; counts for the record of its rules. @throws Problem 404, 409, 400, 403 */
export const judgeAlert = (
  parts: AlertParts,
  caller: Caller,
  id: string,
  { finding, explanation = null, text: given }: BodyOf<Routes['alert.find']>,
): Promise<Alert> =>
  act(parts, caller, id, async (_tx, _row, now) => {
    const text = written(given, '/text', '请写明依据')
    if ((finding === 'explained') !== (explanation !== null))
      throw invalid([
        {
          pointer: '/explanation',
          code: 'required',
          detail: finding === 'explained' ? '请选择原因' : '此结论不需要原因',
        },
      ])
    const what = explanation
      ? `${alertFindingNames[finding]}（${alertExplanationNames[explanation]}）`
      : alertFindingNames[finding]
    return {
      action: 'find',
      audit: 'alert.find',
      step: 'found',
      text: `${what}：${text}`,
      change: { finding, explanation, foundAt: now },
      detail: { finding, explanation },
      judging: true,
    }
  })

/** Closes an alert that has a finding. @throws Problem 404, 409, 403 */
export const closeAlert = (parts: AlertParts, caller: Caller, id: string, text = ''): Promise<Alert> =>
  act(parts, caller, id, async (_tx, _row, now) => ({
    action: 'close',
    audit: 'alert.close',
    step: 'closed',
    text: text.trim() || '已办结',
    change: { closedAt: now, escalateAt: null },
    judging: true,
  }))
