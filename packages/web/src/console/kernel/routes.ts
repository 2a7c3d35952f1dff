import type { Contract } from '@vigil/contract'

/**
 * The routes that the console calls. Methods and paths are checked against the contract by the compiler; they stand
 * here so that the schema library stays out of the bundle.
 */
const used = {
  'session.create': { method: 'POST', path: '/api/session' },
  'session.read': { method: 'GET', path: '/api/session' },
  'session.delete': { method: 'DELETE', path: '/api/session' },
  'session.accept-invitation': { method: 'POST', path: '/api/invitations/accept' },
  'session.change-password': { method: 'POST', path: '/api/session/password' },
  'totp.begin': { method: 'POST', path: '/api/session/totp' },
  'totp.confirm': { method: 'POST', path: '/api/session/totp/confirm' },
  'account.list': { method: 'GET', path: '/api/accounts' },
  'account.invite': { method: 'POST', path: '/api/accounts' },
  'account.disable': { method: 'POST', path: '/api/accounts/:id/disable' },
  'account.enable': { method: 'POST', path: '/api/accounts/:id/enable' },
  'account.reset': { method: 'POST', path: '/api/accounts/:id/reset' },
  'account.devices': { method: 'GET', path: '/api/accounts/:id/devices' },
  'device.revoke': { method: 'POST', path: '/api/accounts/:id/devices/:deviceId/revoke' },
  'role.list': { method: 'GET', path: '/api/roles' },
  'role.save': { method: 'PUT', path: '/api/roles/:code' },
  'api-key.list': { method: 'GET', path: '/api/api-keys' },
  'api-key.create': { method: 'POST', path: '/api/api-keys' },
  'api-key.revoke': { method: 'POST', path: '/api/api-keys/:id/revoke' },
  'area.tree': { method: 'GET', path: '/api/areas' },
  'area.import': { method: 'POST', path: '/api/areas/import' },
  'party.list': { method: 'GET', path: '/api/parties' },
  'party.import': { method: 'POST', path: '/api/parties/import' },
  'store.list': { method: 'GET', path: '/api/pharmacy/stores' },
  'store.read': { method: 'GET', path: '/api/pharmacy/stores/:code' },
  'store.import': { method: 'POST', path: '/api/pharmacy/stores/import' },
  'store.set-status': { method: 'POST', path: '/api/pharmacy/stores/:code/status' },
  'store.issue-accounts': { method: 'POST', path: '/api/pharmacy/stores/accounts' },
  'store.account-sheet': { method: 'GET', path: '/api/pharmacy/stores/accounts/:batchId/sheet' },
  'store.posters': { method: 'GET', path: '/api/pharmacy/stores/posters' },
  'drug.search': { method: 'GET', path: '/api/pharmacy/drugs' },
  'drug.import': { method: 'POST', path: '/api/pharmacy/drugs/import' },
  'clinic.list': { method: 'GET', path: '/api/pharmacy/clinics' },
  'duty.list': { method: 'GET', path: '/api/pharmacy/duties' },
  'duty.save': { method: 'POST', path: '/api/pharmacy/duties' },
  'clinic.import': { method: 'POST', path: '/api/pharmacy/clinics/import' },
  'purchase.search': { method: 'POST', path: '/api/purchases/search' },
  'purchase.read': { method: 'GET', path: '/api/purchases/:id' },
  'purchase.reveal': { method: 'POST', path: '/api/purchases/:id/reveal' },
  'purchase.correct': { method: 'POST', path: '/api/purchases/:id/corrections' },
  'overview.read': { method: 'GET', path: '/api/pharmacy/overview' },
  'export.create': { method: 'POST', path: '/api/exports' },
  'export.list': { method: 'GET', path: '/api/exports' },
  'export.read': { method: 'GET', path: '/api/exports/:id' },
  'export.download': { method: 'GET', path: '/api/exports/:id/file' },
  'file.download': { method: 'GET', path: '/api/files/:id' },
  'audit.list': { method: 'GET', path: '/api/audit' },
  'audit.head': { method: 'GET', path: '/api/audit/head' },
  'audit.verify': { method: 'POST', path: '/api/audit/verify' },
  'vault.keys': { method: 'GET', path: '/api/vault/keys' },
  'vault.rotate': { method: 'POST', path: '/api/vault/rotate' },
  'vault.shred': { method: 'POST', path: '/api/vault/keys/:month/shred' },
} as const

export type UsedRoutes = Pick<Contract, keyof typeof used>
export type UsedRoute = keyof UsedRoutes

/** Method and path of each route that the console calls. */
export const routes: { readonly [K in UsedRoute]: Pick<Contract[K], 'method' | 'path'> } = used
