import { addDays, startOfDay } from '@vigil/codes'
import type { ColdWarehouse, coldchainRoutes, ResponseOf } from '@vigil/contract'
import { sql } from 'kysely'
import { type Caller, scopeFor } from '../../kernel/access/caller.ts'
import { readScope, systemScope } from '../../kernel/db/index.ts'
import { notFound } from '../../kernel/error/problem.ts'
import type { Parts } from './coldchain.parts.ts'
import { mostAheadMs } from './declaration.service.ts'
import { freeSlots } from './desk.domain.ts'
import { getHolder } from './holder.service.ts'
import { loadRules, ruleAt } from './rule.read.ts'

type Routes = typeof coldchainRoutes
const hourMs = 3_600_000

/** Province and city of each path of a scope. */
const citiesOf = (scope: readonly string[]): string[] => [
  ...new Set(scope.map((path) => path.split('/').slice(0, 3).join('/').concat('/').replace(/\/+$/, '/'))),
]

/** Supervised warehouses of the caller's city: where they are is no secret, what is in them is. */
export async function listWarehouses({ kernel, reference }: Parts, caller: Caller): Promise<ColdWarehouse[]> {
  const cities = citiesOf(scopeFor(caller, 'coldchain.read'))
  const now = kernel.clock.now()
  return readScope(kernel.db, systemScope, async (tx) => {
    const rows = await tx
      .selectFrom('coldchain.holder')
      .selectAll()
      .where('kind', '=', 'warehouse')
      .where(sql<boolean>`path ^@ ANY(${cities}::text[])`)
      .orderBy('name')
      .limit(200)
      .execute()
    const rules = await loadRules(tx)
    return rows.map(({ id, code, name, kind, uri, address, areaCode, path, slotsPerHour }) => ({
      ...{ id, code, name, kind, uri, address, slotsPerHour: slotsPerHour! },
      areaName: reference.areaName(areaCode),
      noticeHours: ruleAt(rules, path, now).noticeHours,
    }))
  })
}

/** Hours of a day (Shanghai time) for which a warehouse still takes declarations. @throws Problem 404 for what is no warehouse */
export async function listSlots(
  { kernel }: Parts,
  id: string,
  day: string,
): Promise<ResponseOf<Routes['cold-desk.slots']>['items']> {
  const now = kernel.clock.now()
  return readScope(kernel.db, systemScope, async (tx) => {
    const warehouse = await getHolder(tx, id)
    if (warehouse.kind !== 'warehouse') throw notFound('监管仓')
    const start = startOfDay(day).getTime()
    const rows = await tx
      .selectFrom('coldchain.declaration')
      .select(({ fn }) => ['slotAt', fn.countAll<number>().as('taken')])
      .where('warehouseId', '=', id)
      .where('slotAt', '>=', startOfDay(day))
      .where('slotAt', '<', startOfDay(addDays(day, 1)))
      .where('state', '!=', 'cancelled')
      .groupBy('slotAt')
      .execute()
    const { noticeHours } = ruleAt(await loadRules(tx), warehouse.path, now)
    return freeSlots(start, {
      perHour: warehouse.slotsPerHour!,
      from: now.getTime() + noticeHours * hourMs,
      until: now.getTime() + mostAheadMs,
      taken: new Map(rows.map(({ slotAt, taken }) => [slotAt.getTime(), Number(taken)])),
    })
  })
}

/** Counties of the caller's city, by code. */
export function listCounties({ reference }: Parts, caller: Caller): { code: string; name: string }[] {
  const cities = citiesOf(scopeFor(caller, 'coldchain.operate'))
  return [...reference.areas()]
    .filter(({ level, path }) => level === 'county' && cities.some((city) => path.startsWith(city)))
    .map(({ code, name }) => ({ code, name }))
    .sort((a, b) => (a.code < b.code ? -1 : 1))
}
