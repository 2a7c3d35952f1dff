import { sql } from 'kysely'
import type { Scope, Tx } from '../../kernel/db/index.ts'
import type { Parts } from './coldchain.parts.ts'
import type { HolderRow, LotRow } from './coldchain.table.ts'

/** Whether a scope is, or contains, that of single businesses: who then sees his own, and nothing of others. */
export const ofBusiness = ({ reference }: Pick<Parts, 'reference'>, scope: Scope): boolean =>
  scope.some((path) => path !== '/' && reference.area(path.split('/').at(-2) ?? '')?.path !== path)

/** Whether a path lies in a scope. */
export const sees = (scope: Scope, path: string | undefined): boolean =>
  path !== undefined && scope.some((root) => path.startsWith(root))

const most = 100

/** The businesses of a scope, by name; at most a hundred. */
export const holdersIn = (tx: Tx, scope: Scope): Promise<HolderRow[]> =>
  tx
    .selectFrom('coldchain.holder')
    .selectAll()
    .where(sql<boolean>`path ^@ ANY(${[...scope]}::text[])`)
    .orderBy('name')
    .limit(most)
    .execute()

/** The businesses of a scope that bought of a lot; null for whom all of it concerns: an area, its owner, its warehouse. */
export async function buyersOf(
  parts: Pick<Parts, 'reference'>,
  tx: Tx,
  scope: Scope,
  { ownerId, holderId }: Pick<LotRow, 'ownerId' | 'holderId'>,
): Promise<string[] | null> {
  if (!ofBusiness(parts, scope)) return null
  const own = (await holdersIn(tx, scope)).map(({ id }) => id)
  return own.some((id) => id === ownerId || id === holderId) ? null : own
}
