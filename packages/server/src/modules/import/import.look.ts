import { Readable } from 'node:stream'
import type { ImportLook } from '@vigil/contract'
import { systemScope, withScope } from '../../kernel/db/index.ts'
import { notFound } from '../../kernel/error/problem.ts'
import { asProblem, type ImportKind } from '../../kernel/import/index.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import { headSignature, lookTable, type TableLook } from '../../kernel/tabular/index.ts'
import { type Assigned, isTime, veiled } from './import.domain.ts'
import type { Run } from './import.store.ts'

const shownRows = 3

/** Reads the beginning of a run's file. @throws Problem 400 when it cannot be read, 404 when it is gone */
export async function lookAt(
  kernel: Kernel,
  kind: ImportKind,
  run: Pick<Run, 'fileId' | 'filename'>,
): Promise<TableLook> {
  if (!run.fileId) throw notFound('上传的文件')
  const { stream } = await kernel.files.open(run.fileId)
  return lookTable(Readable.from(buffers(stream)), { filename: run.filename, columns: kind.columns }).catch((error) => {
    throw asProblem(error)
  })
}

async function* buffers(stream: AsyncIterable<Uint8Array>) {
  for await (const piece of stream) yield Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength)
}

/** Columns that were put by hand for an earlier file with the same head, in the area or one above it: the nearest counts. */
export async function findMapping(
  kernel: Kernel,
  kind: ImportKind,
  look: TableLook,
  path: string,
): Promise<Assigned | null> {
  const rows = await withScope(kernel.db, systemScope, (tx) =>
    tx
      .selectFrom('import.mapping')
      .select(['path', 'assigned'])
      .where('kind', '=', kind.name)
      .where('signature', '=', headSignature(look.heads))
      .execute(),
  )
  const near = rows.filter((row) => path.startsWith(row.path)).sort((a, b) => b.path.length - a.path.length)
  const [first] = near
  return first ? { ...first.assigned, sheet: look.sheet, headRow: look.headRowNumber } : null
}

/** What a person is shown of a file. Cells that may tell of a person are veiled; times and codes of columns that do not are not. */
export function shownLook(kind: ImportKind, look: TableLook, assigned: Assigned | null): ImportLook {
  const columnOf = assigned ? new Map(Object.entries(assigned.columnOf)) : look.columnOf
  const fieldAt = new Map([...columnOf].map(([key, at]) => [at, key]))
  const personal = kind.personal && new Set(kind.personal)
  const width = Math.max(look.heads.length, ...look.samples.slice(0, shownRows).map((row) => row.length))
  const sample = (cell: string, field: string | undefined) => {
    const open = !personal || (field === undefined ? isTime(cell) : !personal.has(field))
    return (open ? cell : veiled(cell)).slice(0, 100)
  }
  return {
    format: look.format,
    sheet: look.sheet.slice(0, 100),
    headRow: look.headRowNumber,
    columns: Array.from({ length: Math.min(width, 500) }, (_, index) => {
      const field = fieldAt.get(index)
      const samples = look.samples.slice(0, shownRows).map((row) => sample(row[index] ?? '', field))
      return { index, head: (look.heads[index] ?? '').slice(0, 200), field: field ?? null, samples }
    }),
    fields: kind.columns.map(({ key, heads, required }) => ({
      key,
      name: heads[0] ?? key,
      required: required ?? false,
    })),
    missing: kind.columns.filter(({ key, required }) => required && !columnOf.has(key)).map(({ key }) => key),
    duplicate: assigned ? [] : look.duplicate,
    remembered: assigned !== null,
  }
}
