import { randomBytes } from 'node:crypto'
import { checkCreditCode } from '@vigil/codes'
import type { BodyOf, ColdHolder, coldchainRoutes } from '@vigil/contract'
import { type Caller, scopeFor } from '../../kernel/access/caller.ts'
import { command } from '../../kernel/command/command.ts'
import { beyondScope, readScope } from '../../kernel/db/index.ts'
import { invalidField, notFound } from '../../kernel/error/problem.ts'
import type { Parts } from './coldchain.parts.ts'
import { putHolder, savedHolder, shownHolder } from './holder.service.ts'

/**
 * Registers a business that one trades with, under a number of its own; who is known in that area is answered as known. A supervised
 * warehouse is not registered by traders.
 * @throws Problem 400 for a wrong credit code, 404 for an area that is not administered here
 */
export async function addPartner(
  { kernel, reference }: Parts,
  caller: Caller,
  body: BodyOf<(typeof coldchainRoutes)['cold-desk.add-partner']>,
): Promise<ColdHolder> {
  const area = reference.area(body.areaCode)
  if (!area) throw notFound('区划')
  const credit = checkCreditCode(body.creditCode)
  if (!credit.ok) throw invalidField('/creditCode', credit.message, credit.code)
  const creditCode = credit.value.code
  const known = await readScope(kernel.db, scopeFor(caller, 'coldchain.operate'), (tx) =>
    tx
      .selectFrom('coldchain.holder')
      .selectAll()
      .where('creditCode', '=', creditCode)
      .where('areaCode', '=', area.code)
      .where('kind', '=', body.kind)
      .executeTakeFirst(),
  )
  if (known) return shownHolder(known)
  return command(kernel.db, caller, 'coldchain.operate', async (tx, audit) => {
    const code = `JY-${randomBytes(5).toString('hex').toUpperCase()}`
    const made = { at: kernel.clock.now(), by: caller.name }
    // A business elsewhere is registered, and its audit row written, where it is: beyond the own place.
    return beyondScope(tx, async () => {
      const row = await putHolder(tx, { ...body, code, creditCode }, area, made)
      await audit(savedHolder(row))
      return shownHolder(row)
    })
  })
}
