import type { Tx } from '../db/index.ts'

/** What the kernel must know of a store; stores themselves belong to a module. */
export interface StoreFacts {
  readonly code: string
  readonly name: string
  /** Area in full, for a person to read. */
  readonly areaName: string
  readonly status: string
  /** Area path + code + '/'. */
  readonly path: string
}

type FindStore = (tx: Tx, code: string) => Promise<StoreFacts | undefined>
let find: FindStore = async () => undefined

/** Called once by the module that owns stores. */
export const registerStoreFacts = (from: FindStore): void => {
  find = from
}

/** Facts of a store within the transaction's scope. */
export const findStoreFacts: FindStore = (tx, code) => find(tx, code)

let findOther: FindStore = async () => undefined

/** Called once by the module whose businesses, other than stores, have accounts of their own. */
export const registerBusinessFacts = (from: FindStore): void => {
  findOther = from
}

/** Facts of the store or other business at a path, within the transaction's scope; the two may bear the same code elsewhere. */
export async function findPlaceFacts(tx: Tx, code: string, path: string): Promise<StoreFacts | undefined> {
  const store = await find(tx, code)
  if (store?.path === path) return store
  const other = await findOther(tx, code)
  return other?.path === path ? other : undefined
}
