import { sql } from 'kysely'
import type { Tx } from '../db/index.ts'
import { utcText } from './entry-text.ts'
import type { AuditHead } from './head.ts'

const pageSize = 20_000

interface Row {
  seq: number
  at: string
  sealed: boolean
  old: boolean
}

/**
 * Finds entries that no leaf stands for: those too old to be waiting for one, and second rows under one number. Both were
 * put in behind the seal.
 * @returns how many recent entries wait for their leaf
 */
export async function checkUnlisted(
  tx: Tx,
  last: AuditHead | undefined,
  report: (seq: number | null, detail: string) => void,
): Promise<number> {
  let waiting = 0
  let previous: Row | undefined
  for (;;) {
    const rows: Row[] = await page(tx, last, previous)
    for (const row of rows) {
      if (row.seq === previous?.seq) report(row.seq, `第 ${row.seq} 条有两条记录（时间 ${row.at}），其一是插入的`)
      else if (!row.sealed && row.old) report(row.seq, `第 ${row.seq} 条记录（时间 ${row.at}）从未封存，可能是事后插入`)
      else if (!row.sealed) waiting++
      previous = row
    }
    if (rows.length < pageSize) return waiting
  }
}

async function page(tx: Tx, last: AuditHead | undefined, after: Row | undefined): Promise<Row[]> {
  const from = after ? sql`where (e.seq, e.at) > (${after.seq}::bigint, ${after.at}::timestamptz)` : sql``
  const query = sql<Row>`
    select e.seq, ${utcText(sql`e.at`)} as at, l.seq is not null as sealed,
      coalesce(e.at < ${last?.signedAt ?? null}::timestamptz - interval '1 hour', false) as old
    from (select e.seq, e.at from audit.entry e ${from} order by e.seq, e.at limit ${pageSize}) e
    left join audit.leaf l on l.seq = e.seq order by e.seq, e.at`
  return (await query.execute(tx)).rows
}
