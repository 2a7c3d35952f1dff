export { accessHandlers } from './access.route.ts'
export type {} from './access.table.ts'
export { accountImport } from './account.import.ts'
export { createAccount, createFirstAdministrator, type Invitation, type NewAccount } from './account.ts'
export { authenticate } from './authenticate.ts'
export {
  assertCan,
  type Caller,
  type CallerGrant,
  can,
  type Needed,
  narrow,
  scopeFor,
  systemCaller,
  wholeScope,
  within,
} from './caller.ts'
export type { GrantInput } from './grant.ts'
export { presentGrants } from './present.ts'
export { pruneAccess } from './prune.ts'
export { builtInRoles, seedRoles, storeRole } from './role.ts'
export { issueStoreAccounts, type StoreAccountInput } from './store-account.ts'
export { registerBusinessFacts, registerStoreFacts, type StoreFacts } from './store-facts.ts'
