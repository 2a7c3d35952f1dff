import { Client } from 'pg'

/** The same server, user and options as `url`, but another database. */
export function databaseUrl(url: string, database: string): string {
  const result = new URL(url)
  result.pathname = `/${database}`
  return result.href
}

/** Drops a test database, cutting its connections, and its login role `<database>_login`. */
export async function dropDatabase(serverUrl: string, database: string): Promise<void> {
  const client = new Client({ connectionString: serverUrl })
  await client.connect()
  try {
    await client.query(`DROP DATABASE IF EXISTS ${client.escapeIdentifier(database)} WITH (FORCE)`)
    await client.query(`DROP ROLE IF EXISTS ${client.escapeIdentifier(`${database}_login`)}`)
  } finally {
    await client.end()
  }
}
