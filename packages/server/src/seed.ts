import { sql } from 'kysely'
import { seedRoles, systemCaller } from './kernel/access/index.ts'
import { seedAreas } from './kernel/area/index.ts'
import { record } from './kernel/audit/index.ts'
import { auditOf } from './kernel/command/command.ts'
import { systemScope, withScope } from './kernel/db/index.ts'
import type { Kernel } from './kernel/kernel.ts'
import { seedDrugs } from './modules/pharmacy/index.ts'

/** What every installation starts with: areas of GB/T 2260, built-in roles, the starter catalogue. Idempotent. */
export async function seedBase(kernel: Kernel): Promise<void> {
  const { rows } = await kernel.connections.system.query<{ done: boolean }>(
    `SELECT EXISTS (SELECT FROM vigil.setting WHERE name = 'seed') AS done`,
  )
  if (rows[0]!.done) return
  const caller = systemCaller('安装', [])
  await withScope(kernel.db, systemScope, async (tx) => {
    // Processes that start together wait for the first one and find its work done.
    await sql`select pg_advisory_xact_lock(hashtext('vigil.seed'))`.execute(tx)
    if (await tx.selectFrom('vigil.setting').select('name').where('name', '=', 'seed').executeTakeFirst()) return
    await seedAreas(tx)
    await seedRoles(tx)
    await seedDrugs(tx)
    await tx
      .insertInto('vigil.setting')
      .values({ name: 'seed', value: JSON.stringify({ version: 1 }) })
      .execute()
    await record(tx, auditOf(caller, { action: 'system.seed', object: 'base', path: '/' }))
  })
}
