import { dayOf, startOfDay, uuidv7 } from '@vigil/codes'
import type { BodyOf, Contract, OpeningStore, OwnOpening } from '@vigil/contract'
import { sql } from 'kysely'
import { type Caller, systemCaller } from '../../kernel/access/index.ts'
import { command } from '../../kernel/command/command.ts'
import type { Tx } from '../../kernel/db/index.ts'
import { conflict, invalidField, notFound } from '../../kernel/error/problem.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import type { Reference, Store } from '../pharmacy/index.ts'
import { decideStatement, type Statement } from './opening.domain.ts'
import { ownOpening, readStoreDay } from './opening.read.ts'
import { addDays, putEntry } from './opening.store.ts'
import type { EntryTable } from './opening.table.ts'

type Given = BodyOf<Contract['opening.check-in']>['entries'][number]

const statementOf = (given: Given): Statement => ({
  id: given.id,
  state: given.state,
  reason: given.reason ?? null,
  note: given.note ?? '',
  backOn: given.backOn ?? null,
  saidAt: new Date(given.saidAt),
})

const placeOf = ({ code, county, areaCode, path }: Store) => ({ storeCode: code, county, areaCode, path })

/** The store of an account. @throws Problem 404 for an account without one */
export function ownStore(reference: Reference, caller: Caller): Store {
  const store = caller.storeCode === null ? undefined : reference.store(caller.storeCode)
  if (!store) throw notFound('药店')
  return store
}

/**
 * Takes what a counter says of its days: today's, and what waited on the device without a network. Each statement is judged
 * for itself, so that one that cannot count any more does not hold up the others; the same one again is no second one.
 * @throws Problem 404 for an account without a store, 403 without the permission
 */
export async function checkIn(
  kernel: Kernel,
  reference: Reference,
  caller: Caller,
  given: readonly Given[],
): Promise<{ results: { id: string; status: 'taken' | 'refused'; detail: string | null }[]; own: OwnOpening }> {
  const store = ownStore(reference, caller)
  const now = kernel.clock.now()
  const results = await command(kernel.db, caller, 'opening.own', async (tx, audit) => {
    const done: { id: string; status: 'taken' | 'refused'; detail: string | null }[] = []
    for (const each of given) {
      const decided = decideStatement(statementOf(each), { now, status: store.status })
      if ('refusal' in decided) {
        done.push({ id: each.id, status: 'refused', detail: decided.refusal })
        continue
      }
      const { day, statement } = decided
      const entry: EntryTable = {
        ...placeOf(store),
        ...statement,
        day,
        source: 'counter',
        receivedAt: now,
        actor: caller.name,
        accountId: caller.id,
      }
      const kept = await putEntry(tx, entry)
      done.push({ id: each.id, status: kept ? 'taken' : 'refused', detail: kept ? null : '签到编号重复，请重新签到' })
    }
    await audit({
      action: 'opening.check-in',
      object: `store/${store.code}`,
      areaCode: store.areaCode,
      path: store.path,
      detail: { results: done, states: given.map(({ state }) => state) },
    })
    return done
  })
  return { results, own: await ownOpening(kernel, caller, store) }
}

/**
 * Records who called a store that had not checked in today and what came of it; a store that is reached is stated as open
 * or closed by the word of its people.
 * @throws Problem 404 for a store outside the caller's area, 409 when it has checked in meanwhile, 400 for a closing without reason
 */
export async function recordCall(
  kernel: Kernel,
  reference: Reference,
  caller: Caller,
  body: BodyOf<Contract['opening.call']>,
): Promise<OpeningStore> {
  const store = reference.store(body.storeCode)
  if (!store) throw notFound('药店')
  const now = kernel.clock.now()
  const day = dayOf(now)
  const { result, note } = body
  await command(kernel.db, caller, 'compliance.handle', async (tx, audit) => {
    await assertMissing(tx, store, day)
    const id = uuidv7()
    const call = { id, day, storeCode: store.code, path: store.path, at: now, result, note: note.trim() }
    await tx
      .insertInto('opening.call')
      .values({ ...call, actor: caller.name, accountId: caller.id })
      .execute()
    if (result === 'open' || result === 'closed') {
      const said = { id, state: result, reason: body.reason ?? null, note, backOn: body.backOn ?? null, saidAt: now }
      const decided = decideStatement(said, { now, status: store.status })
      if ('refusal' in decided) throw invalidField('/reason', decided.refusal)
      await putEntry(tx, {
        ...placeOf(store),
        ...decided.statement,
        day,
        source: 'call',
        receivedAt: now,
        actor: caller.name,
        accountId: caller.id,
      })
    }
    await audit({
      action: 'opening.call',
      object: `store/${store.code}`,
      areaCode: store.areaCode,
      path: store.path,
      detail: { day, result },
    })
  })
  const found = await readStoreDay(kernel, reference, caller, 'compliance.handle', store.code, day)
  return found.store
}

async function assertMissing(tx: Tx, store: Store, day: string): Promise<void> {
  const { rows } = await sql<{ seen: boolean; stated: boolean }>`
    SELECT EXISTS (SELECT FROM opening.active_span WHERE store_code = ${store.code} AND from_day <= ${day} AND end_day > ${day}) AS seen,
      EXISTS (SELECT FROM opening.day WHERE day = ${day} AND store_code = ${store.code}) AS stated`.execute(tx)
  if (!rows[0]?.seen) throw notFound('药店')
  if (rows[0].stated) throw conflict('该店已签到，请刷新名单', 'checked-in')
}

/**
 * Puts on record that stores were active since a day before they came into the system, such as the date of the licence.
 * @returns stores whose beginning has moved
 */
export async function backdateStores(kernel: Kernel, codes: readonly string[], day: string): Promise<number> {
  return command(kernel.db, systemCaller('系统', ['store.manage']), 'store.manage', async (tx, audit) => {
    const { rows } = await sql<{ moved: number }>`
      SELECT opening.backdate(${[...codes]}::text[], ${startOfDay(day)}) AS moved`.execute(tx)
    const moved = rows[0]?.moved ?? 0
    await audit({ action: 'opening.backdate', object: 'store', path: '/', detail: { stores: moved, day } })
    return moved
  })
}

/** A statement of a store that was made elsewhere, such as on paper or in another system. */
export type TakenOver = Omit<Statement, 'id'> & { readonly storeCode: string }

/**
 * Takes statements over from elsewhere where nothing was said of a store's day yet; those that could not have counted when
 * they were made are left out. Some thousand at once take about a second.
 * @returns statements taken over
 */
export async function takeOver(kernel: Kernel, reference: Reference, given: readonly TakenOver[]): Promise<number> {
  const rows = given.flatMap(({ storeCode, ...said }) => {
    const store = reference.store(storeCode)
    const statement = { ...said, id: uuidv7() }
    const decided = store && decideStatement(statement, { now: said.saidAt, status: store.status })
    if (!store || !decided || 'refusal' in decided) return []
    return [
      {
        ...placeOf(store),
        ...decided.statement,
        day: decided.day,
        source: 'counter' as const,
        receivedAt: said.saidAt,
      },
    ]
  })
  if (rows.length === 0) return 0
  const caller = systemCaller('系统', ['opening.own'])
  return command(kernel.db, caller, 'opening.own', async (tx, audit) => {
    let taken = 0
    for (let from = 0; from < rows.length; from += 1000)
      taken += await addDays(tx, rows.slice(from, from + 1000), caller.name)
    const detail = { given: given.length, taken }
    await audit({ action: 'opening.take-over', object: 'store', path: '/', detail })
    return taken
  })
}
