import type { BodyOf } from '@vigil/contract'
import { t } from '../../text.ts'
import type { ColdContract } from '../routes.ts'
import { gramsOf, kilograms } from '../words.ts'

type Body = BodyOf<ColdContract['cold-trade.record']>
export type Kind = Exclude<Body['kind'], 'receive' | 'count'>

/** What is done with a lot by its weight. */
export const kinds: readonly Kind[] = ['ship', 'sell', 'split', 'repack', 'process', 'return', 'lose', 'destroy']
export const makes = (kind: Kind): boolean => kind === 'split' || kind === 'repack' || kind === 'process'
export const sends = (kind: Kind): boolean => kind === 'ship' || kind === 'return'

/** A lot that comes out of work, as it is typed. */
export interface Output {
  readonly goodsId: string
  readonly goodsName: string
  readonly kilograms: string
}

export interface Trade {
  readonly kind: Kind
  readonly kilograms: string
  readonly toId: string
  readonly outputs: readonly Output[]
}

/** Grams that come out; what is not a weight counts as none. */
export const madeOf = (outputs: readonly Output[]): number =>
  outputs.reduce((sum, output) => sum + (gramsOf(output.kilograms) ?? 0), 0)

/** Share of what went in that came out, in tenths of a per cent, rounded down; null when nothing went in. */
export const yieldOf = (input: number, made: number): number | null =>
  input > 0 ? Math.floor((made * 1000) / input) : null

/**
 * What is wrong with it, by field, in words; `outputs.0` and so on for lots that come out.
 * @param stock grams on hand
 */
export function problemsOfTrade(trade: Trade, stock: number): Readonly<Record<string, string>> {
  const found: Record<string, string> = {}
  const grams = gramsOf(trade.kilograms)
  if (grams === null || grams < 1) found.kilograms = t('请填写千克数，最多 3 位小数')
  else if (grams > stock) found.kilograms = t('超过库存 {stock}', { stock: kilograms(stock) })
  if (sends(trade.kind) && trade.toId === '') found.toId = t('请选择收货方')
  if (!makes(trade.kind)) return found
  trade.outputs.forEach((output, at) => {
    if (output.goodsId === '') found[`goods.${at}`] = t('请选择商品')
    if (!gramsOf(output.kilograms)) found[`outputs.${at}`] = t('请填写千克数')
  })
  const made = madeOf(trade.outputs)
  if (grams !== null && !Object.keys(found).length && made > grams)
    found.outputs = t('产出 {made} 多于投入 {input}', { made: kilograms(made), input: kilograms(grams) })
  if (trade.kind !== 'process' && grams !== null && !Object.keys(found).length && made !== grams)
    found.outputs = t('分装、换包装不增不减：产出 {made}，投入 {input}；有损耗请另报', {
      made: kilograms(made),
      input: kilograms(grams),
    })
  return found
}

/** The body of the request. The trade must have no problems. @param key of the sender: sent again, nothing is done twice */
export function bodyOfTrade(trade: Trade, lot: { uri: string }, holderId: string, key: string): Body {
  const { kind, toId, outputs } = trade
  return {
    ...{ key, kind, holderId, lines: [{ code: lot.uri, grams: gramsOf(trade.kilograms)! }] },
    ...(sends(kind) ? { toId } : {}),
    ...(makes(kind)
      ? { outputs: outputs.map(({ goodsId, kilograms: typed }) => ({ goodsId, lotNo: '', grams: gramsOf(typed)! })) }
      : {}),
  }
}
