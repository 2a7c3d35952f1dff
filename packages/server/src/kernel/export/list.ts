import type { ExportFilter, ExportList, Permission } from '@vigil/contract'
import type pg from 'pg'
import type { Caller, Needed } from '../access/caller.ts'
import type { Scope } from '../db/index.ts'
import type { CellValue, Column } from '../tabular/index.ts'
import type { LentKeys } from '../vault/index.ts'

/** A field of a list, as a column of a file shows it. */
export interface Field<R> {
  readonly key: string
  /** Chinese; the head of its column without a template. */
  readonly name: string
  readonly type: Column['type']
  readonly width?: number
  /** Personal data: `value` masks it unless `clear`. */
  readonly personal?: boolean
  /** All values that it can have, where they are a closed list. */
  readonly values?: readonly string[]
  readonly value: (row: R, clear: boolean) => CellValue
}

/** A filter resolved against the caller's area and the vault: what an export runs on, now or after a restart. */
export interface Resolved extends Omit<ExportFilter, 'documentNumber' | 'mobile'> {
  readonly scope: Scope
  readonly county?: string | undefined
  readonly person?: Buffer[] | undefined
  readonly mobileKey?: Buffer | undefined
  /** Whose rows, in a list of everybody's own. */
  readonly owner?: string | null
  /** Subtrees by what may be seen there, in a list whose rows take different permissions. */
  readonly rights?: readonly { readonly name: string; readonly path: string }[]
  /** Rows at most. */
  readonly limit?: number
}

export type Grain = 'record' | 'item'

/** Rows as the database gave them, with the keys that open what is sealed in them: for use until the next block is asked for. */
export interface Block {
  readonly bytes: Uint8Array
  readonly keys: LentKeys
}

/** A list in a thread: what makes rows of blocks and cells of rows. */
export interface ThreadList<R> {
  readonly fields: readonly Field<R>[]
  /** How many fields a file without a template has. */
  readonly plainFields: number
  readonly rows: (block: Block, grain: Grain) => Iterable<R[]>
  readonly trace?: (row: R) => { readonly id: string; readonly revision: number }
}

/** How a list leaves the making of its rows to a thread. */
export interface Threaded {
  /** Blocks in the list's order; the client's scope is the filter's. */
  read(client: pg.ClientBase, filter: Resolved): AsyncGenerator<Block, void, undefined>
  /** The file whose `open(facts)` gives the `ThreadList`. */
  readonly module: URL
  readonly facts: () => unknown
}

/** A list that can be taken out: its fields, and its rows as a stream under its permission and area. */
export interface List<R> {
  readonly key: ExportList
  readonly name: string
  readonly permission: Needed
  /** What clear text takes; null when the list has no personal data. */
  readonly clearPermission: Permission | null
  readonly grains: readonly Grain[]
  /** The list is asked for a period of at most some years. */
  readonly period: boolean
  readonly fields: readonly Field<R>[]
  /** @throws Problem 403 without the permission, 404 outside the area, 400 for a filter that makes no sense */
  resolve(caller: Caller, filter: ExportFilter, clear: boolean): Resolved
  count(client: pg.ClientBase, filter: Resolved): Promise<number>
  /** Rows in the list's order; the client's scope is the filter's. */
  rows(client: pg.ClientBase, filter: Resolved, grain: Grain): AsyncGenerator<R[], void, undefined>
  /** The record behind a row, where rows can be traced. */
  readonly trace?: (row: R) => { readonly id: string; readonly revision: number }
  /** For a list so long that a thread of its own is worth it. */
  readonly thread?: Threaded
}
