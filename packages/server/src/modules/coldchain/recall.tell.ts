import type { ColdRecallDetail } from '@vigil/contract'
import type { Tx } from '../../kernel/db/index.ts'
import { tell, tellingsAbout, tellSubjects } from '../channel/index.ts'
import type { RecallRow } from './recall.table.ts'

/** The name of a holder among those whom modules tell. */
export const subjectOf = (holderId: string): string => `cold-holder:${holderId}`
const sourceOf = (recallId: string): string => `cold-recall:${recallId}`

/** What became of the messages about a recall, by holder. */
export type Tellings = ReadonlyMap<string, ColdRecallDetail['notices'][number]['told']>

/** The last message about a recall to each address, by holder. */
export async function tellingsOf(tx: Tx, recallId: string): Promise<Tellings> {
  const told = new Map<string, ColdRecallDetail['notices'][number]['told']>()
  for (const { subject, at, ...telling } of await tellingsAbout(tx, sourceOf(recallId))) {
    const holder = subject.slice(subjectOf('').length)
    told.set(holder, [...(told.get(holder) ?? []), { ...telling, at: at.toISOString() }])
  }
  return told
}

type Called = Pick<RecallRow, 'id' | 'number' | 'kind' | 'reason' | 'path'>

/** What a message says: of an exercise that it is one, so that nobody takes goods off the shelf. */
function wordsOf({ number, kind, reason }: Called, lots: readonly string[], again: boolean) {
  const named = lots.length > 3 ? `${lots.slice(0, 3).join('、')} 等 ${lots.length} 个批次` : lots.join('、')
  const urge = again ? '尚未收到清点结果，' : ''
  return kind === 'real'
    ? {
        title: `【召回】${number} ${again ? '催办：' : ''}请立即停止销售并清点`,
        text: `${urge}${named}正在召回，请立即停止使用、销售和运出，封存并登记清点结果。\n原因：${reason}`,
      }
    : {
        title: `【演练】${number} ${again ? '催办：' : ''}请登记清点结果`,
        text: `${urge}这是模拟召回，不影响经营：请清点${named}并登记结果。`,
      }
}

/** Tells holders of a recall, or reminds them, outside the console, in the transaction of its cause. */
export async function tellHolders(
  tx: Tx,
  recall: Called,
  {
    holders,
    lots,
    at,
    again = false,
  }: { holders: readonly string[]; lots: readonly string[]; at: Date; again?: boolean },
): Promise<void> {
  const { id, path } = recall
  const message = {
    kind: 'recall',
    path,
    source: sourceOf(id),
    url: '/cold',
    at,
    ...wordsOf(recall, lots, again),
  } as const
  await tellSubjects(tx, message, holders.map(subjectOf))
}

/** Tells the authorities of a recall in earnest. */
export async function tellOfficers(
  tx: Tx,
  { id, number, kind, reason, path }: Called,
  { paths, lots, grams, at }: { paths: readonly string[]; lots: readonly string[]; grams: number; at: Date },
): Promise<void> {
  if (kind !== 'real') return
  const text = `${lots.slice(0, 3).join('、')}${lots.length > 3 ? ` 等 ${lots.length} 个批次` : ''}，共 ${grams / 1000} 千克。\n原因：${reason}`
  const url = `/coldchain/recalls/${id}`
  await tell(tx, { kind: 'recall', grade: null, path, paths, title: `冷链召回 ${number} 已启动`, text, url, at })
}
