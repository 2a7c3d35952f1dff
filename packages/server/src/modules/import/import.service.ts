import type { BodyOf, ImportLook, ImportRun, importRoutes } from '@vigil/contract'
import type { Caller } from '../../kernel/access/caller.ts'
import { command } from '../../kernel/command/command.ts'
import type { Tx } from '../../kernel/db/index.ts'
import { conflict, invalid, invalidField, notFound } from '../../kernel/error/problem.ts'
import type { ImportKind } from '../../kernel/import/index.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import { headSignature } from '../../kernel/tabular/index.ts'
import { type Assigned, noCounts, refusalOf, type Step } from './import.domain.ts'
import { importQueue, type Kinds } from './import.job.ts'
import { lookAt, shownLook } from './import.look.ts'
import { getOwn, toItem } from './import.read.ts'
import type { Run } from './import.store.ts'

/** Imports that one account may have in the making. */
const maxBusy = 3

/** Loads a run again inside the command that changes it. @throws Problem 409 when the step is not possible now */
async function lockFor(tx: Tx, id: string, step: Step): Promise<Run> {
  const run = await tx.selectFrom('import.run').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
  if (!run) throw notFound('导入')
  const refusal = refusalOf(step, run)
  if (refusal) throw conflict(refusal, 'state')
  return run
}

/**
 * Says which column is which field, for this file and for later ones with the same head in the same area.
 * @throws Problem 400 for a field or column that is not there or named twice, 409 when the import has begun
 */
export async function mapImport(
  kernel: Kernel,
  kinds: Kinds,
  caller: Caller,
  id: string,
  { columns }: BodyOf<(typeof importRoutes)['import.map']>,
): Promise<ImportLook> {
  const { run, kind } = await getOwn(kernel, kinds, caller, id)
  const look = await lookAt(kernel, kind, run)
  const known = new Set(kind.columns.map(({ key }) => key))
  const width = Math.max(look.heads.length, ...look.samples.map((row) => row.length))
  const columnOf: Record<string, number> = {}
  const used = new Set<number>()
  columns.forEach(({ index, field }, at) => {
    if (!known.has(field)) throw invalidField(`/columns/${at}/field`, '没有这个字段')
    if (index >= width) throw invalidField(`/columns/${at}/index`, '文件中没有这一列')
    if (field in columnOf || used.has(index)) throw invalidField(`/columns/${at}`, '同一字段或同一列只能指定一次')
    columnOf[field] = index
    used.add(index)
  })
  const assigned: Assigned = { sheet: look.sheet, headRow: look.headRowNumber, columnOf }
  const text = JSON.stringify(assigned)
  await command(kernel.db, caller, kind.permission, async (tx, audit) => {
    await lockFor(tx, id, 'map')
    await tx
      .updateTable('import.run')
      .set({ assigned: text, status: 'uploaded', preview: null, error: null, sealedProblems: null })
      .where('id', '=', id)
      .execute()
    const signature = headSignature(look.heads)
    const row = { kind: kind.name, signature, path: run.path, assigned: text, changedBy: caller.name }
    await tx
      .insertInto('import.mapping')
      .values({ ...row, changedAt: kernel.clock.now() })
      .onConflict((already) =>
        already.columns(['kind', 'signature', 'path']).doUpdateSet({ ...row, changedAt: kernel.clock.now() }),
      )
      .execute()
    await audit({
      action: 'import.map',
      object: `import:${id}`,
      path: run.path,
      detail: { kind: kind.name, fields: Object.keys(columnOf) },
    })
  })
  return shownLook(kind, look, assigned)
}

/** Demands that every required field has exactly one column. @throws Problem 400 that names them */
async function assertMapped(kernel: Kernel, kind: ImportKind, run: Run): Promise<void> {
  const { missing, duplicate, fields } = shownLook(kind, await lookAt(kernel, kind, run), run.assigned)
  const nameOf = (key: string) => fields.find((field) => field.key === key)?.name ?? key
  const wrong = [
    ...missing.map((key) => ({
      pointer: '/columns',
      code: 'missing-column',
      detail: `缺少“${nameOf(key)}”列，请指定`,
    })),
    ...duplicate.map((key) => ({
      pointer: '/columns',
      code: 'duplicate-column',
      detail: `有几列都是“${nameOf(key)}”，请指定其中一列`,
    })),
  ]
  if (wrong.length > 0) throw invalid(wrong, wrong.map(({ detail }) => detail).join('；'))
}

const anew = { position: 0, share: 0, ...noCounts, sealedProblems: null }

/**
 * Orders the dry run or the import itself: state, audit row and job in one transaction. An import that has stopped goes on
 * behind the rows that are in.
 * @throws Problem 400 when required columns are missing, 409 when the state does not allow it or too many are in the making
 */
export async function startImport(
  kernel: Kernel,
  kinds: Kinds,
  caller: Caller,
  id: string,
  step: 'check' | 'run',
  send: (tx: Tx) => Promise<void> = (tx) => kernel.jobs.send(tx, importQueue, { id }),
): Promise<ImportRun> {
  const { run: before, kind } = await getOwn(kernel, kinds, caller, id)
  const refusal = refusalOf(step, before)
  if (refusal) throw conflict(refusal, 'state')
  await assertMapped(kernel, kind, before)
  const run = await command(kernel.db, caller, kind.permission, async (tx, audit) => {
    const locked = await lockFor(tx, id, step)
    const going = await tx
      .selectFrom('import.run')
      .select('id')
      .where('ownerId', '=', caller.id)
      .where('status', 'in', ['checking', 'running'])
      .execute()
    if (going.length >= maxBusy) throw conflict(`已有 ${maxBusy} 个导入正在进行，请等其完成`, 'too-many')
    const goesOn = step === 'run' && (locked.status === 'failed' || locked.status === 'cancelled')
    const changed = await tx
      .updateTable('import.run')
      .set({
        ...(goesOn ? {} : anew),
        ...(step === 'check' && { preview: null }),
        status: step === 'check' ? 'checking' : 'running',
        failures: 0,
        error: null,
        startedAt: kernel.clock.now(),
        touchedAt: new Date(),
      })
      .where('id', '=', id)
      .returningAll()
      .executeTakeFirstOrThrow()
    await audit({
      action: step === 'check' ? 'import.check' : 'import.run',
      object: `import:${id}`,
      path: locked.path,
      detail: { kind: kind.name, sha256: locked.sha256, after: goesOn ? locked.position : 0 },
    })
    await send(tx)
    return changed
  })
  return toItem(kernel, run)
}

/** Stops a dry run or an import; rows that are in stay. @throws Problem 409 when nothing is under way */
export async function cancelImport(kernel: Kernel, kinds: Kinds, caller: Caller, id: string): Promise<ImportRun> {
  const { kind } = await getOwn(kernel, kinds, caller, id)
  const run = await command(kernel.db, caller, kind.permission, async (tx, audit) => {
    const locked = await lockFor(tx, id, 'cancel')
    await audit({
      action: 'import.cancel',
      object: `import:${id}`,
      path: locked.path,
      detail: { after: locked.position },
    })
    return tx
      .updateTable('import.run')
      .set({ status: locked.status === 'checking' ? 'uploaded' : 'cancelled', touchedAt: new Date() })
      .where('id', '=', id)
      .returningAll()
      .executeTakeFirstOrThrow()
  })
  return toItem(kernel, run)
}
