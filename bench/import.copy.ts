import { createReadStream, createWriteStream } from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type pg from 'pg'
import { from, to } from 'pg-copy-streams'

/**
 * COPY of all purchases into an empty table of the same columns, partitions and indexes, without row-level security, items,
 * rollups and audit: what PostgreSQL itself needs for these rows. The rows come from a file, as they would from a client.
 */
export async function copyOnce(pool: pg.Pool, folder: string): Promise<{ seconds: number; rows: number }> {
  const path = join(folder, 'purchase.copy')
  const client = await pool.connect()
  try {
    await pipeline(
      client.query(to('COPY (SELECT * FROM pharmacy.purchase ORDER BY id) TO STDOUT')),
      createWriteStream(path),
    )
    await client.query(`
      CREATE SCHEMA bare;
      CREATE TABLE bare.purchase (LIKE pharmacy.purchase INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING INDEXES)
        PARTITION BY RANGE (id)`)
    const { rows: parts } = await client.query<{ name: string; bounds: string }>(`
      SELECT c.relname AS name, pg_get_expr(c.relpartbound, c.oid) AS bounds FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
      WHERE i.inhparent = 'pharmacy.purchase'::regclass`)
    for (const { name, bounds } of parts)
      await client.query(`CREATE TABLE bare.${name} PARTITION OF bare.purchase ${bounds}`)
    await client.query('CHECKPOINT')
    const began = performance.now()
    await pipeline(
      createReadStream(path, { highWaterMark: 1 << 18 }),
      client.query(from('COPY bare.purchase FROM STDIN')),
    )
    const seconds = (performance.now() - began) / 1000
    const { rows } = await client.query<{ count: number }>('SELECT count(*)::int AS count FROM bare.purchase')
    await client.query('DROP SCHEMA bare CASCADE')
    return { seconds, rows: rows[0]!.count }
  } finally {
    client.release()
  }
}
