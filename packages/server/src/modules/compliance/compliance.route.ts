import type { complianceRoutes, Download } from '@vigil/contract'
import type { Caller } from '../../kernel/access/caller.ts'
import { command } from '../../kernel/command/command.ts'
import { notFound } from '../../kernel/error/problem.ts'
import type { Handlers } from '../../kernel/http/handler.ts'
import { noticesOf } from '../notice/index.ts'
import type { ComplianceParts } from './compliance.loop.ts'
import { listStores, readEntries, readStore } from './compliance.read.ts'
import { letterPdf } from './letter.pdf.ts'
import { listMeasures } from './measure.read.ts'
import { act, cancel, dateText, noticeModule, settle } from './measure.service.ts'
import { listOverdueRules, saveOverdueRule } from './overdue.rule.ts'
import { readPeople } from './people.read.ts'
import { changeRule, dismiss, listRules, orderNow } from './rule.service.ts'

/** The numbered letter or pledge of a measure; that it was taken out is recorded. @throws Problem 404 */
async function downloadLetter({ kernel, purchases }: ComplianceParts, caller: Caller, id: string): Promise<Download> {
  return command(kernel.db, caller, 'compliance.read', async (tx, audit) => {
    const row = await tx.selectFrom('compliance.measure').selectAll().where('id', '=', id).executeTakeFirst()
    if (row?.number == null || (row.kind !== 'letter' && row.kind !== 'pledge')) throw notFound('文书')
    await audit({ action: 'compliance.letter', object: `measure:${id}`, path: row.path })
    const store = purchases.reference.store(row.storeCode)
    const notice = (await noticesOf(kernel, tx, noticeModule, [id])).get(id)
    const signed =
      notice?.signedBy && notice.doneAt ? { by: notice.signedBy, at: dateText(new Date(notice.doneAt)) } : null
    const letter = {
      kind: row.kind,
      number: row.number,
      storeName: store?.name ?? row.storeCode,
      storeCode: row.storeCode,
      issuer: `${store ? purchases.reference.areaName(store.county) : ''}市场监督管理局`,
      reasons: row.reasons,
      note: row.note,
      date: dateText(row.createdAt),
      due: dateText(row.dueAt),
      signed,
    }
    return { mediaType: 'application/pdf', filename: `${row.number}.pdf`, body: letterPdf(letter) }
  })
}

/** @param wake called when a run was ordered */
export function complianceHandlers(parts: ComplianceParts, wake: () => void): Handlers<typeof complianceRoutes> {
  const ordered = async <T>(work: Promise<T>): Promise<T> => {
    const result = await work
    wake()
    return result
  }
  return {
    'compliance.list': ({ caller, query }) => listStores(parts, caller, query),
    'compliance.store': ({ caller, params }) => readStore(parts, caller, params.code),
    'compliance.entries': async ({ caller, params, query }) => ({
      items: await readEntries(parts, caller, params.code, query),
    }),
    'compliance.act': ({ caller, body }) => act(parts, caller, body),
    'compliance.measures': ({ caller, query }) => listMeasures(parts, caller, query),
    'compliance.settle': ({ caller, params, body }) => settle(parts, caller, params.id, body),
    'compliance.cancel': ({ caller, params, body }) => cancel(parts, caller, params.id, body.reason),
    'compliance.letter': ({ caller, params }) => downloadLetter(parts, caller, params.id),
    'compliance.dismiss': ({ caller, params, body }) => dismiss(parts, caller, params.code, body),
    'compliance.rules': async ({ caller }) => ({ items: await listRules(parts, caller) }),
    'compliance.change-rule': async ({ caller, params, body }) => ({
      items: await ordered(changeRule(parts, caller, params.rule, body)),
    }),
    'compliance.people': async ({ caller, query }) => ({ items: await readPeople(parts, caller, query) }),
    'compliance.overdue-rules': async ({ caller }) => ({ items: await listOverdueRules(parts, caller) }),
    'compliance.save-overdue-rule': ({ caller, body }) => saveOverdueRule(parts, caller, body),
    'compliance.run': ({ caller, body }) => ordered(orderNow(parts, caller, body.area)),
  }
}
