import type { ReimbursementLine, StopCheckTask, StopSale } from '@vigil/contract'
import * as terms from '@vigil/contract/terms'
import { t } from '../../../text.ts'
import type { Tone } from '../../ui/Mark.tsx'

const drawn = <K extends string>(names: Readonly<Record<K, string>>) =>
  Object.fromEntries(Object.entries<string>(names).map(([key, name]) => [key, t(name)])) as Record<K, string>

export const stateNames = drawn(terms.stopSaleStateNames)
export const stateTones: Record<StopSale['state'], Tone> = {
  draft: 'warn',
  coming: 'info',
  'in-force': 'bad',
  over: 'idle',
  dropped: 'idle',
}
export const kindNames = drawn(terms.stopSaleItemKindNames)
export const pointNames = drawn(terms.stopCheckPointNames)
export const answerNames = drawn(terms.stopCheckAnswerNames)
export const resultNames = drawn(terms.stopCheckResultNames)
export const resultTones: Record<StopCheckTask['result'], Tone> = { pending: 'idle', pass: 'good', fail: 'bad' }
export const matchNames = drawn(terms.reimbursementMatchNames)
export const matchTones: Record<ReimbursementLine['match'], Tone> = { matched: 'bad', partial: 'warn', none: 'idle' }

/** Days of an order: one day and no end are told in words. */
export const periodText = ({ from, to }: Pick<StopSale, 'from' | 'to'>): string =>
  to ? t('{from} 至 {to}', { from, to }) : t('{from} 起', { from })
