export { type Suite, suiteFrom, suites } from './cipher.ts'
export { VaultError, type VaultErrorCode } from './error.ts'
export { type DataKeyInfo, listMonthKeys } from './keys.ts'
export { type LentKeys, unsealer } from './lent.ts'
export {
  appPassword,
  assertOpens,
  holdsWrappedKeys,
  type KeyRing,
  loadKeyRing,
  type MasterKey,
  parseKeyRing,
} from './masterkey.ts'
export type { DataKeyTable } from './vault.table.ts'
export { type IndexKind, type ShredListener, shredChannel, Vault, type VaultOptions } from './vault.ts'
export { watchShredding } from './watch.ts'
