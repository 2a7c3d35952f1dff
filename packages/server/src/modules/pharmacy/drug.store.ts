import { uuidv7 } from '@vigil/codes'
import type { DrugClass } from '@vigil/contract'
import { starterCatalogue } from '@vigil/simulate'
import { sql } from 'kysely'
import type { Tx } from '../../kernel/db/index.ts'
import './drug.table.ts'

export interface NewDrug {
  readonly id: string
  readonly class: DrugClass
  readonly generic: string
  readonly brand: string
  readonly form: string
  readonly strength: string
  readonly maker: string
  readonly approvalNo: string | null
  readonly ean13: string | null
  readonly tracePrefix: string | null
  readonly active: boolean
}

const chunk = 1000

/**
 * Adds drugs, or changes those with the same names, maker and approval number; their id stays. A code that a row leaves
 * empty keeps what is known.
 * @returns ids of all drugs, in the order given
 */
export async function upsertDrugs(tx: Tx, drugs: readonly NewDrug[]): Promise<string[]> {
  const ids: string[] = []
  for (let from = 0; from < drugs.length; from += chunk) {
    const part = JSON.stringify(drugs.slice(from, from + chunk))
    const { rows } = await sql<{ id: string }>`
      WITH given AS (
        SELECT * FROM ROWS FROM (jsonb_to_recordset(${part}::jsonb) AS (id uuid, class text, generic text, brand text,
          form text, strength text, maker text, "approvalNo" text, ean13 text, "tracePrefix" text, active boolean))
        WITH ORDINALITY AS d (id, class, generic, brand, form, strength, maker, approval_no, ean13, trace_prefix, active, n)
      ), done AS (
        INSERT INTO pharmacy.drug AS t (id, class, generic, brand, form, strength, maker, approval_no, ean13, trace_prefix, active)
        SELECT id, class, generic, brand, form, strength, maker, approval_no, ean13, trace_prefix, active FROM given ORDER BY n
        ON CONFLICT (generic, brand, form, strength, maker, approval_no) DO UPDATE SET class = EXCLUDED.class,
          ean13 = coalesce(EXCLUDED.ean13, t.ean13), trace_prefix = coalesce(EXCLUDED.trace_prefix, t.trace_prefix),
          active = EXCLUDED.active, updated_at = now()
        RETURNING id, generic, brand, form, strength, maker, approval_no
      )
      SELECT done.id FROM given JOIN done ON (given.generic, given.brand, given.form, given.strength, given.maker)
        = (done.generic, done.brand, done.form, done.strength, done.maker)
        AND given.approval_no IS NOT DISTINCT FROM done.approval_no
      ORDER BY given.n`.execute(tx)
    ids.push(...rows.map((row) => row.id))
  }
  return ids
}

/** Puts the starter catalogue (generic names without approval numbers) into an empty installation. @returns ids */
export const seedDrugs = (tx: Tx): Promise<string[]> =>
  upsertDrugs(
    tx,
    starterCatalogue.map((drug) => ({
      id: uuidv7(),
      class: drug.drugClass,
      generic: drug.genericName,
      brand: drug.brand,
      form: drug.form,
      strength: drug.strength,
      maker: '',
      approvalNo: null,
      ean13: null,
      tracePrefix: null,
      active: true,
    })),
  )
