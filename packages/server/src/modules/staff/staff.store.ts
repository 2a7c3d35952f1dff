import { addDays, type Day, dayOf, uuidv7 } from '@vigil/codes'
import { sql } from 'kysely'
import { beyondScope, type Tx } from '../../kernel/db/index.ts'
import type { Vault } from '../../kernel/vault/index.ts'
import type { Store } from '../pharmacy/index.ts'
import { longestCycle } from './staff.domain.ts'
import { indexesOf, type Personal, sealPersonal } from './staff.seal.ts'
import type { MemberTable, ResultTable } from './staff.table.ts'

/** A worker as a form or a file has him. */
export interface NewMember {
  readonly role: MemberTable['role']
  readonly documentType: string
  readonly personal: Personal
  readonly joinedOn: Day
}

export interface By {
  readonly at: Date
  readonly name: string
}

/** Rows of somebody who is on a store's roster, for a change. */
const current = (tx: Tx, storeCode: string, personIndex: Buffer) =>
  tx
    .selectFrom('staff.member')
    .select(['id', 'digest', 'joinedOn'])
    .where('storeCode', '=', storeCode)
    .where('personIndex', '=', personIndex)
    .where('leftOn', 'is', null)
    .where('voidAt', 'is', null)

/**
 * Puts a worker on a store's roster; of one who is there name, mobile and role are renewed. The month of the data key must
 * be ensured. Tests that he brings from another store count here too.
 */
export async function putMember(
  tx: Tx,
  vault: Vault,
  store: Store,
  given: NewMember,
  by: By,
): Promise<{ id: string; outcome: 'fresh' | 'changed' | 'unchanged' }> {
  const keyMonth = dayOf(by.at).slice(0, 7)
  const keyed = indexesOf(vault, given.documentType, given.personal, given.role)
  const { role, documentType, joinedOn } = given
  const known = await current(tx, store.code, keyed.personIndex).forUpdate().executeTakeFirst()
  if (known?.digest?.equals(keyed.digest)) return { id: known.id, outcome: 'unchanged' }
  if (known) {
    const sealed = sealPersonal(vault, keyMonth, known.id, given.personal)
    await tx
      .updateTable('staff.member')
      .set({ ...keyed, role, documentType, keyMonth, sealed, updatedAt: by.at })
      .where('id', '=', known.id)
      .execute()
    return { id: known.id, outcome: 'changed' }
  }
  const id = uuidv7()
  await tx
    .insertInto('staff.member')
    .values({
      id,
      storeCode: store.code,
      county: store.county,
      areaCode: store.areaCode,
      path: store.path,
      ...keyed,
      role,
      documentType,
      keyMonth,
      sealed: sealPersonal(vault, keyMonth, id, given.personal),
      joinedOn,
      recordedAt: by.at,
      recordedBy: by.name,
      leftOn: null,
      leftReason: null,
      leftRecordedAt: null,
      voidAt: null,
      updatedAt: by.at,
    })
    .execute()
  await carryTests(tx, id, store.path, keyed.personIndex, addDays(dayOf(by.at), -longestCycle))
  return { id, outcome: 'fresh' }
}

/** Tests of the same person under other rosters, copied with the time at which they came to be known. */
const carryTests = (tx: Tx, id: string, path: string, personIndex: Buffer, since: Day): Promise<unknown> =>
  beyondScope(tx, () =>
    sql`INSERT INTO staff.result (id, member_id, path, sampled_at, sampled_on, outcome, outcome_at, code, lab, source, entered_at, entered_by)
      SELECT DISTINCT ON (r.sampled_at) gen_random_uuid(), ${id}, ${path}, r.sampled_at, r.sampled_on, r.outcome, r.outcome_at, r.code,
        r.lab, r.source, r.entered_at, r.entered_by
      FROM staff.member m JOIN staff.result r ON r.member_id = m.id
      WHERE m.person_index = ${personIndex} AND m.id <> ${id} AND r.void_at IS NULL AND r.sampled_on >= ${since}
      ORDER BY r.sampled_at, r.id`.execute(tx),
  )

export type NewTest = Pick<ResultTable, 'sampledAt' | 'outcome' | 'code' | 'lab' | 'source'>

/**
 * Keeps a test of a person under every roster that he is on, also in areas beyond the caller's. The same test again only
 * brings the outcome that was waited for.
 * @returns whether anything is new
 */
export async function putTest(tx: Tx, personIndex: Buffer, test: NewTest, by: By): Promise<boolean> {
  const sampledOn = dayOf(test.sampledAt)
  return beyondScope(tx, async () => {
    const members = await tx
      .selectFrom('staff.member')
      .select(['id', 'path'])
      .where('personIndex', '=', personIndex)
      .where('voidAt', 'is', null)
      .where((where) => where.or([where('leftOn', 'is', null), where('leftOn', '>', sampledOn)]))
      .orderBy('id')
      .execute()
    if (members.length === 0) return false
    const outcomeAt = test.outcome === 'pending' ? null : by.at
    const rows = members.map(({ id, path }) => ({
      id: uuidv7(),
      memberId: id,
      path,
      ...test,
      sampledOn,
      outcomeAt,
      enteredAt: by.at,
      enteredBy: by.name,
      voidAt: null,
      voidReason: null,
    }))
    const put = await tx
      .insertInto('staff.result')
      .values(rows)
      .onConflict((same) =>
        same
          .columns(['memberId', 'sampledAt'])
          .where('voidAt', 'is', null)
          .doUpdateSet({ outcome: test.outcome, outcomeAt, code: sql`coalesce(excluded.code, result.code)` })
          .where('staff.result.outcome', '=', 'pending')
          .where(sql<boolean>`(excluded.outcome <> 'pending' OR excluded.code IS DISTINCT FROM result.code)`),
      )
      .returning('id')
      .execute()
    return put.length > 0
  })
}

/**
 * Brings the outcome of the tests with a code.
 * @returns whether there are such tests, and how many waited
 */
export async function putOutcome(
  tx: Tx,
  code: string,
  outcome: ResultTable['outcome'],
  by: By,
): Promise<{ found: boolean; changed: number }> {
  return beyondScope(tx, async () => {
    const known = await tx
      .selectFrom('staff.result')
      .select(['id', 'outcome'])
      .where('code', '=', code)
      .where('voidAt', 'is', null)
      .forUpdate()
      .execute()
    const waiting = outcome === 'pending' ? [] : known.filter((row) => row.outcome === 'pending').map(({ id }) => id)
    if (waiting.length > 0)
      await tx.updateTable('staff.result').set({ outcome, outcomeAt: by.at }).where('id', 'in', waiting).execute()
    return { found: known.length > 0, changed: waiting.length }
  })
}
