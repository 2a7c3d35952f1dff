import { coldTradeKindNames, coldViolationKindNames } from '@vigil/contract/terms'
import { t } from '../../text.ts'
import type { TradeBody } from '../scan/movement.ts'
import type { Outcome } from '../scan/session.ts'

export const tradeName = (kind: TradeBody['kind']): string => t(coldTradeKindNames[kind])
export type Wrong = keyof typeof coldViolationKindNames
export const wrongName = (kind: Wrong): string => t(coldViolationKindNames[kind])

/** What is wrong with a code, in a sentence. */
export const wrongText = (kind: Wrong): string =>
  ({
    'unknown-code': t('系统里没有这个码，来源不明。不要收货、销售。'),
    'no-entry': t('这批货没有进过集中监管仓。不要收货、销售。'),
    'not-released': t('这批货还没有放行，或放行已撤销。不要收货、销售。'),
    'not-here': t('这个码登记在别处，不在本单位。请核对货物和标签。'),
  })[kind]

/** What came of a scan, in a word. */
export const outcomeText = (outcome: Outcome): string =>
  ({
    fine: t('已扫'),
    many: t('整托已扫'),
    twice: t('重复：已经扫过'),
    surplus: t('不在清单里'),
    weigh: t('批次码：请填写重量'),
    mixed: t('这一批已填重量或已扫箱，两种方式不能混用'),
    other: t('不是追溯码'),
  })[outcome]

/** The end of a code, by which people tell boxes apart. */
export function shortCode(uri: string): string {
  const tail = decodeURIComponent(uri.split('/').pop() ?? uri)
  return tail.length > 12 ? `…${tail.slice(-8)}` : tail
}

/** A refusal of the server for a person: without the number of the event, its hash and whole codes. */
export const plainRefusal = (message: string): string =>
  message
    .replace(/^第 \d+ 个事件：/, '')
    .replace(/[（ ]*ni:\/\/\/[^）\s]*）?/g, '')
    .replace(/（https:\/\/id\.gs1\.org\/([^）]+)）/g, (_, code: string) => `（${shortCode(code)}）`)
