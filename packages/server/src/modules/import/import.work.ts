import type { ImportCounts } from '@vigil/contract'
import { sql } from 'kysely'
import type { Caller } from '../../kernel/access/caller.ts'
import { record } from '../../kernel/audit/index.ts'
import { auditOf } from '../../kernel/command/command.ts'
import { systemScope, type Tx, withScope } from '../../kernel/db/index.ts'
import type { ChunkPlan, ImportKind, Numbered, Outcome, WholePlan } from '../../kernel/import/index.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import { add, noCounts, type Refused, type ShownProblem, shown } from './import.domain.ts'
import { keepHandout } from './import.handout.ts'
import { type Part, partsOf } from './import.pass.ts'
import { advance, keepRefused, type Run, sealProblems, unsealProblems } from './import.store.ts'

const inSystem = <T>(kernel: Kernel, work: (tx: Tx) => Promise<T>): Promise<T> =>
  withScope(kernel.db, systemScope, work)

const countsOf = ({ fresh, changed, unchanged, refused, total }: ImportCounts): ImportCounts => ({
  total,
  fresh,
  changed,
  unchanged,
  refused,
})

/** What a part came to, the rows included that only the database refuses. */
function settle(part: Part, before: number, outcome: Outcome): { counts: ImportCounts; refused: Refused[] } {
  const late = part.refusedOf(outcome.problems)
  const refused = [...part.refused, ...late].sort((a, b) => a.row - b.row)
  const { fresh, unchanged } = outcome
  return { refused, counts: { total: part.position - before, fresh, changed: 0, unchanged, refused: refused.length } }
}

/** Dry run of rows that are written in chunks: everything but the writing. */
export async function checkChunks(
  kernel: Kernel,
  kind: ImportKind,
  plan: ChunkPlan<unknown>,
  run: Run,
): Promise<ImportCounts> {
  let counts = noCounts
  let problems: ShownProblem[] = []
  let position = 0
  for await (const part of partsOf(kernel, run, kind.columns, plan, 0)) {
    const settled = settle(part, position, await plan.weigh(part.rows))
    counts = add(counts, settled.counts)
    problems = shown(problems, settled.refused)
    position = part.position
    const sealedProblems = sealProblems(kernel.vault, run.id, problems)
    await inSystem(kernel, (tx) => advance(tx, run, { position, share: part.share, sealedProblems, failures: 0 }))
  }
  return counts
}

/**
 * Imports chunk by chunk: the rows of a chunk, why others were refused, the audit row and how far the run has come are
 * committed together, so that a killed process loses nothing and doubles nothing. The next chunk is read and prepared while
 * one is being written.
 */
export async function writeChunks(
  kernel: Kernel,
  kind: ImportKind,
  plan: ChunkPlan<unknown>,
  run: Run,
  caller: Caller,
): Promise<ImportCounts> {
  let counts = countsOf(run)
  let problems = unsealProblems(kernel.vault, run)
  let position = run.position
  const commit = (part: Part, write: (tx: Tx) => Promise<Outcome>) =>
    inSystem(kernel, async (tx) => {
      // What a crash of the database takes back, it takes back with the position: the run goes on there. The end of the
      // run is committed for good, and with it all that came before.
      await sql`select set_config('synchronous_commit', 'off', true)`.execute(tx)
      const outcome = await write(tx)
      const settled = settle(part, position, outcome)
      const next = add(counts, settled.counts)
      const told = shown(problems, settled.refused)
      await keepRefused(tx, kernel.vault, run, part.position, settled.refused)
      await keepHandout(tx, kernel, run, kind, part.position, outcome.handout)
      await advance(tx, run, {
        ...next,
        position: part.position,
        share: part.share,
        failures: 0,
        ...(told.length > problems.length && { sealedProblems: sealProblems(kernel.vault, run.id, told) }),
      })
      const { total: rows, ...detail } = settled.counts
      await record(
        tx,
        auditOf(caller, {
          action: kind.action,
          object: `import:${run.id}`,
          path: run.path,
          detail: { rows, ...detail },
        }),
      )
      return { next, told }
    }).then(({ next, told }) => {
      counts = next
      problems = told
      position = part.position
    })
  let writing = Promise.resolve()
  try {
    for await (const part of partsOf(kernel, run, kind.columns, plan, run.position)) {
      const write = await plan.prepare(part.rows)
      await writing
      writing = commit(part, write)
      // Awaited before the next chunk or at the end; until then its failure belongs to nobody.
      writing.catch(() => undefined)
    }
  } finally {
    // What was cut off in the middle of the file leaves the rows before it in.
    await writing
  }
  return counts
}

interface Whole {
  readonly rows: Numbered<unknown>[]
  readonly refused: Refused[]
  readonly total: number
}

/** Reads and checks a file that is written as a whole; nothing is written yet. */
async function readWhole(kernel: Kernel, kind: ImportKind, plan: WholePlan<unknown>, run: Run): Promise<Whole> {
  const rows: Numbered<unknown>[] = []
  const refused: Refused[] = []
  let last: Part | undefined
  const check = async (part: Pick<Part, 'rows' | 'refusedOf'>) => {
    const bad = part.refusedOf((await plan.check?.(part.rows)) ?? [])
    const numbers = new Set(bad.map(({ row }) => row))
    refused.push(...bad)
    return part.rows.filter(({ rowNumber }) => !numbers.has(rowNumber))
  }
  for await (const part of partsOf(kernel, run, kind.columns, plan, 0)) {
    last = part
    refused.push(...part.refused)
    rows.push(...(plan.wholeCheck ? part.rows : await check(part)))
    await inSystem(kernel, (tx) => advance(tx, run, { share: part.share * 0.8 }))
  }
  const good = plan.wholeCheck && last ? await check({ rows, refusedOf: last.refusedOf }) : rows
  refused.sort((a, b) => a.row - b.row)
  return { rows: good, refused, total: last?.position ?? 0 }
}

/** What writing has changed in the plan's table, told by the rows that it touched and how they are seen from outside. */
async function differences(kernel: Kernel, tx: Tx, { table }: WholePlan<unknown>) {
  const keys = sql.raw(table.key.map((key) => `t.${key}::text`).join(" || '/' || "))
  const print = sql.raw(`md5((to_jsonb(t) - 'updated_at' - 'created_at' - 'id')::text)`)
  const name = sql.table(table.name)
  const { rows: after } = await sql<{ key: string; print: string }>`
    select ${keys} as key, ${print} as print from ${name} t where updated_at = now()`.execute(tx)
  const touched = after.map((row) => row.key)
  const { rows: before } = await inSystem(kernel, (other) =>
    sql<{ key: string; print: string }>`
      select ${keys} as key, ${print} as print from ${name} t where ${keys} = any(${touched}::text[])`.execute(other),
  )
  const known = new Map(before.map((row) => [row.key, row.print]))
  const changed = after.filter((row) => known.has(row.key) && known.get(row.key) !== row.print).length
  return { fresh: after.length - known.size, changed }
}

class Undone extends Error {}

/** Dry run of rows that are written as a whole: written, compared with what others see, and taken back. */
export async function checkWhole(
  kernel: Kernel,
  kind: ImportKind,
  plan: WholePlan<unknown>,
  run: Run,
): Promise<ImportCounts> {
  const { rows, refused, total } = await readWhole(kernel, kind, plan, run)
  let found = { fresh: 0, changed: 0 }
  if (rows.length > 0)
    await withScope(kernel.db, run.scope, async (tx) => {
      const values = rows.map((row) => row.value)
      await plan.write(tx, values)
      found = await differences(kernel, tx, plan)
      throw new Undone()
    }).catch((error: unknown) => {
      if (!(error instanceof Undone)) throw error
    })
  const sealedProblems = sealProblems(kernel.vault, run.id, shown([], refused))
  await inSystem(kernel, (tx) => advance(tx, run, { sealedProblems, position: total }))
  return { total, ...found, unchanged: Math.max(0, rows.length - found.fresh - found.changed), refused: refused.length }
}

/** Imports rows that are written as a whole: all of them and the state of the run in one transaction. */
export async function writeWhole(
  kernel: Kernel,
  kind: ImportKind,
  plan: WholePlan<unknown>,
  run: Run,
  caller: Caller,
): Promise<ImportCounts> {
  // Everything is in; only the error file was still missing when an earlier attempt ended.
  if (run.position > 0) return countsOf(run)
  const { rows, refused, total } = await readWhole(kernel, kind, plan, run)
  const counts = await withScope(kernel.db, run.scope, async (tx) => {
    const values = rows.map((row) => row.value)
    const detail = rows.length > 0 ? await plan.write(tx, values) : {}
    const found = rows.length > 0 ? await differences(kernel, tx, plan) : { fresh: 0, changed: 0 }
    const unchanged = Math.max(0, rows.length - found.fresh - found.changed)
    const counts = { total, ...found, unchanged, refused: refused.length }
    await keepRefused(tx, kernel.vault, run, total, refused)
    const sealedProblems = sealProblems(kernel.vault, run.id, shown([], refused))
    await advance(tx, run, { ...counts, position: Math.max(1, total), share: 1, sealedProblems, failures: 0 })
    const { total: all, refused: rejected } = counts
    await record(
      tx,
      auditOf(caller, {
        action: kind.action,
        object: kind.object,
        path: run.path,
        detail: { total: all, accepted: rows.length, rejected, sha256: run.sha256, bytes: run.bytes, ...detail },
      }),
    )
    return counts
  })
  if (rows.length > 0) await plan.written?.()
  return counts
}
