import type { BodyOf, ColdDispatch, ColdScanPack, coldchainRoutes } from '@vigil/contract'
import { boxesIn, type Expected, gramsIn, missingOf, type Session } from './session.ts'

type Routes = typeof coldchainRoutes
export type TradeBody = Omit<BodyOf<Routes['cold-trade.record']>, 'key'>
export type Pack = ColdScanPack

/** Despatch advice with all its lots. */
export interface Arrival {
  readonly uri: string
  readonly fromName: string
  readonly returned: boolean
  readonly sentAt: string
  readonly lines: readonly ColdDispatch[]
  /** Grams that are due: sent, less what was declared lost on the way. */
  readonly grams: number
}

/** What is on the way, by despatch advice, oldest first. */
export function arrivalsOf({ arriving }: Pick<Pack, 'arriving'>): Arrival[] {
  const uris = arriving.map(({ uri }) => uri).filter((uri, i, all) => all.indexOf(uri) === i)
  return uris.map((uri) => {
    const lines = arriving.filter((line) => line.uri === uri)
    const grams = lines.reduce((sum, line) => sum + line.grams - line.lostGrams, 0)
    const { fromName = '', returned = false, sentAt = '' } = lines[0] ?? {}
    return { uri, fromName, returned, sentAt, lines, grams }
  })
}

const lotUri = (pack: Pack, id: string) => pack.lots.find((lot) => lot.id === id)?.uri ?? ''

/** What may be scanned in stock: to ship, sell, count. */
export const expectedStock = (pack: Pack): Expected => ({
  boxes: pack.boxes.filter(({ dispatch }) => dispatch === null),
  lots: pack.stock.map(({ lotId, grams }) => ({ id: lotId, uri: lotUri(pack, lotId), grams })),
})

/** What must be scanned to receive a dispatch. */
export const expectedArrival = (pack: Pack, { uri, lines }: Arrival): Expected => ({
  boxes: pack.boxes.filter(({ dispatch }) => dispatch === uri),
  lots: lines.map(({ lotId, grams, lostGrams }) => ({ id: lotId, uri: lotUri(pack, lotId), grams: grams - lostGrams })),
})

const boxLines = (boxes: readonly { readonly uri: string }[]) => boxes.map(({ uri }) => ({ code: uri }))

/** Lines of a session: its boxes by code, weighed lots by grams. */
export const linesOf = (session: Session): TradeBody['lines'] =>
  session.expected.lots.flatMap(({ id, uri }): TradeBody['lines'] => {
    const grams = session.weighed[id]
    return grams === undefined ? boxLines(boxesIn(session, id)) : [{ code: uri, grams }]
  })

/** Lots of a session that something was scanned or weighed of. */
export const touched = (session: Session): readonly string[] =>
  session.expected.lots.map(({ id }) => id).filter((id) => gramsIn(session, id) > 0)

const missingIn = (session: Session, lotIds: readonly string[]) =>
  missingOf(session).filter(({ lotId }) => lotIds.indexOf(lotId) >= 0 && session.weighed[lotId] === undefined)

/**
 * What is sent to receive a dispatch, in order: missing boxes are declared lost on the way when `lost` says so, then what came is
 * received. Lots of which nothing came stay on the way, unless they are lost.
 */
export function receiveBodies(
  session: Session,
  { uri }: Pick<Arrival, 'uri'>,
  lost: boolean,
  common: Pick<TradeBody, 'holderId' | 'at'>,
): TradeBody[] {
  const missing = lost
    ? missingIn(
        session,
        session.expected.lots.map(({ id }) => id),
      )
    : []
  const lines = linesOf(session)
  return [
    ...(missing.length > 0 ? [{ ...common, kind: 'lose' as const, dispatch: uri, lines: boxLines(missing) }] : []),
    ...(lines.length > 0 ? [{ ...common, kind: 'receive' as const, dispatch: uri, lines }] : []),
  ]
}

/** What is sent of a stock-taking, in order: boxes not found are declared lost when `lost` says so, then the rest is counted. */
export function countBodies(session: Session, lost: boolean, common: Pick<TradeBody, 'holderId' | 'at'>): TradeBody[] {
  const missing = lost ? missingIn(session, touched(session)) : []
  const lines = linesOf(session)
  return [
    ...(missing.length > 0 ? [{ ...common, kind: 'lose' as const, lines: boxLines(missing) }] : []),
    ...(lines.length > 0 ? [{ ...common, kind: 'count' as const, lines }] : []),
  ]
}

type Stock = Pack['stock'][number]

function moved(stock: readonly Stock[], lotId: string, grams: number, at: string): Stock[] {
  const held = stock.find((each) => each.lotId === lotId)
  const rest = stock.filter((each) => each !== held)
  const left = (held?.grams ?? 0) + grams
  return left > 0 ? [...rest, { lotId, grams: left, countedAt: held?.countedAt ?? null, movedAt: at }] : rest
}

/**
 * The pack as it will be once a movement that waits is through: what was received offline can be sold offline. What the server
 * makes of it stands; this is forgotten with the next pack.
 */
export function applyWaiting(pack: Pack, body: TradeBody): Pack {
  const { kind, dispatch, at = pack.at } = body
  const codes = new Set(body.lines.map(({ code }) => code))
  const boxes = pack.boxes.filter(({ uri }) => codes.has(uri))
  const grams: Record<string, number> = {}
  for (const box of boxes) grams[box.lotId] = (grams[box.lotId] ?? 0) + box.grams
  for (const line of body.lines) {
    const lot = pack.lots.find(({ uri }) => uri === line.code)
    if (lot) grams[lot.id] = (grams[lot.id] ?? 0) + (line.grams ?? 0)
  }
  const lotIds = Object.keys(grams)
  const of = (lotId: string) => grams[lotId] ?? 0
  if (kind === 'count') {
    const counted = (each: Stock) => (grams[each.lotId] === undefined ? each : { ...each, countedAt: at })
    return { ...pack, stock: pack.stock.map(counted) }
  }
  const gone = pack.boxes.filter(({ uri }) => !codes.has(uri))
  if (kind === 'receive') {
    const here = (box: Pack['boxes'][number]) => (codes.has(box.uri) ? { ...box, dispatch: null } : box)
    return {
      ...pack,
      boxes: pack.boxes.map(here),
      arriving: pack.arriving.filter((line) => line.uri !== dispatch || grams[line.lotId] === undefined),
      stock: lotIds.reduce<readonly Stock[]>((stock, id) => moved(stock, id, of(id), at), pack.stock).slice(),
    }
  }
  if (kind === 'lose' && dispatch !== undefined) {
    const less = (line: ColdDispatch) =>
      line.uri === dispatch ? { ...line, lostGrams: Math.min(line.grams, line.lostGrams + of(line.lotId)) } : line
    return { ...pack, boxes: gone, arriving: pack.arriving.map(less) }
  }
  const stock = lotIds.reduce<readonly Stock[]>((rest, id) => moved(rest, id, -of(id), at), pack.stock)
  return { ...pack, boxes: gone, stock: stock.slice() }
}
