import type { BodyOf, coldchainRoutes, ResponseOf } from '@vigil/contract'
import { invite } from '../../kernel/access/access.service.ts'
import { assertCan, type Caller } from '../../kernel/access/caller.ts'
import { assertCanGive, resolveGrants } from '../../kernel/access/grant.ts'
import type { StoreFacts } from '../../kernel/access/index.ts'
import { command } from '../../kernel/command/command.ts'
import type { Tx } from '../../kernel/db/index.ts'
import type { Reference } from '../pharmacy/index.ts'
import type { Parts } from './coldchain.parts.ts'
import { getHolder } from './holder.service.ts'

type Route = (typeof coldchainRoutes)['cold-desk.invite']

/** What the kernel asks when an account of a business is made or signs in: the business with this code. */
export const holderFacts =
  (reference: Reference) =>
  async (tx: Tx, code: string): Promise<StoreFacts | undefined> => {
    const holder = await tx.selectFrom('coldchain.holder').selectAll().where('code', '=', code).executeTakeFirst()
    if (!holder) return undefined
    const { name, areaCode, path } = holder
    return { code, name, areaName: reference.areaFullName(areaCode), status: 'active', path }
  }

/** Role of an account that acts for one business. */
export const holderRole = 'cold-operator'

/**
 * Creates an account that acts for one business alone: sees its declarations, goods and notices, and nobody else's.
 * @returns the invitation code, shown once @throws Problem 404 outside the area, 403, 409 for a taken user name
 */
export async function inviteHolder(
  { kernel }: Parts,
  caller: Caller,
  id: string,
  account: BodyOf<Route>,
): Promise<ResponseOf<Route>> {
  const invitation = await command(kernel.db, caller, 'account.manage', async (tx, audit) => {
    const { areaCode, code, path } = await getHolder(tx, id)
    assertCan(caller, 'account.manage', path, '经营者')
    const grants = await resolveGrants(tx, [{ roleCode: holderRole, areaCode, storeCode: code }])
    assertCanGive(caller, 'account.manage', grants)
    return invite(tx, audit, account, grants, kernel.clock.now())
  })
  return { ...invitation, expiresAt: invitation.expiresAt.toISOString() }
}
