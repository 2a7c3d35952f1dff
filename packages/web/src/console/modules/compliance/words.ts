import type { ComplianceEvidence, Measure, ScorePart, StoreScore } from '@vigil/contract'
import { complianceGradeNames, measureStateNames } from '../../../terms.ts'
import { t } from '../../../text.ts'
import { keys, queryClient } from '../../kernel/query.ts'

export type Grade = NonNullable<StoreScore['grade']>

/** Name of a grade; what is said of a store without one. */
export const gradeName = (grade: Grade | null): string => (grade ? complianceGradeNames[grade] : t('正常'))

/** Points that rules take from a store now, as one line. */
export const partsText = (parts: readonly ScorePart[]): string =>
  parts
    .filter(({ dismissed }) => !dismissed)
    .map(({ name, points }) => t('{name} −{points}', { name, points }))
    .join('、')

/** State of a measure with its tone; one that nobody answered in time is late. */
export function measureState({ state, overdue }: Pick<Measure, 'state' | 'overdue'>) {
  if (overdue) return { name: t('已逾期'), tone: 'bad' } as const
  const tone = { open: 'warn', answered: 'info', done: 'good', cancelled: 'idle' } as const
  return { name: measureStateNames[state], tone: tone[state] }
}

/** Fetches everything about conduct anew after a decision. */
export const refresh = (): void => void queryClient.invalidateQueries({ queryKey: keys.compliance })

/** What opens the entries of an evidence row; of many only the first are kept. */
export const entriesText = ({ count, entries }: Pick<ComplianceEvidence, 'count' | 'entries'>): string =>
  count > entries
    ? t('查看前 {entries} 笔（共 {count} 笔）', { entries, count })
    : t('查看 {count} 笔登记', { count: entries })
