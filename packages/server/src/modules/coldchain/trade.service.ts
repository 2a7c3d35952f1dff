import { dayOf, uuidv7 } from '@vigil/codes'
import type { BodyOf, coldchainRoutes, ResponseOf } from '@vigil/contract'
import type { EpcisEvent } from '@vigil/epcis/document'
import type { Caller } from '../../kernel/access/caller.ts'
import { type CommandAudit, command } from '../../kernel/command/command.ts'
import type { Tx } from '../../kernel/db/index.ts'
import { invalidField } from '../../kernel/error/problem.ts'
import { capture, type Parts } from './coldchain.parts.ts'
import type { HolderRow } from './coldchain.table.ts'
import { freshLotNo } from './declaration.service.ts'
import { type Goods, type Happening, objectEvent, transformEvent } from './event.build.ts'
import { getGoods, getHolder, getOwnHolder } from './holder.service.ts'
import { lotUri, readCode } from './label.domain.ts'
import { type Claim, once } from './request.store.ts'

type Route = (typeof coldchainRoutes)['cold-trade.record']
type Body = BodyOf<Route>

const aheadMs = 5 * 60_000
const oldestMs = 30 * 86_400_000

/** When something was done that may have waited on a phone. @throws Problem 400 for a time ahead, or over 30 days ago */
export function happenedAt(given: string | undefined, now: Date): Date {
  const at = given === undefined ? now : new Date(given)
  if (at.getTime() > now.getTime() + aheadMs || at.getTime() < now.getTime() - oldestMs)
    throw invalidField('/at', '发生时间应在最近 30 天内')
  return at
}

/** What was scanned: codes of boxes and pallets, lots with their grams. @throws Problem 400 that names the line */
function goodsOf(lines: Body['lines']): Goods {
  const codes: string[] = []
  const lots: { uri: string; grams: number }[] = []
  lines.forEach(({ code, grams }, index) => {
    const read = readCode(code)
    if (!read.ok) throw invalidField(`/lines/${index}/code`, read.message)
    const { kind, uri } = read.code
    if (kind === 'box' || kind === 'pallet') codes.push(uri)
    else if (kind !== 'lot') throw invalidField(`/lines/${index}/code`, '请扫描批次、箱或托盘的编码')
    else if (grams === undefined) throw invalidField(`/lines/${index}/grams`, '请填写重量')
    else lots.push({ uri, grams })
  })
  return { codes, lots }
}

type Output = { readonly uri: string; readonly lotNo: string; readonly grams: number }

async function outputsOf(tx: Tx, { outputs }: Body, at: Date): Promise<Output[]> {
  if (!outputs) throw invalidField('/outputs', '请填写产出的批次和重量', 'required')
  const made: Output[] = []
  for (const { goodsId, lotNo, grams } of outputs) {
    const { gtin } = await getGoods(tx, goodsId)
    const number = lotNo || freshLotNo(dayOf(at))
    made.push({ uri: lotUri(gtin, number), lotNo: number, grams })
  }
  return made
}

const steps = { split: 'repackaging', repack: 'repackaging', process: 'creating_class_instance' } as const
const plain = {
  count: { action: 'OBSERVE', bizStep: 'stock_taking', disposition: 'in_progress' },
  sell: { action: 'DELETE', bizStep: 'retail_selling', disposition: 'retail_sold' },
  lose: { action: 'DELETE', bizStep: 'decommissioning', disposition: 'unavailable' },
  destroy: { action: 'DELETE', bizStep: 'destroying', disposition: 'destroyed' },
} as const

/** The event of what was recorded. */
function eventOf(
  { kind, dispatch }: Body,
  happening: Happening,
  goods: Goods,
  to: HolderRow | undefined,
  outputs: readonly Output[],
): EpcisEvent {
  const { id, place, from } = happening
  if (kind === 'split' || kind === 'repack' || kind === 'process')
    return transformEvent(happening, goods, outputs, steps[kind])
  if (kind === 'ship' || kind === 'return') {
    const disposition = kind === 'ship' ? 'in_transit' : 'returned'
    const what = { action: 'OBSERVE', bizStep: 'shipping', disposition } as const
    return objectEvent({ ...happening, to: to!.uri, advice: `urn:uuid:${id}` }, goods, what)
  }
  if (kind === 'receive') {
    const what = { action: 'OBSERVE', bizStep: 'receiving', disposition: 'in_progress' } as const
    const { at } = happening
    return objectEvent({ id, at, place, to: from, advice: dispatch }, goods, what)
  }
  return objectEvent({ ...happening, advice: kind === 'lose' ? dispatch : undefined }, goods, plain[kind])
}

/**
 * Records what a trader did with goods, as one event through gate and ledger.
 * @throws Problem 400 with the field, 404 for a holder that is not the caller's, EventsRefused that names what may not be
 */
export async function recordTrade(parts: Parts, caller: Caller, body: Body): Promise<ResponseOf<Route>> {
  const goods = goodsOf(body.lines)
  return once<ResponseOf<Route>>(parts, caller, body.key, ['trade', body], (claim, keep) =>
    command(parts.kernel.db, caller, 'coldchain.operate', (tx, audit) => {
      const steps = { tx, audit, claim, keep: (answer: ResponseOf<Route>) => keep(tx, answer) }
      return tradeIn(parts, caller, body, goods, steps)
    }),
  )
}

interface Steps {
  readonly tx: Tx
  readonly audit: (entry: CommandAudit) => Promise<void>
  readonly claim: Claim
  readonly keep: (answer: ResponseOf<Route>) => Promise<ResponseOf<Route>>
}

async function tradeIn(
  parts: Parts,
  caller: Caller,
  body: Body,
  goods: Goods,
  { tx, audit, claim, keep }: Steps,
): Promise<ResponseOf<Route>> {
  const holder = await getOwnHolder(tx, caller, body.holderId)
  await claim(tx, holder.path)
  const at = happenedAt(body.at, parts.kernel.clock.now())
  const sends = body.kind === 'ship' || body.kind === 'return'
  if (sends && body.toId === undefined) throw invalidField('/toId', '请选择收货方', 'required')
  const to = sends ? await getHolder(tx, body.toId!) : undefined
  const makes = body.kind === 'split' || body.kind === 'repack' || body.kind === 'process'
  const outputs = makes ? await outputsOf(tx, body, at) : []
  const id = uuidv7()
  const happening = { id, at, place: holder.locationUri, from: holder.uri }
  const hash = await capture(parts, tx, caller, holder, eventOf(body, happening, goods, to, outputs))
  const lots = await tx
    .selectFrom('coldchain.lot')
    .select(['id', 'uri'])
    .where('uri', 'in', ['', ...outputs.map(({ uri }) => uri)])
    .execute()
  const detail = { kind: body.kind, hash, lines: body.lines.length, to: to?.code ?? null }
  const about = { object: `cold-holder:${holder.id}`, path: holder.path, areaCode: holder.areaCode }
  await audit({ action: 'coldchain.trade', ...about, detail })
  const idOf = new Map(lots.map((lot) => [lot.uri, lot.id]))
  return keep({
    hash,
    dispatch: sends ? `urn:uuid:${id}` : null,
    outputs: outputs.map(({ uri, lotNo }) => ({ lotId: idOf.get(uri)!, uri, lotNo })),
  })
}
