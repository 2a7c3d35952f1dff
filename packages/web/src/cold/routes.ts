import type { Contract } from '@vigil/contract'

/** Operations that businesses of the cold chain call. */
const used = {
  'session.create': { method: 'POST', path: '/api/session' },
  'session.read': { method: 'GET', path: '/api/session' },
  'session.delete': { method: 'DELETE', path: '/api/session' },
  'session.accept-invitation': { method: 'POST', path: '/api/invitations/accept' },
  'session.change-password': { method: 'POST', path: '/api/session/password' },
  'cold-desk.me': { method: 'GET', path: '/api/coldchain/me' },
  'cold-desk.stock': { method: 'GET', path: '/api/coldchain/stock' },
  'cold-desk.warehouses': { method: 'GET', path: '/api/coldchain/warehouses' },
  'cold-desk.slots': { method: 'GET', path: '/api/coldchain/warehouses/:id/slots' },
  'cold-desk.areas': { method: 'GET', path: '/api/coldchain/areas' },
  'cold-desk.add-partner': { method: 'POST', path: '/api/coldchain/partners' },
  'cold-holder.list': { method: 'GET', path: '/api/coldchain/holders' },
  'cold-goods.list': { method: 'GET', path: '/api/coldchain/goods' },
  'cold-goods.save': { method: 'POST', path: '/api/coldchain/goods' },
  'cold-declaration.create': { method: 'POST', path: '/api/coldchain/declarations' },
  'cold-declaration.list': { method: 'GET', path: '/api/coldchain/declarations' },
  'cold-declaration.read': { method: 'GET', path: '/api/coldchain/declarations/:id' },
  'cold-declaration.add-document': { method: 'POST', path: '/api/coldchain/declarations/:id/documents' },
  'cold-declaration.document': { method: 'GET', path: '/api/coldchain/declarations/:id/documents/:documentId' },
  'cold-declaration.figure': { method: 'POST', path: '/api/coldchain/declarations/:id/figures' },
  'cold-declaration.cancel': { method: 'POST', path: '/api/coldchain/declarations/:id/cancel' },
  'cold-lot.read': { method: 'GET', path: '/api/coldchain/lots/:id' },
  'cold-lot.certify': { method: 'POST', path: '/api/coldchain/lots/:id/certificates' },
  'cold-lot.certificate': { method: 'GET', path: '/api/coldchain/certificates/:id' },
  'cold-recall.read': { method: 'GET', path: '/api/coldchain/recalls/:id' },
  'cold-recall.count': { method: 'POST', path: '/api/coldchain/recalls/:id/counts' },
  'cold-trade.record': { method: 'POST', path: '/api/coldchain/trade' },
  'cold-trade.in-transit': { method: 'GET', path: '/api/coldchain/dispatches' },
  'cold-scan.pack': { method: 'GET', path: '/api/coldchain/holders/:id/pack' },
  'cold-scan.code': { method: 'GET', path: '/api/coldchain/holders/:id/codes' },
  'cold-trade.scan': { method: 'POST', path: '/api/coldchain/scans' },
  'cold-violation.add-photo': { method: 'POST', path: '/api/coldchain/violations/:id/photos' },
  'cold-foreign.record': { method: 'POST', path: '/api/coldchain/foreign-lots' },
  'cold-lot.add-boxes': { method: 'POST', path: '/api/coldchain/lots/:id/boxes' },
  'cold-contact.list': { method: 'GET', path: '/api/coldchain/holders/:id/contacts' },
  'cold-contact.add': { method: 'POST', path: '/api/coldchain/holders/:id/contacts' },
  'cold-contact.remove': { method: 'DELETE', path: '/api/coldchain/holders/:id/contacts/:contactId' },
  'cold-pallet.issue': { method: 'POST', path: '/api/coldchain/holders/:id/pallets' },
  'cold-pallet.break': { method: 'POST', path: '/api/coldchain/holders/:id/pallets/break' },
  'cold-temperature.add': { method: 'POST', path: '/api/coldchain/lots/:id/temperatures' },
  'cold-chain.overview': { method: 'GET', path: '/api/coldchain/overview' },
  'cold-public.certificate': { method: 'GET', path: '/api/coldchain/public/certificates/:token' },
} as const satisfies { [K in keyof Contract]?: { method: Contract[K]['method']; path: Contract[K]['path'] } }

export type ColdContract = Pick<Contract, keyof typeof used>

/** Method and path only, so that no schema comes to the phone; the compiler holds them against the contract. */
export const coldRoutes: { [K in keyof ColdContract]: (typeof used)[K] } = used
