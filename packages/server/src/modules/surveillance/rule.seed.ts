import { sql } from 'kysely'
import { systemScope, withScope } from '../../kernel/db/index.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import type { Reference } from '../pharmacy/index.ts'
import { defaultRules } from './rule.defaults.ts'
import { insertRule } from './rule.store.ts'

const setting = 'surveillance.seeded'

/** Areas right above counties that hold stores: cities, and provinces that govern counties themselves. */
function citiesOf(reference: Reference): Map<string, string> {
  const cities = new Map<string, string>()
  for (const { county } of reference.stores()) {
    const parent = reference.area(county)?.parent
    const city = parent ? reference.area(parent) : undefined
    if (city) cities.set(city.code, city.path)
  }
  return cities
}

/** Gives every city its rules when it has its first store, once: rules that were paused later stay so. */
export async function seedRules(kernel: Kernel, reference: Reference, known: Set<string>): Promise<void> {
  const cities = [...citiesOf(reference)].filter(([code]) => !known.has(code))
  if (cities.length === 0) return
  await withScope(kernel.db, systemScope, async (tx) => {
    // Of processes that start together the first one sets up the rules.
    await sql`select pg_advisory_xact_lock(hashtext('surveillance.seed'))`.execute(tx)
    const row = await tx.selectFrom('vigil.setting').select('value').where('name', '=', setting).executeTakeFirst()
    const seeded = new Set((row?.value as string[] | undefined) ?? [])
    for (const [code, path] of cities) {
      known.add(code)
      if (seeded.has(code)) continue
      seeded.add(code)
      let at = kernel.clock.now().getTime()
      // A moment apart, so that their order is that of the list.
      for (const rule of defaultRules)
        await insertRule(tx, { ...rule, areaCode: code, path, active: true }, new Date(at++), '系统默认')
    }
    const value = JSON.stringify([...seeded])
    await tx
      .insertInto('vigil.setting')
      .values({ name: setting, value })
      .onConflict((conflict) => conflict.column('name').doUpdateSet({ value }))
      .execute()
  })
}
