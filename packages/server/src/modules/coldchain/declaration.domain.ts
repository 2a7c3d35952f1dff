import { addDays } from '@vigil/codes'

export const documentKinds = ['customs', 'quarantine', 'test', 'disinfection'] as const
type Kind = (typeof documentKinds)[number]
const names: Readonly<Record<Kind, string>> = {
  customs: '报关单',
  quarantine: '入境货物检验检疫证明',
  test: '核酸检测证明',
  disinfection: '消毒证明',
}

export interface PaperFacts {
  readonly kind: Kind
  readonly issuedOn: string
}

/** Something that stands in the way, by a stable name. */
export interface Trouble {
  readonly rule: string
  readonly detail: string
}

/**
 * What is wrong with the documents of a lot that arrives on a day: each of the four must be there, issued after production
 * and not after arrival; test and disinfection may be `testDays` old. Days are YYYY-MM-DD.
 */
export function paperTroubles(
  papers: readonly PaperFacts[],
  { arrivesOn, producedOn, expiresOn, testDays }: ArrivalFacts,
): Trouble[] {
  const found: Trouble[] = []
  if (expiresOn <= arrivesOn) found.push({ rule: 'expired', detail: '到仓时已超过保质期' })
  for (const kind of documentKinds) {
    const paper = papers.find((each) => each.kind === kind)
    const say = (rule: string, detail: string) =>
      found.push({ rule: `${rule}-${kind}`, detail: `${names[kind]}${detail}` })
    if (!paper) say('missing', '未上传')
    else if (paper.issuedOn > arrivesOn) say('future', '的日期晚于到仓日期')
    else if (paper.issuedOn < producedOn) say('early', '的日期早于生产日期')
    else if ((kind === 'test' || kind === 'disinfection') && paper.issuedOn < addDays(arrivesOn, -testDays))
      say('old', `已超过 ${testDays} 天`)
  }
  return found
}

export interface ArrivalFacts {
  readonly arrivesOn: string
  readonly producedOn: string
  readonly expiresOn: string
  readonly testDays: number
}

export interface Count {
  readonly boxes: number
  readonly grams: number
}

/** What two sides have come to: the last that each has said. `wait` while one has said nothing. */
export function compareFigures(
  consignor: Count | undefined,
  warehouse: Count | undefined,
): 'wait' | 'agreed' | 'disputed' {
  if (!consignor || !warehouse) return 'wait'
  return consignor.boxes === warehouse.boxes && consignor.grams === warehouse.grams ? 'agreed' : 'disputed'
}
