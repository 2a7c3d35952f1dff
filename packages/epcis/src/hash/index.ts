export { documentHashIds, eventHashId, type HashOptions, hashIdOf, ignoredFields } from './hash-id.ts'
export { type PrehashOptions, prehash } from './prehash.ts'
export { type Sha256, sha256 } from './sha256.ts'
