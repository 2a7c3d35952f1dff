import type { ColdLot } from '@vigil/contract'
import { sql } from 'kysely'
import { type Caller, scopeFor } from '../../kernel/access/caller.ts'
import { readScope, systemScope } from '../../kernel/db/index.ts'
import type { Parts } from './coldchain.parts.ts'
import { readCode } from './label.domain.ts'
import { byNumber, concerns, seenLots, shownLot } from './lot.read.ts'

/**
 * Lots behind whatever somebody has in hand: a box, pallet, lot or its Digital Link, the number of a lot, of the supplier's lot, of a
 * container, declaration or certificate. Each by an index of its own; those that concern the caller's area, newest first.
 */
export async function findLots({ kernel }: Parts, caller: Caller, given: string): Promise<ColdLot[]> {
  const scope = scopeFor(caller, 'coldchain.read')
  const q = given.trim()
  const read = readCode(q)
  return readScope(kernel.db, systemScope, async (tx) => {
    const uri = read.ok ? read.code.uri : ''
    const from = sql`(SELECT id FROM ${byNumber(q, scope)} AS named UNION
      SELECT l.id FROM coldchain.lot l WHERE ${concerns(scope)} AND l.id IN (
        SELECT id FROM coldchain.lot WHERE uri = ${uri} UNION SELECT lot_id FROM coldchain.box WHERE uri = ${uri}
        UNION SELECT lot_id FROM coldchain.box WHERE parent_uri = ${uri} UNION SELECT lot_id FROM coldchain.certificate WHERE number = ${q}))`
    const { rows } = await seenLots(from).execute(tx)
    return rows.slice(0, 200).map(shownLot)
  })
}
