import { dayOf } from '@vigil/codes'
import type { coldchainRoutes } from '@vigil/contract'
import type { FastifyRequest } from 'fastify'
import type { Handlers } from '../../kernel/http/handler.ts'
import { addBoxes, lotLabels } from './box.service.ts'
import { certificatePaper, certify } from './certificate.service.ts'
import type { Parts } from './coldchain.parts.ts'
import { listDeclarations, ownDeclaration, readDeclaration } from './declaration.read.ts'
import { addDocument, cancelDeclaration, declare, readDocument } from './declaration.service.ts'
import { readDesk, readStock } from './desk.read.ts'
import { listCounties, listSlots, listWarehouses } from './desk.warehouse.ts'
import { revealDriver } from './driver.service.ts'
import { countArrival } from './entry.service.ts'
import { recordForeign } from './foreign.service.ts'
import { listGaps } from './gap.read.ts'
import { inviteHolder } from './holder.account.ts'
import { addPartner } from './holder.partner.ts'
import { listGoods, listHolders, listRules, saveGoods, saveHolder, saveRule } from './holder.service.ts'
import { enterResult, recordDisinfection, takeSample } from './inspect.service.ts'
import { readLot } from './lot.detail.ts'
import { listLots } from './lot.read.ts'
import { listInTransit, readOverview } from './overview.read.ts'
import { readStatistics } from './overview.statistics.ts'
import { breakPallet, issuePallet, palletPaper } from './pallet.service.ts'
import { listPrefixes, savePrefix } from './prefix.service.ts'
import { publicKeys, readPublicCode, verifyCertificate } from './public.read.ts'
import { recallPaper } from './recall.paper.ts'
import { listRecalls, readRecall } from './recall.read.ts'
import { recallHandlers } from './recall.route.ts'
import { recallFor, recallsFor } from './recall.scope.ts'
import { closeRecall, countRecalled, openRecall, startRecall } from './recall.service.ts'
import { destroyByOrder, releaseLot, withdrawRelease } from './release.service.ts'
import { readPack, readScanned } from './scan.read.ts'
import { addTemperatures, listTemperatures } from './temperature.service.ts'
import { epcisOfLot } from './trace.epcis.ts'
import { findLots } from './trace.find.ts'
import { trace } from './trace.read.ts'
import { traceFor } from './trace.scope.ts'
import { recordTrade } from './trade.service.ts'
import { closeViolation, followViolation, readPhoto, readViolation } from './violation.follow.ts'
import { addPhoto, listViolations, scan } from './violation.service.ts'

export function coldchainHandlers(parts: Parts): Handlers<typeof coldchainRoutes> {
  const { kernel } = parts
  const publicUrl = (request: FastifyRequest) => kernel.config.publicUrl || `${request.protocol}://${request.host}`
  return {
    'cold-holder.list': async ({ caller, query }) => ({ items: await listHolders(parts, caller, query) }),
    'cold-holder.save': ({ caller, body }) => saveHolder(parts, caller, body),
    'cold-goods.list': async ({ caller, query }) => ({ items: await listGoods(parts, caller, query.q) }),
    'cold-goods.save': ({ caller, body }) => saveGoods(parts, caller, body),
    'cold-rule.list': async ({ caller }) => ({ items: await listRules(parts, caller) }),
    'cold-rule.save': ({ caller, body }) => saveRule(parts, caller, body, dayOf(kernel.clock.now())),
    'cold-declaration.create': async ({ caller, body }) =>
      ownDeclaration(parts, caller, await declare(parts, caller, body)),
    'cold-declaration.list': ({ caller, query }) => listDeclarations(parts, caller, query),
    'cold-declaration.read': ({ caller, params }) => readDeclaration(parts, caller, params.id),
    'cold-declaration.add-document': ({ caller, params, query, upload }) =>
      addDocument(parts, caller, params.id, query, upload),
    'cold-declaration.document': ({ caller, params }) => readDocument(parts, caller, params.id, params.documentId),
    'cold-declaration.figure': async ({ caller, params, body }) => {
      await countArrival(parts, caller, params.id, body)
      return ownDeclaration(parts, caller, params.id)
    },
    'cold-declaration.cancel': async ({ caller, params, body }) => {
      await cancelDeclaration(parts, caller, params.id, body.reason)
      return ownDeclaration(parts, caller, params.id)
    },
    'cold-desk.me': ({ caller }) => readDesk(parts, caller),
    'cold-desk.stock': async ({ caller, query }) => ({ items: await readStock(parts, caller, query.holder) }),
    'cold-desk.warehouses': async ({ caller }) => ({ items: await listWarehouses(parts, caller) }),
    'cold-desk.slots': async ({ params, query }) => ({ items: await listSlots(parts, params.id, query.day) }),
    'cold-desk.areas': async ({ caller }) => ({ items: listCounties(parts, caller) }),
    'cold-desk.add-partner': ({ caller, body }) => addPartner(parts, caller, body),
    'cold-desk.invite': ({ caller, params, body }) => inviteHolder(parts, caller, params.id, body),
    'cold-foreign.record': async ({ caller, body }) => readLot(parts, caller, await recordForeign(parts, caller, body)),
    'cold-lot.list': ({ caller, query }) => listLots(parts, caller, query),
    'cold-lot.read': ({ caller, params }) => readLot(parts, caller, params.id),
    'cold-lot.add-boxes': async ({ caller, params, body }) => ({
      codes: await addBoxes(parts, caller, params.id, body),
    }),
    'cold-lot.labels': ({ caller, params, query, request }) =>
      lotLabels(parts, caller, params.id, query.format, publicUrl(request)),
    'cold-pallet.prefixes': async ({ caller }) => ({ items: await listPrefixes(parts, caller) }),
    'cold-pallet.save-prefix': ({ caller, body }) => savePrefix(parts, caller, body),
    'cold-pallet.issue': ({ caller, params, body }) => issuePallet(parts, caller, params.id, body),
    'cold-pallet.break': ({ caller, params, body }) => breakPallet(parts, caller, params.id, body),
    'cold-pallet.label': ({ caller, params, query, request }) =>
      palletPaper(parts, caller, params, query.format, publicUrl(request)),
    'cold-lot.sample': ({ caller, params, body }) => takeSample(parts, caller, params.id, body),
    'cold-lot.result': ({ caller, params, body }) => enterResult(parts, caller, params.id, body),
    'cold-lot.disinfect': async ({ caller, params, body }) => {
      await recordDisinfection(parts, caller, params.id, body)
      return { ok: true }
    },
    'cold-lot.release': async ({ caller, params, body }) => {
      await releaseLot(parts, caller, params.id, body.reason)
      return readLot(parts, caller, params.id)
    },
    'cold-lot.withdraw': async ({ caller, params, body }) => {
      await withdrawRelease(parts, caller, params.id, body.reason)
      return readLot(parts, caller, params.id)
    },
    'cold-lot.destroy-by-order': async ({ caller, params, body }) => {
      await destroyByOrder(parts, caller, params.id, body)
      return readLot(parts, caller, params.id)
    },
    'cold-lot.certify': ({ caller, params, body }) => certify(parts, caller, params.id, body),
    'cold-lot.certificate': ({ caller, params, request }) =>
      certificatePaper(parts, caller, params.id, publicUrl(request)),
    'cold-recall.open': async ({ caller, body }) => readRecall(parts, caller, await openRecall(parts, caller, body)),
    ...recallHandlers(parts),
    'cold-recall.list': async ({ caller, query }) => recallsFor(parts, caller, await listRecalls(parts, caller, query)),
    'cold-recall.read': async ({ caller, params }) =>
      recallFor(parts, caller, await readRecall(parts, caller, params.id)),
    'cold-recall.start': async ({ caller, params, body }) => {
      await startRecall(parts, caller, params.id, body)
      return readRecall(parts, caller, params.id)
    },
    'cold-recall.count': async ({ caller, params, body }) => {
      await countRecalled(parts, caller, params.id, body)
      return recallFor(parts, caller, await readRecall(parts, caller, params.id))
    },
    'cold-recall.close': async ({ caller, params, body }) => {
      await closeRecall(parts, caller, params.id, body.outcome)
      return readRecall(parts, caller, params.id)
    },
    'cold-recall.certificate': ({ caller, params }) => recallPaper(parts, caller, params.id),
    'cold-scan.pack': ({ caller, params }) => readPack(parts, caller, params.id),
    'cold-scan.code': ({ caller, params, query }) => readScanned(parts, caller, params.id, query.code),
    'cold-temperature.list': ({ caller, params }) => listTemperatures(parts, caller, params.id),
    'cold-temperature.add': async ({ caller, params, query, upload }) => {
      await addTemperatures(parts, caller, params.id, query.holderId, upload)
      return listTemperatures(parts, caller, params.id)
    },
    'cold-trade.record': ({ caller, body }) => recordTrade(parts, caller, body),
    'cold-trade.in-transit': async ({ caller, query }) => ({
      items: await listInTransit(parts, caller, query.holder),
    }),
    'cold-trade.scan': ({ caller, body }) => scan(parts, caller, body),
    'cold-violation.list': ({ caller, query }) => listViolations(parts, caller, query),
    'cold-violation.add-photo': ({ caller, params, upload }) => addPhoto(parts, caller, params.id, upload),
    'cold-violation.read': ({ caller, params }) => readViolation(parts, caller, params.id),
    'cold-violation.photo': ({ caller, params }) => readPhoto(parts, caller, params.id, params.photoId),
    'cold-violation.follow': ({ caller, params, body }) => followViolation(parts, caller, params.id, body),
    'cold-violation.close': ({ caller, params, body }) => closeViolation(parts, caller, params.id, body),
    'cold-chain.overview': ({ caller, query }) => readOverview(parts, caller, query),
    'cold-chain.gaps': ({ caller, query }) => listGaps(parts, caller, query.area, query.day),
    'cold-chain.trace': async ({ caller, query }) => traceFor(parts, caller, await trace(parts, caller, query)),
    'cold-chain.find': async ({ caller, query }) => ({ items: await findLots(parts, caller, query.q) }),
    'cold-chain.statistics': ({ caller, query }) => readStatistics(parts, caller, query),
    'cold-lot.epcis': ({ caller, params, query }) => epcisOfLot(parts, caller, params.id, query.reach),
    'cold-declaration.reveal-driver': ({ caller, params, body }) => revealDriver(parts, caller, params.id, body),
    'cold-public.keys': async () => publicKeys(parts),
    'cold-public.certificate': ({ params }) => verifyCertificate(parts, params.token),
    'cold-public.code': ({ query, request }) => readPublicCode(parts, query.code, request.ip),
  }
}
