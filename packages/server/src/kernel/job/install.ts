import pg from 'pg'
import { PgBoss } from 'pg-boss'

/** Schema of the queue's own tables. */
export const schema = 'pgboss'

/** Creates or updates the queue's tables as the owner and lets the application role use them. */
export async function installJobs(ownerUrl: string): Promise<void> {
  const boss = new PgBoss({ connectionString: ownerUrl, schema, supervise: false, schedule: false, max: 1 })
  boss.on('error', () => undefined)
  await boss.start()
  await boss.stop({ graceful: false })
  const client = new pg.Client({ connectionString: ownerUrl })
  await client.connect()
  try {
    await client.query(`
      GRANT USAGE ON SCHEMA ${schema} TO vigil_app;
      GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA ${schema} TO vigil_app;
      GRANT USAGE ON ALL SEQUENCES IN SCHEMA ${schema} TO vigil_app;
      GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA ${schema} TO vigil_app`)
  } finally {
    await client.end()
  }
}
