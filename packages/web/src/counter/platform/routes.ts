import type { Contract } from '@vigil/contract'

/** Operations that the counter calls. */
type Used =
  | 'device.activate'
  | 'device.unlock'
  | 'session.read'
  | 'area.tree'
  | 'drug.pack'
  | 'stop-sale.own'
  | 'stop-sale.refuse'
  | 'clinic.nearest'
  | 'buyer.lookup'
  | 'purchase.register'
  | 'purchase.today'
  | 'purchase.correct'
  | 'purchase.undo'
  | 'notice.own'
  | 'notice.read'
  | 'notice.sign'
  | 'notice.answer'
  | 'opening.own'
  | 'opening.check-in'
  | 'staff.own'
  | 'staff.own-add'
  | 'staff.own-result'
  | 'staff.own-leave'
  | 'staff.own-exempt'
export type CounterContract = Pick<Contract, Used>

/** Method and path only, so that no schema comes to the phone; routes.test.ts holds them against the contract. */
export const counterRoutes: { [K in Used]: { method: Contract[K]['method']; path: Contract[K]['path'] } } = {
  'device.activate': { method: 'POST', path: '/api/devices' },
  'device.unlock': { method: 'POST', path: '/api/devices/unlock' },
  'session.read': { method: 'GET', path: '/api/session' },
  'area.tree': { method: 'GET', path: '/api/areas' },
  'drug.pack': { method: 'GET', path: '/api/pharmacy/drugs/pack' },
  'stop-sale.own': { method: 'GET', path: '/api/pharmacy/stop-sales' },
  'stop-sale.refuse': { method: 'POST', path: '/api/pharmacy/stop-sales/refusals' },
  'clinic.nearest': { method: 'GET', path: '/api/pharmacy/clinics/nearest' },
  'buyer.lookup': { method: 'POST', path: '/api/pharmacy/buyers/lookup' },
  'purchase.register': { method: 'POST', path: '/api/purchases' },
  'purchase.today': { method: 'GET', path: '/api/purchases/today' },
  'purchase.correct': { method: 'POST', path: '/api/purchases/:id/corrections' },
  'purchase.undo': { method: 'POST', path: '/api/purchases/:id/undo' },
  'notice.own': { method: 'GET', path: '/api/notices/own' },
  'notice.read': { method: 'POST', path: '/api/notices/:id/read' },
  'notice.sign': { method: 'POST', path: '/api/notices/:id/sign' },
  'notice.answer': { method: 'POST', path: '/api/notices/:id/answer' },
  'opening.own': { method: 'GET', path: '/api/opening/own' },
  'opening.check-in': { method: 'POST', path: '/api/opening/check-ins' },
  'staff.own': { method: 'GET', path: '/api/staff/own' },
  'staff.own-add': { method: 'POST', path: '/api/staff/own/members' },
  'staff.own-result': { method: 'POST', path: '/api/staff/own/results' },
  'staff.own-leave': { method: 'POST', path: '/api/staff/own/departures' },
  'staff.own-exempt': { method: 'POST', path: '/api/staff/own/exemptions' },
}
