import type { reimbursementRoutes, stopCheckRoutes, stopSaleRoutes } from '@vigil/contract'
import type { Handlers } from '../../kernel/http/handler.ts'
import { listCampaigns, listStoreTasks, listTasks, readProgress } from './check.read.ts'
import { addPhoto, closeCampaign, createCampaign, readPhoto, submitCheck } from './check.service.ts'
import { jointTargets, listLines, summarizeLines } from './line.read.ts'
import { addDocument, readDocument } from './order.document.ts'
import { matchDrugs } from './order.match.ts'
import { listOrders, readOrder } from './order.read.ts'
import { changeOrder, createOrder, issueOrder, liftOrder } from './order.service.ts'
import { listRefused, ownOrders, recordRefused } from './refusal.service.ts'
import type { Parts } from './stopsale.parts.ts'

export type StopSaleHandlers = Handlers<typeof stopSaleRoutes & typeof stopCheckRoutes & typeof reimbursementRoutes>

export function stopSaleHandlers(parts: Parts): StopSaleHandlers {
  const own = ownOrders(parts)
  return {
    'stop-sale.list': async ({ caller, query }) => ({ items: await listOrders(parts, caller, query) }),
    'stop-sale.read': ({ caller, params }) => readOrder(parts, caller, params.id),
    'stop-sale.create': ({ caller, body }) => createOrder(parts, caller, body),
    'stop-sale.change': ({ caller, params, body }) => changeOrder(parts, caller, params.id, body),
    'stop-sale.issue': ({ caller, params }) => issueOrder(parts, caller, params.id),
    'stop-sale.lift': ({ caller, params, body }) => liftOrder(parts, caller, params.id, body.reason),
    'stop-sale.match-drugs': ({ upload }) => matchDrugs(parts.reference, upload),
    'stop-sale.add-document': ({ caller, params, upload }) => addDocument(parts, caller, params.id, upload),
    'stop-sale.document': ({ caller, params }) => readDocument(parts, caller, params.id, params.documentId),
    'stop-sale.refusals': ({ caller, query }) => listRefused(parts, caller, query),
    'stop-sale.own': async ({ caller, query }) => own(caller, query.known),
    'stop-sale.refuse': async ({ caller, body }) => ({ recorded: await recordRefused(parts, caller, body) }),
    'stop-check.list': async ({ caller }) => ({ items: await listCampaigns(parts, caller) }),
    'stop-check.create': ({ caller, body }) => createCampaign(parts, caller, body),
    'stop-check.close': ({ caller, params }) => closeCampaign(parts, caller, params.id),
    'stop-check.progress': ({ caller, params }) => readProgress(parts, caller, params.id),
    'stop-check.tasks': ({ caller, params, query }) => listTasks(parts, caller, params.id, query),
    'stop-check.store': async ({ caller, params }) => ({ items: await listStoreTasks(parts, caller, params.code) }),
    'stop-check.submit': ({ caller, params, body }) => submitCheck(parts, caller, params.id, body),
    'stop-check.add-photo': ({ caller, params, upload }) => addPhoto(parts, caller, params.id, upload),
    'stop-check.photo': ({ caller, params }) => readPhoto(parts, caller, params.id, params.photoId),
    'reimbursement.list': ({ caller, query }) => listLines(parts, caller, query),
    'reimbursement.summary': ({ caller, query }) => summarizeLines(parts, caller, query),
    'reimbursement.joint': async ({ caller, query }) => ({ items: await jointTargets(parts, caller, query) }),
  }
}
