import { dayOf } from '@vigil/codes'
import type { PurchaseItem } from '@vigil/contract'
import { t } from '../../text.ts'
import { type Entry, undoWindowMs } from './entry.ts'

export type TodayStatus = 'valid' | 'corrected' | 'undone' | 'waiting' | 'refused' | 'undoing' | 'unreadable'

/** One line of today's list: what the server has, or what still waits on this device; masked either way. */
export interface TodayLine {
  readonly id: string
  readonly status: TodayStatus
  readonly soldAt: string
  readonly name: string
  readonly document: string
  readonly drugs: string
  readonly receiptNo: string
  readonly fever: boolean
  /** Device milliseconds until which it can be undone; 0 when it cannot. */
  readonly undoUntil: number
  readonly message: string
  /** The server's own row, needed for a correction. */
  readonly item: PurchaseItem | null
}

export const todayStatusNames: Readonly<Record<TodayStatus, string>> = {
  valid: t('已登记'),
  corrected: t('已更正'),
  undone: t('已撤销'),
  waiting: t('待上传'),
  refused: t('需修改'),
  undoing: t('撤销中'),
  unreadable: t('无法读取'),
}

function ofEntry(entry: Entry): TodayLine {
  const base = { id: entry.id, receiptNo: '', fever: false, undoUntil: 0, message: '', item: null }
  const { body } = entry
  if (body === 'unreadable')
    return {
      ...base,
      status: 'unreadable',
      soldAt: new Date(entry.seq).toISOString(),
      name: '',
      document: '',
      drugs: '',
      message: t('手机密钥已丢失，本条无法读取，请重新登记'),
    }
  const { summary, result } = body
  const settled = entry.state === 'registered' && !entry.cancelled
  return {
    ...base,
    status: entry.cancelled ? 'undoing' : entry.state === 'registered' ? 'valid' : entry.state,
    soldAt: body.soldAt,
    name: summary.name,
    document: summary.document,
    drugs: summary.drugs,
    receiptNo: result?.receiptNo ?? '',
    fever: (result?.clinics?.length ?? 0) > 0,
    undoUntil: settled ? body.answeredAt + undoWindowMs : 0,
    message: body.undoProblem || (entry.state === 'refused' ? refusalText(entry) : ''),
  }
}

function refusalText(entry: Entry): string {
  if (entry.body === 'unreadable') return ''
  const { result } = entry.body
  return result?.refusal?.title ?? result?.errors?.map((error) => error.detail).join('；') ?? ''
}

function ofItem(item: PurchaseItem, skew: number): TodayLine {
  return {
    id: item.id,
    status: item.status,
    soldAt: item.soldAt,
    name: item.name ?? '',
    document: item.documentNumber ?? '',
    drugs: item.items.map((one) => `${one.name} ×${one.quantity}`).join('，'),
    receiptNo: item.receiptNo,
    fever: item.fever,
    undoUntil: item.status === 'undone' ? 0 : Date.parse(item.receivedAt) - skew + undoWindowMs,
    message: item.duringStop ? t('停售期间售出：{name}', { name: item.duringStop }) : '',
    item,
  }
}

/**
 * Today's list, newest first: the server's rows, and the entries of this device that it does not show yet. What waits
 * or was refused stays on the list whatever its day is.
 */
export function todayLines(
  items: readonly PurchaseItem[],
  entries: readonly Entry[],
  skew: number,
  nowMs: number,
): readonly TodayLine[] {
  const server = new Map(items.map((item) => [item.id, ofItem(item, skew)]))
  const today = dayOf(new Date(nowMs + skew))
  for (const entry of entries) {
    const line = ofEntry(entry)
    const known = server.get(entry.id)
    if (known) {
      if (line.status === 'undoing' || line.message !== '')
        server.set(entry.id, { ...known, status: line.status, message: line.message })
      continue
    }
    const open = entry.state === 'waiting' || entry.state === 'refused' || entry.cancelled
    if (open || dayOf(new Date(Date.parse(line.soldAt))) === today) server.set(entry.id, line)
  }
  return [...server.values()].sort((a, b) => (a.soldAt < b.soldAt ? 1 : -1))
}
