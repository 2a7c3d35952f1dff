import { sql } from 'kysely'
import { beyondScope, type Tx } from '../../kernel/db/index.ts'
import type { Line } from './purchase.domain.ts'
import { type LineColumns, lineColumns, linesOf, unitsByClass } from './purchase.lines.ts'
import { countyPath, rollupCtes } from './purchase.rollup.ts'
import type { PurchaseTable } from './purchase.table.ts'

/** A stored purchase with its lines, locked. */
export interface Stored extends Omit<PurchaseTable, 'revision' | keyof LineColumns> {
  revision: number
  lines: Line[]
}

/** Loads and locks one purchase of the scope; undefined outside it. */
export async function findForUpdate(tx: Tx, id: string): Promise<Stored | undefined> {
  const row = await tx.selectFrom('pharmacy.purchase').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
  if (!row) return undefined
  const { drugIds, drugClasses, quantities, ...stored } = row
  return { ...stored, lines: linesOf({ drugIds, drugClasses, quantities }) }
}

/** Keeps the entry as it was before a change. */
export async function keepRevision(
  tx: Tx,
  before: Stored,
  by: { accountId: string | null; actor: string; reason: string; at: Date },
): Promise<void> {
  const { sealed, personIndex, mobileIndex, digest, ...open } = before
  await tx
    .insertInto('pharmacy.purchaseRevision')
    .values({
      purchaseId: before.id,
      county: before.county,
      revision: before.revision,
      path: before.path,
      at: by.at,
      accountId: by.accountId,
      actor: by.actor,
      reason: by.reason,
      before: JSON.stringify(open),
      sealed,
      keyMonth: before.keyMonth,
    })
    .execute()
}

/** What a change may set. */
export type Change = Pick<
  Stored,
  | 'status'
  | 'documentType'
  | 'personIndex'
  | 'mobileIndex'
  | 'sealed'
  | 'classes'
  | 'units'
  | 'symptoms'
  | 'temperatureTenths'
  | 'fever'
  | 'proxy'
  | 'lines'
>

/** Replaces the current version by `after`, and moves the rollups by the difference. */
export async function replace(tx: Tx, before: Stored, after: Change): Promise<void> {
  const { lines, ...columns } = after
  await tx
    .updateTable('pharmacy.purchase')
    .set({ ...columns, ...lineColumns(lines), revision: before.revision + 1 })
    .where('id', '=', before.id)
    .where('county', '=', before.county)
    .execute()
  if (lines !== before.lines) {
    const { id, county, path } = before
    await sql`
      DELETE FROM pharmacy.purchase_drug WHERE purchase_id = ${id} AND county = ${county}
        AND drug_id = ANY (${before.lines.map((line) => line.drugId)}::uuid[])`.execute(tx)
    await tx
      .insertInto('pharmacy.purchaseDrug')
      .values(lines.map(({ drugId }) => ({ drugId, county, purchaseId: id, path })))
      .execute()
  }
  const marks = [
    ...(before.status === 'undone' ? [] : marksOf(before, -1)),
    ...(after.status === 'undone' ? [] : marksOf({ ...before, ...after }, 1)),
  ]
  // A clerk's sight ends at the store; the figures of the county move all the same.
  await beyondScope(tx, () => moveRollups(tx, before, marks))
}

interface Mark {
  readonly class: string
  readonly personIndex: Buffer | null
  readonly sign: 1 | -1
  readonly units: number
  readonly fever: boolean
}

function marksOf(purchase: Pick<Stored, 'lines' | 'units' | 'personIndex' | 'fever'>, sign: 1 | -1): Mark[] {
  return [...unitsByClass(purchase)].map(([name, count]) => ({
    class: name,
    personIndex: purchase.personIndex,
    sign,
    units: count,
    fever: purchase.fever,
  }))
}

async function moveRollups(tx: Tx, place: Stored, marks: readonly Mark[]): Promise<void> {
  if (marks.length === 0) return
  await sql`
    WITH mark AS (
      SELECT ${place.county}::text AS county, ${countyPath(place.path, place.county)}::text AS county_path, ${place.storeCode}::text AS store_code,
        ${place.path}::text COLLATE "C" AS path, ${place.day}::date AS day, t.* FROM unnest(${marks.map((m) => m.class)}::text[], ${marks.map((m) => m.personIndex)}::bytea[],
        ${marks.map((m) => m.sign)}::int[], ${marks.map((m) => m.units)}::int[], ${marks.map((m) => m.fever)}::bool[]) AS t(class, person_index, sign, units, fever)
    ), ${sql.raw(rollupCtes)}
    SELECT 1`.execute(tx)
}
