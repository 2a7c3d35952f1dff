import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'
import { installJobs } from '../job/install.ts'

const folder = join(import.meta.dirname, '../../../migration')

/** A migration that was applied has been changed since, or is missing: the database is not what the code expects. */
export class MigrationError extends Error {
  override name = 'MigrationError'
}

const groupRole = `DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'vigil_app') THEN
    CREATE ROLE vigil_app NOLOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE;
  END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END $$`

async function withOwner<T>(ownerUrl: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: ownerUrl, application_name: 'vigil-migrate' })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

/**
 * Brings the database to the newest version, each file of `migration/` in one transaction, under an advisory lock so
 * that several processes may start at once.
 * @param ownerUrl connection of the role that owns the tables; it needs CREATEROLE the first time
 * @returns how many files were applied, and the connection string of the application role
 * @throws MigrationError when an applied file was changed
 */
export async function migrate(
  ownerUrl: string,
  options: { appPassword: string; log?: (line: string) => void },
): Promise<{ appliedCount: number; appUrl: string }> {
  // All of it under one lock: two processes that grant or alter the same thing at once fail with "tuple concurrently updated".
  return withOwner(ownerUrl, async (client) => {
    const { rows: version } = await client.query<{ v: number }>(
      `SELECT current_setting('server_version_num')::int AS v`,
    )
    if (version[0]!.v < 150_000)
      throw new MigrationError('PostgreSQL 15 or newer is needed 需要 PostgreSQL 15 或更高版本')
    await client.query(`SELECT pg_advisory_lock(hashtext('vigil.migrate'))`)
    await client.query(groupRole)
    await client.query(`CREATE SCHEMA IF NOT EXISTS vigil`)
    await client.query(
      `CREATE TABLE IF NOT EXISTS vigil.migration (name text PRIMARY KEY, sha256 text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())`,
    )
    const done = new Map(
      (await client.query<{ name: string; sha256: string }>(`SELECT name, sha256 FROM vigil.migration`)).rows.map(
        (row) => [row.name, row.sha256],
      ),
    )
    const files = (await readdir(folder)).filter((name) => name.endsWith('.sql')).sort()
    let count = 0
    for (const name of files) {
      const text = await readFile(join(folder, name), 'utf8')
      const sha256 = createHash('sha256').update(text).digest('hex')
      const before = done.get(name)
      if (before === sha256) continue
      if (before) throw new MigrationError(`migration ${name} was changed after it was applied`)
      await client.query('BEGIN')
      try {
        await client.query(text)
        await client.query(`INSERT INTO vigil.migration (name, sha256) VALUES ($1, $2)`, [name, sha256])
        await client.query('COMMIT')
      } catch (error) {
        await client.query('ROLLBACK')
        throw new MigrationError(`migration ${name}: ${(error as Error).message}`, { cause: error })
      }
      count++
    }
    if (count > 0) options.log?.(`数据库结构已更新（${count} 个脚本）`)
    await installJobs(ownerUrl)
    return { appliedCount: count, appUrl: await ensureAppLogin(ownerUrl, options.appPassword) }
  })
}

/**
 * Makes (or updates) the login of the application for this database, member of the group `vigil_app`: it owns nothing,
 * cannot bypass row-level security and cannot create roles. A login that works already is left as it is, so that the owner
 * needs CREATEROLE only for the first start and after a change of the master key.
 * @returns connection string of that login
 * @throws MigrationError when the login may bypass row-level security, or the connection string cannot name another user
 */
export async function ensureAppLogin(ownerUrl: string, appPassword: string): Promise<string> {
  return withOwner(ownerUrl, async (client) => {
    const { rows } = await client.query<{ name: string }>(`SELECT current_database() AS name`)
    const login = `${rows[0]!.name}_login`
    const name = client.escapeIdentifier(login)
    const role = await client.query<{ bypass: boolean }>(
      `SELECT rolsuper OR rolbypassrls AS bypass FROM pg_roles WHERE rolname = $1`,
      [login],
    )
    if (role.rows[0]?.bypass)
      throw new MigrationError(`the role ${login} may bypass row-level security 数据库角色 ${login} 权限过大`)
    const url = new URL(ownerUrl)
    url.username = encodeURIComponent(login)
    url.password = encodeURIComponent(appPassword)
    // A URL without host takes no user name: the application would go on as the owner, past row-level security.
    if (decodeURIComponent(url.username) !== login)
      throw new MigrationError('DATABASE_URL must name a host, as in postgres://owner@host/name 连接地址须写明主机名')
    const appUrl = url.toString()
    if (role.rowCount === 1 && (await worksAs(appUrl, login))) return appUrl
    const password = `LOGIN PASSWORD ${client.escapeLiteral(appPassword)}`
    // Only a superuser may name SUPERUSER or BYPASSRLS in ALTER ROLE, even to deny them; the owner need not be one.
    await client.query(
      role.rowCount === 1
        ? `ALTER ROLE ${name} ${password}`
        : `CREATE ROLE ${name} ${password} NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE`,
    )
    await client.query(`GRANT vigil_app TO ${name}`)
    if (!(await worksAs(appUrl, login)))
      throw new MigrationError(
        `cannot sign in as ${login}: allow this role in pg_hba.conf 数据库角色 ${login} 无法登录，请在 pg_hba.conf 中放行`,
      )
    return appUrl
  })
}

/** Whether a connection string leads to this very role, as a member of the application's group. */
async function worksAs(url: string, login: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, application_name: 'vigil-migrate' })
  try {
    await client.connect()
    const { rows } = await client.query<{ works: boolean }>(
      `SELECT current_user = $1 AND session_user = $1 AND pg_has_role('vigil_app', 'member') AS works`,
      [login],
    )
    return rows[0]!.works
  } catch {
    return false
  } finally {
    await client.end().catch(() => undefined)
  }
}
