import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../../testing/index.ts'

let database: TestDatabase
let owner: pg.Pool
let app: pg.Pool
beforeAll(async () => {
  database = await createTestDatabase()
  owner = new pg.Pool({ connectionString: database.ownerUrl, max: 1 })
  // The database may go before the pool at the end of a test file.
  owner.on('error', () => undefined)
  app = new pg.Pool({ connectionString: database.appUrl, max: 1 })
  // The database may go before the pool at the end of a test file.
  app.on('error', () => undefined)
})
afterAll(async () => {
  await owner.end()
  await app.end()
  await database.drop()
})

const names = async (pool: pg.Pool, text: string): Promise<string[]> =>
  (await pool.query<{ name: string }>(text)).rows.map((row) => row.name).sort()

/** Public facts: a store finds the clinic across the border, and everybody may read areas, duties, rules and orders. */
const open = [
  'area.area',
  'coldchain.holder',
  'coldchain.lot',
  'coldchain.mock_rule',
  'coldchain.rule',
  'compliance.overdue_rule',
  'opening.reminder_rule',
  'pharmacy.clinic',
  'pharmacy.duty',
  'staff.rule',
  'stopsale.campaign',
  'stopsale.stop_order',
]

describe('second wall', () => {
  test('every table with a path is behind row-level security with a policy, but for public facts', async () => {
    const tables = `SELECT n.nspname || '.' || c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'path' AND NOT a.attisdropped
      WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition`
    expect((await names(owner, tables)).length).toBeGreaterThan(10)
    expect(await names(owner, `${tables} AND NOT c.relrowsecurity`)).toEqual(open)
    const bare = `${tables} AND c.relrowsecurity AND NOT EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid)`
    expect(await names(owner, bare)).toEqual([])
  })

  test('every policy is for the application role and looks at the scope, its account or its purchase', async () => {
    const { rows } = await owner.query<{ name: string; roles: string[]; using: string | null; command: string }>(
      `SELECT schemaname || '.' || tablename || ' ' || policyname AS name, roles::text[] AS roles, qual AS using, cmd AS command FROM pg_policies WHERE schemaname <> 'pgboss'`,
    )
    for (const { name, roles, using, command } of rows) {
      expect([name, roles]).toEqual([name, ['vigil_app']])
      // What may be read or changed is bound; only appending may be free (the audit log, lines of a sale).
      if (command !== 'INSERT')
        expect([name, using]).toEqual([
          name,
          expect.stringMatching(/in_scope|SELECT (vigil\.)?paths|access\.account|pharmacy\.purchase/),
        ])
    }
  })

  test('what tells of persons or accounts without a path is reached in the scope of the whole country only', async () => {
    for (const table of ['pharmacy.buyer_day', 'pharmacy.lookup_hour'])
      for (const [paths, seen] of [
        ['/350000/350500/', 0],
        ['/', 1],
      ] as const) {
        const client = await app.connect()
        await owner.query(
          `INSERT INTO pharmacy.buyer_day VALUES ('350582', '2026-01-01', '\\x00', '{}') ON CONFLICT DO NOTHING`,
        )
        await owner.query(`INSERT INTO pharmacy.lookup_hour VALUES ('a', '2026-01-01', 1) ON CONFLICT DO NOTHING`)
        await client.query('BEGIN')
        await client.query(`SELECT set_config('vigil.paths', $1, true)`, [paths])
        expect([table, paths, (await client.query(`SELECT FROM ${table}`)).rowCount]).toEqual([table, paths, seen])
        await client.query('ROLLBACK')
        client.release()
      }
  })

  test('a new month waits for nobody who reads, and nobody waits for it', async () => {
    const reader = new pg.Client({ connectionString: database.appUrl })
    await reader.connect()
    await reader.query('BEGIN')
    await reader.query('SELECT count(*) FROM pharmacy.purchase')
    await reader.query('SELECT count(*) FROM audit.entry')
    const month = `SELECT vigil.ensure_month('2020-05-01')`
    await app.query(`SET statement_timeout = 3000`)
    await app.query(month)
    await app.query(month)
    await reader.query('ROLLBACK')
    await reader.end()
    const { rows } = await owner.query(
      `SELECT count(*)::int AS n FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE c.relname LIKE '%_2020_05'
        AND (SELECT array_agg(contype ORDER BY contype) FROM pg_constraint p WHERE p.conrelid = c.oid AND p.contype = 'p') IS NOT NULL`,
    )
    expect(rows[0].n).toBe(5)
  })

  test('without a scope the application sees no row of them, and its partitions cannot be reached', async () => {
    const guarded = await names(
      owner,
      `SELECT n.nspname || '.' || c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relrowsecurity`,
    )
    for (const table of guarded) {
      const { rows } = await app.query(`SELECT count(*)::int AS n FROM ${table}`)
      expect([table, rows[0].n]).toEqual([table, 0])
    }
    const partitions = `SELECT c.oid::regclass::text AS name FROM pg_class c WHERE c.relispartition AND c.relkind = 'r' AND c.relnamespace <> 'pgboss'::regnamespace`
    expect((await names(owner, partitions)).length).toBeGreaterThan(5)
    const reachable = `${partitions} AND (has_table_privilege(c.oid, 'SELECT') OR has_table_privilege(c.oid, 'INSERT') OR has_table_privilege(c.oid, 'UPDATE') OR has_table_privilege(c.oid, 'DELETE'))`
    expect(await names(app, reachable)).toEqual([])
  })
})

describe('application role', () => {
  test('has no power of its own and is a member of nothing but its group', async () => {
    const { rows } = await app.query(
      `SELECT rolsuper, rolbypassrls, rolcreatedb, rolcreaterole, rolreplication FROM pg_roles WHERE rolname IN (current_user, 'vigil_app')`,
    )
    const none = {
      rolsuper: false,
      rolbypassrls: false,
      rolcreatedb: false,
      rolcreaterole: false,
      rolreplication: false,
    }
    expect(rows).toEqual([none, none])
    const member = `SELECT rolname AS name FROM pg_roles WHERE pg_has_role(current_user, oid, 'MEMBER') AND rolname <> current_user`
    expect(await names(app, member)).toEqual(['vigil_app'])
  })

  test('owns nothing and can make nothing', async () => {
    const ours = `(SELECT oid FROM pg_roles WHERE rolname IN ('vigil_app', (SELECT current_database() || '_login')))`
    const owned = `SELECT oid::regclass::text AS name FROM pg_class WHERE relowner IN ${ours}
      UNION ALL SELECT oid::regprocedure::text FROM pg_proc WHERE proowner IN ${ours}
      UNION ALL SELECT nspname FROM pg_namespace WHERE nspowner IN ${ours} AND nspname NOT LIKE 'pg_temp%' AND nspname NOT LIKE 'pg_toast%'`
    expect(await names(owner, owned)).toEqual([])
    expect(
      await names(
        app,
        `SELECT nspname AS name FROM pg_namespace WHERE nspname NOT LIKE 'pg_%' AND has_schema_privilege(oid, 'CREATE')`,
      ),
    ).toEqual([])
  })

  test('cannot change what is kept for good', async () => {
    const change = (table: string) =>
      `SELECT p AS name FROM unnest(ARRAY['UPDATE', 'DELETE', 'TRUNCATE']) p WHERE has_table_privilege('${table}', p) OR (p = 'UPDATE' AND has_any_column_privilege('${table}', p))`
    for (const table of [
      'audit.entry',
      'audit.leaf',
      'audit.head',
      'pharmacy.purchase_revision',
      'vigil.migration',
      'vigil.monthly',
    ])
      expect([table, await names(app, change(table))]).toEqual([table, []])
    expect(await names(app, change('pharmacy.purchase'))).toEqual(['UPDATE'])
    // The person goes when the month is shredded; nothing else of a refusal may be touched.
    const columns = `SELECT attname AS name FROM pg_attribute WHERE attrelid = 'pharmacy.refusal'::regclass AND attnum > 0 AND has_column_privilege(attrelid, attnum, 'UPDATE')`
    expect(await names(app, columns)).toEqual(['person_index'])
  })

  test('functions that run as their owner name their search path', async () => {
    const loose = `SELECT p.oid::regprocedure::text AS name FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
      WHERE p.prosecdef AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND NOT EXISTS (SELECT FROM unnest(p.proconfig) c WHERE c LIKE 'search_path=%')`
    expect(await names(owner, loose)).toEqual([])
  })
})
