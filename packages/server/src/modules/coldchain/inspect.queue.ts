import { uuidv7 } from '@vigil/codes'
import type { ColdWaitingLot, coldchainRoutes, QueryOf, ResponseOf } from '@vigil/contract'
import { sql } from 'kysely'
import { assertCan, type Caller, scopeFor, within } from '../../kernel/access/caller.ts'
import { command } from '../../kernel/command/command.ts'
import { readScope } from '../../kernel/db/index.ts'
import { conflict } from '../../kernel/error/problem.ts'
import { chosenScope, type Parts } from './coldchain.parts.ts'
import type { LotRow } from './coldchain.table.ts'
import { getLot } from './declaration.store.ts'
import { getSeenLot } from './lot.read.ts'
import { weighRelease } from './release.service.ts'

type Routes = typeof coldchainRoutes
/** Lots that one look goes through: what lacks what is worked out for each. */
const most = 100

type Waiting = LotRow & {
  holderName: string
  enteredAt: Date
  grams: number
  refusal: { reason: string; at: string; by: string } | null
}

/**
 * Lots of the caller's area that wait for their release, the longest waiting first, with what each still lacks.
 * @throws Problem 404 for an area outside
 */
export async function listWaiting(
  parts: Parts,
  caller: Caller,
  { area, which }: QueryOf<Routes['cold-inspect.queue']>,
): Promise<ResponseOf<Routes['cold-inspect.queue']>> {
  const own = scopeFor(caller, 'coldchain.inspect')
  const scope = chosenScope(parts, caller, area).filter((root) => own.some((path) => within(root, path)))
  return readScope(parts.kernel.db, scope, async (tx) => {
    const { rows } = await sql<Waiting>`
      SELECT l.*, h.name AS holder_name, d.entered_at, d.entered_grams AS grams, (
        SELECT jsonb_build_object('reason', r.reason, 'at', r.at, 'by', r.by) FROM coldchain.refusal r WHERE r.lot_id = l.id
        ORDER BY r.id DESC LIMIT 1) AS refusal
      FROM coldchain.lot l JOIN coldchain.declaration d ON d.lot_id = l.id AND d.state = 'entered' JOIN coldchain.holder h ON h.id = l.holder_id
      WHERE l.kind = 'imported' AND l.releases = 0 AND l.path ^@ ANY(${[...scope]}::text[]) ORDER BY d.entered_at LIMIT ${most + 1}`.execute(
      tx,
    )
    const items: ColdWaitingLot[] = []
    for (const { refusal, enteredAt, holderName, grams, ...lot } of rows.slice(0, most)) {
      const { troubles, samples } = await weighRelease(tx, lot)
      const of = (result: string) => samples.filter((sample) => sample.result === result).length
      items.push({
        ...{ id: lot.id, lotNo: lot.lotNo, goodsName: lot.goodsName, holderName, grams, problems: troubles },
        ...{ samples: samples.length, pending: of('pending'), positive: of('positive') },
        enteredAt: enteredAt.toISOString(),
        refusal: refusal && { ...refusal, at: new Date(refusal.at).toISOString() },
      })
    }
    const ready = items.filter(({ problems }) => problems.length === 0)
    const testing = items.filter(({ problems }) => problems.length > 0)
    const shown = { ready, testing }
    const counts = { ready: ready.length, testing: testing.length, cut: rows.length > most }
    return { items: which ? shown[which] : [...ready, ...testing], ...counts }
  })
}

/** Why a lot that concerns the caller's area was not released, newest first. @throws Problem 404 */
export async function listRefusals(
  { kernel }: Parts,
  caller: Caller,
  id: string,
): Promise<ResponseOf<Routes['cold-inspect.refusals']>['items']> {
  const rows = await readScope(kernel.db, ['/'], async (tx) => {
    await getSeenLot(tx, scopeFor(caller, 'coldchain.read'), id)
    return tx
      .selectFrom('coldchain.refusal')
      .select(['reason', 'at', 'by'])
      .where('lotId', '=', id)
      .orderBy('id', 'desc')
      .limit(100)
      .execute()
  })
  return rows.map((row) => ({ ...row, at: row.at.toISOString() }))
}

/** Refuses the release of a lot for a reason. @throws Problem 404 outside the area, 409 when it is released */
export async function refuseRelease({ kernel }: Parts, caller: Caller, id: string, reason: string): Promise<void> {
  await command(kernel.db, caller, 'coldchain.inspect', async (tx, audit) => {
    const lot = await getLot(tx, id)
    assertCan(caller, 'coldchain.inspect', lot.path, '批次')
    if (lot.kind !== 'imported') throw conflict('只有本地入仓的批次需要放行', 'kind')
    if (lot.releases % 2 === 1) throw conflict('批次已经放行，请改为撤销放行', 'released')
    const row = { id: uuidv7(), lotId: id, reason: reason.trim(), path: lot.path }
    await tx
      .insertInto('coldchain.refusal')
      .values({ ...row, at: kernel.clock.now(), by: caller.name })
      .execute()
    await audit({
      action: 'coldchain.refuse',
      object: `cold-lot:${id}`,
      path: lot.path,
      detail: { reason: row.reason },
    })
  })
}
