import { seedRoles, systemCaller } from './kernel/access/index.ts'
import { seedAreas } from './kernel/area/index.ts'
import { systemCommand } from './kernel/command/command.ts'
import type { Kernel } from './kernel/kernel.ts'
import { seedDrugs } from './modules/pharmacy/index.ts'

/** What every installation starts with: areas of GB/T 2260, built-in roles, the starter catalogue. Idempotent. */
export async function seedBase(kernel: Kernel): Promise<void> {
  const { rows } = await kernel.connections.system.query<{ done: boolean }>(
    `SELECT EXISTS (SELECT FROM vigil.setting WHERE name = 'seed') AS done`,
  )
  if (rows[0]!.done) return
  await systemCommand(kernel.db, systemCaller('安装', []), async (tx, audit) => {
    await seedAreas(tx)
    await seedRoles(tx)
    await seedDrugs(tx)
    await tx
      .insertInto('vigil.setting')
      .values({ name: 'seed', value: JSON.stringify({ version: 1 }) })
      .execute()
    await audit({ action: 'system.seed', object: 'base', path: '/' })
  })
}
