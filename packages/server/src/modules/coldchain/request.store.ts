import { createHash } from 'node:crypto'
import { type Caller, scopeFor } from '../../kernel/access/caller.ts'
import { readScope, type Tx } from '../../kernel/db/index.ts'
import { conflict } from '../../kernel/error/problem.ts'
import type { Parts } from './coldchain.parts.ts'
import type {} from './request.table.ts'

/** Writes down that a request with its key is under way; another one with the key waits for the end of the transaction. */
export type Claim = (tx: Tx, path: string) => Promise<void>

/** The same key was claimed by a request that has succeeded since. */
class Repeated extends Error {}

async function answerOf<T>({ kernel }: Parts, caller: Caller, key: string, digest: string): Promise<T | undefined> {
  const row = await readScope(kernel.db, scopeFor(caller, 'coldchain.operate'), (tx) =>
    tx.selectFrom('coldchain.request').select(['digest', 'answer']).where('key', '=', key).executeTakeFirst(),
  )
  if (!row) return undefined
  if (row.digest !== digest) throw conflict('这个提交编号已经用于其他内容', 'key-reused')
  return row.answer as T
}

/**
 * Does what was asked under a key once: asked again, it answers as it did then. A phone sends again what it had no answer to.
 * What was refused was not done, so the same key may be tried again.
 * @param content operation and body, of which a key stands for one
 * @param work calls `claim` before it changes anything
 * @throws Problem 409 for a key of other content
 */
export async function once<T extends object>(
  parts: Parts,
  caller: Caller,
  key: string | undefined,
  content: readonly unknown[],
  work: (claim: Claim, keep: (tx: Tx, answer: T) => Promise<T>) => Promise<T>,
): Promise<T> {
  if (key === undefined)
    return work(
      async () => undefined,
      async (_tx, answer) => answer,
    )
  const digest = createHash('sha256').update(JSON.stringify(content)).digest('hex')
  const before = await answerOf<T>(parts, caller, key, digest)
  if (before) return before
  const claim: Claim = async (tx, path) => {
    const added = await tx
      .insertInto('coldchain.request')
      .values({ key, digest, path, at: parts.kernel.clock.now(), by: caller.name })
      .onConflict((on) => on.doNothing())
      .executeTakeFirst()
    if (added.numInsertedOrUpdatedRows !== 1n) throw new Repeated()
  }
  const keep = async (tx: Tx, answer: T) => {
    await tx
      .updateTable('coldchain.request')
      .set({ answer: JSON.stringify(answer) })
      .where('key', '=', key)
      .execute()
    return answer
  }
  try {
    return await work(claim, keep)
  } catch (error) {
    const answer = error instanceof Repeated ? await answerOf<T>(parts, caller, key, digest) : undefined
    if (answer) return answer
    if (error instanceof Repeated) throw conflict('这个提交编号已经用于其他内容', 'key-reused')
    throw error
  }
}
