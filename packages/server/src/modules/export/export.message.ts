import { blockBytes } from '../../kernel/db/copy-rows.ts'
import type { ProblemDetails } from '../../kernel/error/problem.ts'
import type { LentKeys, VaultErrorCode } from '../../kernel/vault/index.ts'
import type { VersionEntry } from './template.store.ts'

/** What a thread must know to make a file; its rows follow as blocks. */
export interface ThreadSetup {
  readonly module: string
  readonly facts: unknown
  readonly name: string
  readonly format: 'csv' | 'xlsx'
  readonly version: VersionEntry | undefined
  readonly clear: boolean
  readonly memory: ReturnType<typeof sharedMemory>
}

/** What a thread is sent: a block in one of the shared pieces, a piece whose bytes were read, or null behind the last block. */
export type ThreadInput =
  | { readonly block: number; readonly size: number; readonly keys: LentKeys }
  | { readonly free: number }
  | null

/** What a thread answers: bytes of the file in a shared piece; what became of a block; the end, or why there will be none. */
export type ThreadOutput =
  | { readonly piece: number; readonly size: number }
  | { readonly block: number; readonly rows: number; readonly traces: Uint8Array }
  | { readonly end: true }
  | {
      readonly failure: { readonly message: string; readonly code?: VaultErrorCode; readonly details?: ProblemDetails }
    }

/** Blocks that wait for the thread or in it, so that it never waits for the database. */
const blockCount = 3
/** Pieces of the file that may wait for the disk. */
const pieceCount = 4

/** Memory that both sides see: sending it back and forth would let each of them clear away the same bytes again and again. */
export const sharedMemory = () => ({
  blocks: Array.from({ length: blockCount }, () => new Uint8Array(new SharedArrayBuffer(blockBytes))),
  pieces: Array.from({ length: pieceCount }, () => new Uint8Array(new SharedArrayBuffer(pieceBytes))),
})
const pieceBytes = 131_072
