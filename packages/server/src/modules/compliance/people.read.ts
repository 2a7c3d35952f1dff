import type { CompliancePerson } from '@vigil/contract'
import { sql } from 'kysely'
import { type Caller, scopeFor } from '../../kernel/access/caller.ts'
import { beyondScope, readScope, type Tx } from '../../kernel/db/index.ts'
import { notFound } from '../../kernel/error/problem.ts'
import { containing } from '../../kernel/export/index.ts'
import type { ComplianceParts } from './compliance.loop.ts'

interface Row {
  id: string
  name: string
  path: string
}

/** Active persons who may handle conduct at all of some places, the nearest first, with the place where they may. */
export async function handlersAt(
  tx: Tx,
  paths: readonly string[],
  { q, id, limit = 50 }: { q?: string | undefined; id?: string | undefined; limit?: number } = {},
): Promise<Row[]> {
  const like = q?.trim() ? containing(q.trim()) : null
  // Who works in a place is known to those who work there: accounts are not rows of one's own area.
  const { rows } = await beyondScope(tx, () =>
    sql<Row>`
      SELECT a.id, a.display_name AS name, max(g.path) AS path FROM access.account a
      JOIN access.grant g ON g.account_id = a.id JOIN access.role r ON r.code = g.role_code
      WHERE a.kind = 'person' AND a.status = 'active' AND 'compliance.handle' = ANY (r.permissions)
        AND (${id ?? null}::uuid IS NULL OR a.id = ${id ?? null}::uuid)
        AND (${like}::text IS NULL OR a.display_name ILIKE ${like} OR a.username ILIKE ${like})
      GROUP BY a.id, a.display_name
      HAVING NOT EXISTS (SELECT FROM unnest(${[...paths]}::text[]) AS p(path)
        WHERE NOT EXISTS (SELECT FROM unnest(array_agg(g.path)) AS own(path) WHERE p.path ^@ own.path))
      ORDER BY length(max(g.path)) DESC, a.display_name, a.id LIMIT ${limit}`.execute(tx),
  )
  return rows
}

/** Who may be given an inspection of a store. @throws Problem 404 outside the caller's area */
export async function readPeople(
  { kernel, purchases }: ComplianceParts,
  caller: Caller,
  { store: code, q }: { store: string; q?: string },
): Promise<CompliancePerson[]> {
  const { reference } = purchases
  return readScope(kernel.db, scopeFor(caller, 'compliance.handle'), async (tx) => {
    const store = await tx.selectFrom('pharmacy.store').select('path').where('code', '=', code).executeTakeFirst()
    if (!store) throw notFound('药店')
    const rows = await handlersAt(tx, [store.path], { q })
    return rows.map(({ id, name, path }) => ({ id, name, areaName: reference.areaName(path.split('/').at(-2) ?? '') }))
  })
}
