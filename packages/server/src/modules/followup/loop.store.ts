import { addDays, type Day } from '@vigil/codes'
import { sql } from 'kysely'
import type { Db, Tx } from '../../kernel/db/index.ts'
import type { StoreDay } from '../pharmacy/index.ts'

const lease = 'look'
/** A process that has not been heard of for so long is taken for dead. */
export const leaseSeconds = 60
/** Days for which totals are kept, and addresses: longer than any rule looks back. */
const keepDays = 45

/** Takes or renews the right to look. The database's clock decides, so that those of the processes need not agree. */
export async function takeLease(db: Db, holder: string): Promise<boolean> {
  const { rows } = await sql`
    INSERT INTO followup.lease AS l (name, holder, until) VALUES (${lease}, ${holder}, now() + make_interval(secs => ${leaseSeconds}))
    ON CONFLICT (name) DO UPDATE SET holder = EXCLUDED.holder, until = EXCLUDED.until
    WHERE l.until IS NULL OR l.until < now() OR l.holder = EXCLUDED.holder RETURNING 1`.execute(db)
  return rows.length > 0
}

/** Lets go of it. */
export async function dropLease(db: Db, holder: string): Promise<void> {
  await db
    .updateTable('followup.lease')
    .set({ until: null })
    .where('name', '=', lease)
    .where('holder', '=', holder)
    .execute()
}

/** The last day on which everything was gone through. */
export async function sweptDay(db: Db): Promise<Day | null> {
  const row = await db.selectFrom('followup.lease').select('sweptDay').where('name', '=', lease).executeTakeFirst()
  return row?.sweptDay ?? null
}

/** Notes the sweep of a day, and drops what is too old to count. */
export async function finishSweep(tx: Tx, today: Day): Promise<void> {
  await tx.updateTable('followup.lease').set({ sweptDay: today }).where('name', '=', lease).execute()
  await tx.deleteFrom('followup.seen').where('day', '<', addDays(today, -keepDays)).execute()
  await tx.deleteFrom('followup.address').where('lastDay', '<', addDays(today, -keepDays)).execute()
}

/** Which of these days were not looked at as they are now. */
export async function unseen(tx: Tx, days: readonly StoreDay[]): Promise<StoreDay[]> {
  if (days.length === 0) return []
  const { rows } = await sql<{ county: string; storeCode: string; day: string }>`
    SELECT t.county, t.store_code, t.day FROM unnest(${days.map(({ county }) => county)}::text[],
      ${days.map(({ storeCode }) => storeCode)}::text[], ${days.map(({ day }) => day)}::date[],
      ${days.map(({ purchases }) => purchases)}::int[], ${days.map(({ buyers }) => buyers)}::int[],
      ${days.map(({ units }) => units)}::int[], ${days.map(({ fever }) => fever)}::int[])
      AS t (county, store_code, day, purchases, buyers, units, fever)
    WHERE NOT EXISTS (SELECT FROM followup.seen s WHERE s.county = t.county AND s.store_code = t.store_code AND s.day = t.day
      AND (s.purchases, s.buyers, s.units, s.fever) = (t.purchases, t.buyers, t.units, t.fever))`.execute(tx)
  const wanted = new Set(rows.map(({ storeCode, day }) => `${storeCode} ${day}`))
  return days.filter(({ storeCode, day }) => wanted.has(`${storeCode} ${day}`))
}

/** Notes that these days were looked at as they were. */
export async function markSeen(tx: Tx, days: readonly StoreDay[]): Promise<void> {
  if (days.length === 0) return
  await tx
    .insertInto('followup.seen')
    .values(
      days.map(({ county, storeCode, day, purchases, buyers, units, fever }) => ({
        county,
        storeCode,
        day,
        purchases,
        buyers,
        units,
        fever,
      })),
    )
    .onConflict((same) =>
      same.columns(['county', 'storeCode', 'day']).doUpdateSet((eb) => ({
        purchases: eb.ref('excluded.purchases'),
        buyers: eb.ref('excluded.buyers'),
        units: eb.ref('excluded.units'),
        fever: eb.ref('excluded.fever'),
      })),
    )
    .execute()
}

/** Persons whose entries stand on some purchases. */
export async function followedBy(tx: Tx, purchases: readonly string[]): Promise<Buffer[]> {
  if (purchases.length === 0) return []
  const rows = await tx
    .selectFrom('followup.evidence as v')
    .innerJoin('followup.entry as e', 'e.id', 'v.entryId')
    .select('e.personIndex')
    .distinct()
    .where(sql<boolean>`v.purchase_id = any(${[...purchases]}::uuid[])`)
    .execute()
  return rows.flatMap(({ personIndex }) => (personIndex ? [personIndex] : []))
}

/**
 * As a month is shredded (`vault.onShred`): entries of that month lose their person, and evidence of that month goes, so that
 * no entry ties a person to sales whose buyer was forgotten. @returns rows emptied
 */
export async function forgetMonth(tx: Tx, month: string): Promise<number> {
  const emptied = await tx
    .updateTable('followup.entry')
    .set({ personIndex: null, mobileIndex: null, addressIndex: null, sealed: null })
    .where('keyMonth', '=', month)
    .executeTakeFirst()
  await tx.deleteFrom('followup.evidence').where('keyMonth', '=', month).execute()
  await tx.deleteFrom('followup.address').where('keyMonth', '=', month).execute()
  return Number(emptied.numUpdatedRows)
}
