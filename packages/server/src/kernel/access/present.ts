import type { Permission } from '@vigil/contract'
import { sql } from 'kysely'
import type { Tx } from '../db/index.ts'
import type { CallerGrant } from './caller.ts'

/**
 * What an account or API key may do at `now`, for work that goes on after its request: nothing once it is disabled, revoked
 * or over. The transaction must see the whole country.
 */
export async function presentGrants(tx: Tx, holderId: string, now: Date): Promise<CallerGrant[]> {
  // CamelCasePlugin names the returned column roleCode.
  const { rows } = await sql<{ roleCode: string; path: string; permissions: Permission[] }>`
    select g.role_code, g.path, r.permissions from access.grant g join access.role r on r.code = g.role_code
    left join access.account a on a.id = g.account_id left join access.api_key k on k.id = g.api_key_id
    where (g.account_id = ${holderId} or g.api_key_id = ${holderId})
      and (a.status = 'active' or (k.revoked_at is null and k.expires_at > ${now}))`.execute(tx)
  return rows.map(({ permissions, ...grant }) => ({ ...grant, permissions: new Set(permissions) }))
}
