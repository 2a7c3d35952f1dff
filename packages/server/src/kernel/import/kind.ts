import type { ImportKindName, Permission } from '@vigil/contract'
import type { Caller } from '../access/caller.ts'
import type { Scope, Tx } from '../db/index.ts'
import type { CellValue, Column, ColumnSpec, Parsed, RowProblem } from '../tabular/index.ts'

export interface Numbered<T> {
  readonly rowNumber: number
  readonly value: T
}

/** What becomes of the good rows of a chunk. A row named in `problems` is in none of the counts. */
export interface Outcome {
  readonly fresh: number
  readonly unchanged: number
  readonly problems: readonly RowProblem[]
  /** What came into being once and is for the person who runs the import alone, by the columns of the kind's `handout`. */
  readonly handout?: readonly CellValue[][]
}

/** Rows that are written together, in one transaction at the end of the file: some ten thousand at most. */
export interface WholePlan<T> {
  readonly table: {
    /** Table whose rows the import makes and changes; it has a column `updated_at` that every change sets. */
    readonly name: string
    /** Columns that tell its rows apart. */
    readonly key: readonly string[]
  }
  parse(values: Record<string, string>, rowNumber: number): Parsed<T>
  /** Checks a part of the good rows against the database, before anything is written. */
  check?(rows: readonly Numbered<T>[]): Promise<readonly RowProblem[]>
  /** The rows must be checked together, not in parts of 1,000. */
  readonly wholeCheck?: boolean
  /** Writes all good rows. @returns what the audit row tells besides the counts */
  write(tx: Tx, rows: readonly T[]): Promise<Record<string, unknown>>
  /** Told after the commit. */
  written?(): Promise<void>
}

/** Rows that are written chunk by chunk, each in a transaction of its own; written again, a row changes nothing. */
export interface ChunkPlan<T> {
  readonly chunkRows: number
  parse(values: Record<string, string>, rowNumber: number): Parsed<T>
  /** A row that an earlier attempt has dealt with passes by: what `parse` remembers of a row must be remembered of it too. */
  skip(values: Record<string, string>): void
  /** Whether two rows one after the other are one thing and must not come into different chunks. */
  joins(before: T, next: T): boolean
  /** Tells what writing would do. */
  weigh(rows: readonly Numbered<T>[]): Promise<Outcome>
  /** Does the work that needs no transaction, while the chunk before is being written. @returns writes */
  prepare(rows: readonly Numbered<T>[]): Promise<(tx: Tx) => Promise<Outcome>>
}

/** Something that can be imported from a file: its columns, who may, and how one file of it is dealt with. */
export interface ImportKind<T = unknown> {
  readonly name: ImportKindName
  readonly permission: Permission
  readonly columns: readonly ColumnSpec[]
  /** Name of the action in the audit log, such as `store.import`. */
  readonly action: string
  /** Name of the table in the audit log. */
  readonly object: string
  /** Keys of columns that tell of a person: their cells are shown masked. */
  readonly personal?: readonly string[]
  /** What writing brings into being once, such as codes: kept sealed until it is fetched, once, at most `days`. */
  readonly handout?: { readonly name: string; readonly days: number; readonly columns: readonly Column[] }
  /** Prepares for one file of a caller, who has the permission in `scope`. */
  open(caller: Caller, scope: Scope): Promise<WholePlan<T> | ChunkPlan<T>>
}

/** A kind whose rows are written together. */
export interface WholeKind<T = unknown> extends ImportKind<T> {
  open(caller: Caller, scope: Scope): Promise<WholePlan<T>>
}
