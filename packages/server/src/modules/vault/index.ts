export { vaultHandlers } from './vault.route.ts'
