import { uuidv7 } from '@vigil/codes'
import { sql } from 'kysely'
import type { Db, Tx } from '../../kernel/db/index.ts'
import type { StudyRow } from './study.read.ts'

/** Seconds after which a study whose process says nothing is taken up by another; a step takes less. */
const leaseSeconds = 60

/** What a new study is made of. */
export interface NewStudy {
  readonly kind: 'backtest' | 'scan'
  readonly path: string
  readonly areaCode: string
  readonly ruleId?: string
  readonly version?: number
  readonly options: Record<string, unknown>
}

/** Orders a study. @returns nothing when the same nightly one was ordered before */
export async function orderStudy(tx: Tx, study: NewStudy, now: Date, by: string): Promise<StudyRow | undefined> {
  const { options, ...rest } = study
  return tx
    .insertInto('surveillance.study')
    .values({
      id: uuidv7(),
      ...{ ruleId: null, version: null, partial: null, result: null, error: null, leaseBy: null, leaseUntil: null },
      ...rest,
      options: JSON.stringify(options),
      ...{ state: 'waiting', done: 0, total: 0, createdAt: now, createdBy: by, finishedAt: null },
    })
    .onConflict((conflict) => conflict.doNothing())
    .returningAll()
    .executeTakeFirst()
}

/** Takes the oldest study that waits, or whose process was killed. */
export async function claimStudy(db: Db, by: string): Promise<StudyRow | undefined> {
  return db
    .updateTable('surveillance.study')
    .set({ state: 'running', leaseBy: by, leaseUntil: sql`now() + ${leaseSeconds} * interval '1 second'` })
    .where('id', '=', (eb) =>
      eb
        .selectFrom('surveillance.study')
        .select('id')
        .where((each) =>
          each.or([
            each('state', '=', 'waiting'),
            each.and([each('state', '=', 'running'), each('leaseUntil', '<', sql<Date>`now()`)]),
          ]),
        )
        .orderBy('createdAt')
        .limit(1)
        .forUpdate()
        .skipLocked(),
    )
    .returningAll()
    .executeTakeFirst()
}

/** Keeps how far a study is. @returns false when another process has it now */
export async function advanceStudy(
  db: Db,
  { id, leaseBy }: Pick<StudyRow, 'id' | 'leaseBy'>,
  change: { readonly done: number; readonly total: number; readonly partial: unknown },
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('surveillance.study')
    .set({
      done: change.done,
      total: change.total,
      partial: JSON.stringify(change.partial),
      leaseUntil: sql`now() + ${leaseSeconds} * interval '1 second'`,
    })
    .where('id', '=', id)
    .where('leaseBy', '=', leaseBy)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

/** Ends a study with its result, or with why there is none. */
export async function endStudy(
  db: Db,
  { id, leaseBy }: Pick<StudyRow, 'id' | 'leaseBy'>,
  end: { readonly result: unknown } | { readonly error: string },
  now: Date,
): Promise<void> {
  await db
    .updateTable('surveillance.study')
    .set({
      ...('result' in end
        ? { state: 'done' as const, result: JSON.stringify(end.result), done: sql<number>`total` }
        : { state: 'failed' as const, error: end.error }),
      partial: null,
      leaseUntil: null,
      finishedAt: now,
    })
    .where('id', '=', id)
    .where('leaseBy', '=', leaseBy)
    .execute()
}

/** Gives a study back, so that another process goes on at once. */
export const releaseStudy = (db: Db, { id, leaseBy }: Pick<StudyRow, 'id' | 'leaseBy'>): Promise<unknown> =>
  db
    .updateTable('surveillance.study')
    .set({ state: 'waiting', leaseBy: null, leaseUntil: null })
    .where('id', '=', id)
    .where('leaseBy', '=', leaseBy)
    .where('state', '=', 'running')
    .execute()
