import { createHash } from 'node:crypto'
import { uuidv7 } from '@vigil/codes'
import type { BodyOf, coldchainRoutes } from '@vigil/contract'
import { assertCan, type Caller } from '../../kernel/access/caller.ts'
import { command } from '../../kernel/command/command.ts'
import { beyondScope, type Tx } from '../../kernel/db/index.ts'
import { conflict } from '../../kernel/error/problem.ts'
import { evidenceText } from './certificate.domain.ts'
import { capture, type Parts } from './coldchain.parts.ts'
import type { Evidence, HolderRow, LotRow, SampleRow } from './coldchain.table.ts'
import type { Trouble } from './declaration.domain.ts'
import { documentsOf, getLot, standing, troublesOf } from './declaration.store.ts'
import { objectEvent } from './event.build.ts'
import { getHolder, getOwnHolder } from './holder.service.ts'
import { lockLots } from './ledger.load.ts'
import { refuseRecalled } from './recall.store.ts'
import { releaseTroubles } from './release.domain.ts'
import { loadRules } from './rule.read.ts'
import { tally } from './tally.store.ts'

type Routes = typeof coldchainRoutes

/** Samples of a lot, oldest first. */
export const samplesOf = (tx: Tx, lotId: string): Promise<SampleRow[]> =>
  tx.selectFrom('coldchain.sample').selectAll().where('lotId', '=', lotId).orderBy('id').limit(200).execute()

/** What stands in the way of a release, and what it would rest on. */
export async function weighRelease(
  tx: Tx,
  lot: LotRow,
): Promise<{ troubles: Trouble[]; samples: SampleRow[]; evidence: Evidence[]; digest: string }> {
  const declaration = await tx
    .selectFrom('coldchain.declaration')
    .selectAll()
    .where('lotId', '=', lot.id)
    .executeTakeFirst()
  const documents = declaration ? await documentsOf(tx, declaration.id) : []
  const samples = await samplesOf(tx, lot.id)
  const { disinfections } = await tx
    .selectFrom('coldchain.disinfection')
    .select(({ fn }) => fn.countAll<number>().as('disinfections'))
    .where('lotId', '=', lot.id)
    .executeTakeFirstOrThrow()
  const papers = declaration ? troublesOf(declaration, lot, documents, await loadRules(tx)) : []
  const troubles = [...papers, ...releaseTroubles(declaration?.state === 'entered', samples, disinfections)]
  const papersKept = standing(documents).map(({ kind, number, sha256 }) => ({ kind, number, sha256 }))
  const results = samples.map(({ subject, code, result }) => ({ subject, code, result }))
  const digest = createHash('sha256').update(evidenceText(papersKept, results)).digest('hex')
  const tested = samples.map(({ id, subject, code, result, reportNo }) => ({
    kind: `result-${subject}`,
    number: code,
    sha256: createHash('sha256')
      .update(JSON.stringify([id, subject, code, result, reportNo]))
      .digest('hex'),
  }))
  return { troubles, samples, evidence: [...papersKept, ...tested], digest }
}

/** Writes a release or withdrawal, which opens or shuts the gate. @returns its id @throws Problem 409 out of turn */
export async function putRelease(
  tx: Tx,
  lot: Pick<LotRow, 'id' | 'path' | 'releases'>,
  {
    kind,
    evidence,
    digest,
    reason,
    at,
    by,
  }: {
    readonly kind: 'release' | 'withdraw'
    readonly evidence: readonly Evidence[]
    readonly digest: string
    readonly reason: string
    readonly at: Date
    readonly by: string
  },
): Promise<string> {
  const isReleased = lot.releases % 2 === 1
  if ((kind === 'release') === isReleased) throw conflict(isReleased ? '批次已经放行' : '批次没有放行，不能撤销', kind)
  const id = uuidv7()
  await tx
    .insertInto('coldchain.release')
    .values({
      ...{ id, lotId: lot.id, number: lot.releases + 1, kind, evidence: JSON.stringify(evidence), digest },
      ...{ reason: reason.trim(), path: lot.path, at, by },
    })
    .execute()
  return id
}

/** The lot, locked against movements and other releases. */
async function lockLot(tx: Tx, caller: Caller, id: string): Promise<{ lot: LotRow; holder: HolderRow }> {
  const found = await getLot(tx, id)
  assertCan(caller, 'coldchain.inspect', found.path, '批次')
  await lockLots(tx, [id])
  const lot = await getLot(tx, id)
  return { lot, holder: await getHolder(tx, lot.holderId) }
}

/**
 * Releases a lot: what it rests on is bound by hash. @throws Problem 404 outside the area, 409 naming the first thing that is wanting
 */
export async function releaseLot(parts: Parts, caller: Caller, id: string, reason: string): Promise<void> {
  const { kernel } = parts
  await command(kernel.db, caller, 'coldchain.inspect', async (tx, audit) => {
    const { lot, holder } = await lockLot(tx, caller, id)
    if (lot.kind !== 'imported') throw conflict('只有本地入仓的批次需要放行', 'kind')
    await refuseRecalled(tx, [id])
    const { troubles, evidence, digest } = await weighRelease(tx, lot)
    if (troubles[0]) throw conflict(`不能放行：${troubles.map(({ detail }) => detail).join('、')}`, troubles[0].rule)
    const at = kernel.clock.now()
    const release = await putRelease(tx, lot, { kind: 'release', evidence, digest, reason, at, by: caller.name })
    await tell(parts, tx, caller, lot, holder, { id: release, at, disposition: 'conformant' })
    await beyondScope(tx, () => tally(tx, holder, at, { released: 1 }))
    await audit({ action: 'coldchain.release', object: `cold-lot:${id}`, path: lot.path, detail: { digest, evidence } })
  })
}

/** Withdraws a release: the gate is shut again. @throws Problem 404 outside the area, 409 when it is not released */
export async function withdrawRelease(parts: Parts, caller: Caller, id: string, reason: string): Promise<void> {
  const { kernel } = parts
  await command(kernel.db, caller, 'coldchain.inspect', async (tx, audit) => {
    const { lot, holder } = await lockLot(tx, caller, id)
    const at = kernel.clock.now()
    const nothing = { evidence: [], digest: '' }
    const release = await putRelease(tx, lot, { kind: 'withdraw', ...nothing, reason, at, by: caller.name })
    await tell(parts, tx, caller, lot, holder, { id: release, at, disposition: 'non_conformant' })
    const detail = { reason: reason.trim() }
    await audit({ action: 'coldchain.withdraw', object: `cold-lot:${id}`, path: lot.path, detail })
  })
}

/** Tells of a release or withdrawal as an inspection. */
export async function tell(
  parts: Parts,
  tx: Tx,
  caller: Caller,
  lot: Pick<LotRow, 'uri'>,
  holder: HolderRow,
  { id, at, disposition }: { readonly id: string; readonly at: Date; readonly disposition: string },
): Promise<void> {
  const event = objectEvent(
    { id, at, place: holder.locationUri },
    { codes: [], lots: [{ uri: lot.uri, grams: null }] },
    { action: 'OBSERVE', bizStep: 'inspecting', disposition },
  )
  await capture(parts, tx, caller, holder, event)
}

/** Destroys grams of a lot at a holder of the caller's area under a new order; see `destroyByOrder`. */
export async function destroyUnderOrder(
  parts: Parts,
  tx: Tx,
  caller: Caller,
  lotId: string,
  { holderId, orderNo, grams, reason }: BodyOf<Routes['cold-lot.destroy-by-order']>,
): Promise<{ orderId: string; holder: HolderRow; at: Date; order: object }> {
  const lot = await getLot(tx, lotId)
  const holder = await getOwnHolder(tx, caller, holderId, 'coldchain.inspect')
  const at = parts.kernel.clock.now()
  const orderId = uuidv7()
  const order = { number: orderNo.trim(), lotId, grams, reason: reason.trim() }
  await tx
    .insertInto('coldchain.destroyOrder')
    .values({ id: orderId, ...order, path: holder.path, at, by: caller.name })
    .execute()
  const event = objectEvent(
    { id: orderId, at, place: holder.locationUri },
    { codes: [], lots: [{ uri: lot.uri, grams }] },
    { action: 'DELETE', bizStep: 'destroying', disposition: 'destroyed' },
  )
  await capture(parts, tx, caller, holder, event)
  await tally(tx, holder, at, { withdrawnGrams: grams })
  return { orderId, holder, at, order }
}

/**
 * Destroys grams of a lot at a holder under an order, whether it is released or not.
 * @throws Problem 404 outside the area, EventsRefused when they are not there
 */
export async function destroyByOrder(
  parts: Parts,
  caller: Caller,
  lotId: string,
  body: BodyOf<Routes['cold-lot.destroy-by-order']>,
): Promise<void> {
  await command(parts.kernel.db, caller, 'coldchain.inspect', async (tx, audit) => {
    const { holder, order } = await destroyUnderOrder(parts, tx, caller, lotId, body)
    const about = { object: `cold-lot:${lotId}`, path: holder.path }
    await audit({ action: 'coldchain.destroy', ...about, detail: { ...order } })
  })
}
