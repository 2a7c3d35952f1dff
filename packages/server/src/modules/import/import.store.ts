import { gunzipSync, gzipSync } from 'node:zlib'
import type { ImportCounts, ImportState } from '@vigil/contract'
import { type Selectable, sql } from 'kysely'
import type { Tx } from '../../kernel/db/index.ts'
import { conflict } from '../../kernel/error/problem.ts'
import type { Vault } from '../../kernel/vault/index.ts'
import type { Refused, ShownProblem } from './import.domain.ts'
import type { ImportRunTable } from './import.table.ts'

export type Run = Selectable<ImportRunTable>

/** The attempt is not the newest one any more, or somebody has stopped the run: what it was about to write is dropped. */
export const overtaken = () => conflict('导入已由另一进程继续或已停止', 'overtaken')

export const findRun = (tx: Tx, id: string): Promise<Run | undefined> =>
  tx.selectFrom('import.run').selectAll().where('id', '=', id).executeTakeFirst()

/** Begins an attempt; undefined when there is nothing to do any more. Whoever was at it before can write no more. */
export const beginAttempt = (tx: Tx, id: string): Promise<Run | undefined> =>
  tx
    .updateTable('import.run')
    .set((eb) => ({ attempts: eb('attempts', '+', 1), failures: eb('failures', '+', 1), touchedAt: sql<Date>`now()` }))
    .where('id', '=', id)
    .where('status', 'in', ['checking', 'running'])
    .returningAll()
    .executeTakeFirst()

type Change = Partial<
  Pick<Run, 'position' | 'share' | 'error' | 'errorFileId' | 'fileId' | 'finishedAt' | 'failures' | 'sealedProblems'> &
    ImportCounts
> & { readonly status?: ImportState; readonly preview?: ImportCounts }

/** Moves a run as its newest attempt. @throws Problem 409 'overtaken' when it is not, and the transaction falls */
export async function advance(tx: Tx, run: Run, { preview, ...change }: Change): Promise<void> {
  const result = await tx
    .updateTable('import.run')
    .set({ ...change, ...(preview && { preview: JSON.stringify(preview) }), touchedAt: sql<Date>`now()` })
    .where('id', '=', run.id)
    .where('attempts', '=', run.attempts)
    .where('status', '=', run.status)
    .executeTakeFirst()
  if (Number(result.numUpdatedRows) === 0) throw overtaken()
}

/** Runs under way that nobody has touched for `seconds`; they are touched, so that one process takes them up. */
export async function takeStale(tx: Tx, seconds: number): Promise<string[]> {
  const rows = await tx
    .updateTable('import.run')
    .set({ touchedAt: sql<Date>`now()` })
    .where('status', 'in', ['checking', 'running'])
    .where(sql<boolean>`touched_at <= now() - make_interval(secs => ${seconds})`)
    .returning('id')
    .execute()
  return rows.map((row) => row.id)
}

const problemsBound = (id: string): string => `import.run/${id}/problems`
const refusalBound = (id: string, position: number): string => `import.refusal/${id}/${position}`

export const sealProblems = (vault: Vault, id: string, problems: readonly ShownProblem[]): Buffer =>
  vault.sealLongTerm(JSON.stringify(problems), problemsBound(id))

export const unsealProblems = (vault: Vault, run: Pick<Run, 'id' | 'sealedProblems'>): ShownProblem[] =>
  run.sealedProblems
    ? (JSON.parse(vault.unsealLongTerm(run.sealedProblems, problemsBound(run.id))) as ShownProblem[])
    : []

/** Keeps why rows were refused until the error file is written. @param position rows of the file up to the chunk's end */
export async function keepRefused(
  tx: Tx,
  vault: Vault,
  run: Pick<Run, 'id' | 'path'>,
  position: number,
  refused: readonly Refused[],
): Promise<void> {
  if (refused.length === 0) return
  const packed = gzipSync(JSON.stringify(refused)).toString('base64')
  const sealed = vault.sealLongTerm(packed, refusalBound(run.id, position))
  await tx.insertInto('import.refusal').values({ runId: run.id, position, path: run.path, sealed }).execute()
}

/** What was refused, chunk by chunk, in the order of the file. */
export async function* keptRefused(
  read: <T>(work: (tx: Tx) => Promise<T>) => Promise<T>,
  vault: Vault,
  id: string,
): AsyncGenerator<Refused, void, undefined> {
  for (let after = -1; ; ) {
    const row = await read((tx) =>
      tx
        .selectFrom('import.refusal')
        .select(['position', 'sealed'])
        .where('runId', '=', id)
        .where('position', '>', after)
        .orderBy('position')
        .limit(1)
        .executeTakeFirst(),
    )
    if (!row) return
    const packed = vault.unsealLongTerm(row.sealed, refusalBound(id, row.position))
    yield* JSON.parse(gunzipSync(Buffer.from(packed, 'base64')).toString('utf8')) as Refused[]
    after = row.position
  }
}

export const dropRefused = (tx: Tx, id: string) => tx.deleteFrom('import.refusal').where('runId', '=', id).execute()
