import { addDays, dayOf, isDay, uuidv7 } from '@vigil/codes'
import type { BodyOf, Duty, pharmacyStoreRoutes } from '@vigil/contract'
import { sql } from 'kysely'
import { assertCan, type Caller, wholeScope } from '../../kernel/access/caller.ts'
import { command } from '../../kernel/command/command.ts'
import type { Db, Tx } from '../../kernel/db/index.ts'
import { invalidField, notFound } from '../../kernel/error/problem.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import './duty.table.ts'
import { tellReference } from './reference.tell.ts'
import type { Reference } from './reference.ts'

type Row = Omit<Duty, 'areaName'> & { path: string }
const columns = sql.raw('id, area_code, path, classes, valid_from AS "from", valid_to AS "to", note')

const rowsOf = async (db: Db | Tx): Promise<Row[]> =>
  (await sql<Row>`SELECT ${columns} FROM pharmacy.duty ORDER BY valid_from DESC, area_code, id`.execute(db)).rows

const dutyOf = (reference: Reference, { path: _, ...row }: Row): Duty => ({
  ...row,
  areaName: reference.areaName(row.areaCode),
})

/** Duties that bind the caller's areas: those within them and those of the areas around them, newest first. */
export async function listDuties(kernel: Pick<Kernel, 'db'>, reference: Reference, caller: Caller): Promise<Duty[]> {
  const scope = wholeScope(caller)
  const rows = await rowsOf(kernel.db)
  return rows
    .filter((row) => scope.some((path) => row.path.startsWith(path) || path.startsWith(row.path)))
    .map((row) => dutyOf(reference, row))
}

/**
 * Adds or changes a duty. Duties may overlap: what must be registered is their union. A duty never reaches back: one that
 * has begun keeps its area, classes and first day, and its end is today at the earliest, so that past days stay as they were.
 * @throws Problem 400 for impossible days, 404 for an area or duty outside the caller's
 */
export async function saveDuty(
  kernel: Kernel,
  reference: Reference,
  caller: Caller,
  input: BodyOf<(typeof pharmacyStoreRoutes)['duty.save']>,
): Promise<Duty> {
  const area = reference.area(input.areaCode)
  if (!area) throw notFound('区划')
  assertCan(caller, 'duty.manage', area.path, '区划')
  const { from, to } = input
  if (!isDay(from)) throw invalidField('/from', '起始日期无效')
  if (to !== null && !isDay(to)) throw invalidField('/to', '截止日期无效')
  if (to !== null && to < from) throw invalidField('/to', '截止日期不能早于起始日期')
  const today = dayOf(kernel.clock.now())
  const id = await command(kernel.db, caller, 'duty.manage', async (tx, audit) => {
    const before = input.id
      ? (await sql<Row>`SELECT ${columns} FROM pharmacy.duty WHERE id = ${input.id} FOR UPDATE`.execute(tx)).rows[0]
      : undefined
    if (input.id && !before) throw notFound('登记范围')
    if (before) {
      assertCan(caller, 'duty.manage', before.path, '登记范围')
      checkBegun(before, input, today)
    }
    const row = {
      id: before?.id ?? uuidv7(),
      areaCode: area.code,
      path: area.path,
      classes: [...input.classes].sort(),
      validFrom: from,
      validTo: to,
      note: input.note,
    }
    await tx
      .insertInto('pharmacy.duty')
      .values(row)
      .onConflict((same) => same.column('id').doUpdateSet({ ...row, updatedAt: sql<Date>`now()` }))
      .execute()
    await audit({
      action: 'duty.save',
      object: `duty/${row.id}`,
      areaCode: area.code,
      path: area.path,
      detail: { before: before ?? null, after: row },
    })
    return row.id
  })
  await tellReference(kernel, reference, 'duty')
  return { ...input, id, classes: [...input.classes].sort(), areaName: reference.areaName(area.code) }
}

function checkBegun(
  before: Row,
  input: { areaCode: string; classes: readonly string[]; from: string; to: string | null },
  today: string,
): void {
  if (before.from >= today) return
  const same =
    before.areaCode === input.areaCode &&
    before.from === input.from &&
    [...before.classes].sort().join() === [...input.classes].sort().join()
  if (!same) throw invalidField('/from', '已开始执行的登记范围只能改截止日期和说明，请另建一条', 'begun')
  if (
    before.to !== input.to &&
    ((before.to !== null && before.to < today) || (input.to !== null && input.to < addDays(today, -1)))
  )
    throw invalidField('/to', '不能改变过去的登记范围', 'past')
}
