import type { Part } from '@vigil/epcis/trace'
import type { Book, BoxFacts, LotFacts } from './ledger.book.ts'

/** Why an event may not be: a named rule, a sentence for a person, and the code that it is about. */
export interface Refusal {
  readonly rule: LedgerRule
  readonly message: string
  readonly uri: string | null
}

export const ledgerRules = {
  'unknown-code': '批次或箱码未登记',
  'unknown-holder': '经营者或场所未登记',
  'no-recipient': '发货未写明收货方',
  'no-mass': '没有重量，或不是整克',
  'boxes-disagree': '箱数合计与填写重量不一致',
  'box-not-here': '箱子不在该经营者处',
  'not-released': '批次未放行',
  'not-a-way-back': '批次正在召回，只能退回发货给你的经营者或召回集中点',
  'not-entered': '批次未入监管仓',
  'entered-twice': '批次已经入仓',
  'entry-disagrees': '入仓数量与双方确认的不一致',
  'not-enough': '库存不足',
  'never-sent': '没有对应的发货',
  ambiguous: '有多笔在途发货，请写明发货单',
  'received-twice': '这笔发货已经收货',
  'receipt-mismatch': '收货与发货数量不一致',
  'count-mismatch': '盘点数量与账面不一致，请先登记损失',
  'advice-used': '发货单号已经使用',
  'mass-created': '产出重量大于投入',
  'loss-in-repack': '分装前后重量不一致',
  'output-not-lot': '产出必须写明批次和重量',
  'output-exists': '产出批次已经存在，且不属于该经营者',
  'transformation-in-parts': '投入和产出必须在同一事件中',
  'order-exceeded': '超出销毁指令的重量',
  unsupported: '账本不支持这种操作',
} as const
export type LedgerRule = keyof typeof ledgerRules

export const refuse = (rule: LedgerRule, uri: string | null = null, more = ''): Refusal => ({
  rule,
  uri,
  message: `${ledgerRules[rule]}${more}`,
})
export const isRefusal = (value: object): value is Refusal => 'rule' in value

/** A lot in an event: how much of it, and which boxes. Null grams: it is named without a mass. */
export interface Share {
  readonly lot: LotFacts
  readonly grams: number | null
  readonly boxes: readonly BoxFacts[]
}

const keyPattern = /^https:\/\/id\.gs1\.org\/01\/(\d{14})(?:\/|$)/
/** GTIN of a canonical Digital Link; undefined for every other code. */
export const gtinOf = (uri: string): string | undefined => keyPattern.exec(uri)?.[1]

/** What a list of an event names, by lot; `other` is what the ledger does not follow. A pallet counts as the boxes on it. */
export function gather(book: Book, parts: readonly Part[]): { shares: Share[]; other: Part[] } | Refusal {
  const byLot = new Map<LotFacts, { weighed: number | null; boxes: Set<BoxFacts> }>()
  const of = (lot: LotFacts) => {
    const known = byLot.get(lot) ?? { weighed: null, boxes: new Set() }
    byLot.set(lot, known)
    return known
  }
  // Looked through only for what is neither lot nor box: most events name none.
  const on = (pallet: string) => {
    const all = [...book.boxes.values()].filter(({ parent }) => parent === pallet)
    const left = all.filter(({ gone }) => !gone)
    // Of a pallet that is gone as a whole its boxes are told, so that it is refused and not passed unseen.
    return left.length > 0 ? left : all
  }
  const other: Part[] = []
  for (const part of parts) {
    const lot = book.lots.get(part.uri)
    const box = book.boxes.get(part.uri)
    const inside = lot || box ? [] : on(part.uri)
    if (lot) {
      const entry = of(lot)
      if (part.grams !== null) entry.weighed = (entry.weighed ?? 0) + part.grams
    } else if (box || inside.length > 0) {
      for (const each of box ? [box] : inside) of(book.lotsById.get(each.lotId)!).boxes.add(each)
    } else if (book.gtins.has(gtinOf(part.uri) ?? '')) return refuse('unknown-code', part.uri)
    else other.push(part)
  }
  const shares: Share[] = []
  for (const [lot, { weighed, boxes }] of byLot) {
    const counted = [...boxes].reduce((sum, { grams }) => sum + grams, 0)
    if (boxes.size > 0 && weighed !== null && weighed !== counted) return refuse('boxes-disagree', lot.uri)
    shares.push({ lot, grams: weighed ?? (boxes.size > 0 ? counted : null), boxes: [...boxes] })
  }
  return { shares, other }
}
