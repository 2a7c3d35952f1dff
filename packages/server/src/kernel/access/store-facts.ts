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
