export { vaultHandlers } from './vault.route.ts'
export { rotateKeys } from './vault.service.ts'
