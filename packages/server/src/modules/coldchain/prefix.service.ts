import type { BodyOf, ColdPrefix, coldchainRoutes } from '@vigil/contract'
import { sql } from 'kysely'
import { assertCan, type Caller, scopeFor } from '../../kernel/access/caller.ts'
import { command } from '../../kernel/command/command.ts'
import { beyondScope, readScope, type Tx } from '../../kernel/db/index.ts'
import { conflict, notFound } from '../../kernel/error/problem.ts'
import type { Parts } from './coldchain.parts.ts'
import type { HolderRow } from './coldchain.table.ts'
import { getHolder } from './holder.service.ts'
import { palletSscc, palletUri } from './label.domain.ts'

/** GS1 company prefixes of the caller's area, with how many pallets were numbered under each. */
export async function listPrefixes({ kernel, reference }: Parts, caller: Caller): Promise<ColdPrefix[]> {
  const rows = await readScope(kernel.db, scopeFor(caller, 'coldchain.manage'), (tx) =>
    tx
      .selectFrom('coldchain.ssccPrefix as p')
      .leftJoin('coldchain.holder as h', 'h.id', 'p.holderId')
      .select(['p.prefix', 'p.holderId', 'p.next', 'p.path', 'h.name'])
      .orderBy('p.prefix')
      .limit(500)
      .execute(),
  )
  return rows.map(({ prefix, holderId, next, path, name }) => ({
    ...{ prefix, holderId, used: Number(next) - 1 },
    name: name ?? reference.areaName(path.split('/').at(-2)!),
  }))
}

/**
 * Registers a GS1 company prefix for pallets of a business, or of an area.
 * @throws Problem 404 outside the area, 409 for a prefix that is, begins or goes on from one that is registered: numbers would meet
 */
export async function savePrefix(
  { kernel, reference }: Parts,
  caller: Caller,
  { prefix, areaCode, holderId }: BodyOf<(typeof coldchainRoutes)['cold-pallet.save-prefix']>,
): Promise<ColdPrefix> {
  const area = reference.area(areaCode)
  if (!area) throw notFound('区划')
  assertCan(caller, 'coldchain.manage', area.path, '区划')
  return command(kernel.db, caller, 'coldchain.manage', async (tx, audit) => {
    const holder = holderId === undefined ? undefined : await getHolder(tx, holderId)
    const path = holder?.path ?? area.path
    assertCan(caller, 'coldchain.manage', path, '经营者')
    await beyondScope(tx, async () => {
      await sql`SELECT pg_advisory_xact_lock(hashtext('coldchain.sscc_prefix'))`.execute(tx)
      const { rows } = await sql`SELECT FROM coldchain.sscc_prefix
        WHERE starts_with(prefix, ${prefix}) OR starts_with(${prefix}, prefix)`.execute(tx)
      if (rows.length > 0) throw conflict('这个厂商识别代码与已登记的重叠', 'taken')
      const made = { path, at: kernel.clock.now(), by: caller.name }
      await tx
        .insertInto('coldchain.ssccPrefix')
        .values({ prefix, holderId: holderId ?? null, ...made })
        .execute()
    })
    const object = holder ? `cold-holder:${holder.id}` : `area:${area.code}`
    await audit({ action: 'coldchain.save-prefix', object, path, detail: { prefix } })
    return { prefix, holderId: holderId ?? null, name: holder?.name ?? reference.areaName(area.code), used: 0 }
  })
}

/**
 * Takes the next pallet number of a business: under its own prefix, else under that of the nearest area around it. Counted in the
 * transaction, so that two at once get two numbers; those that goods brought along are passed over.
 * @throws Problem 409 when there is no prefix, or its numbers are used up
 */
export async function nextSscc(tx: Tx, { id, path }: Pick<HolderRow, 'id' | 'path'>): Promise<string> {
  for (;;) {
    const { rows } = await sql<{ prefix: string; number: number }>`
      UPDATE coldchain.sscc_prefix SET next = next + 1 WHERE prefix = (
        SELECT prefix FROM coldchain.sscc_prefix
        WHERE (holder_id = ${id} OR (holder_id IS NULL AND starts_with(${path}, path))) AND next < 10::numeric ^ (17 - length(prefix))
        ORDER BY holder_id NULLS LAST, length(path) DESC, prefix LIMIT 1)
      RETURNING prefix, next - 1 AS number`.execute(tx)
    const [row] = rows
    if (!row) throw conflict('没有可用的 GS1 厂商识别代码，请联系市场监督管理局登记', 'no-prefix')
    const sscc = palletSscc(row.prefix, Number(row.number))
    const { rows: known } = await sql`SELECT FROM coldchain.box WHERE parent_uri = ${palletUri(sscc)} LIMIT 1`.execute(
      tx,
    )
    if (known.length === 0) return sscc
  }
}
