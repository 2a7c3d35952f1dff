import type { FollowupItem } from '@vigil/contract'
import { t } from '../../../text.ts'
import { formatTime } from '../../kernel/format.ts'
import { Mark } from '../../ui/Mark.tsx'
import { causeNames, dueText, gradeNames, outcomeNames, stateNames, stateTones } from './words.ts'

/** Grade as a word with a bar of its colour: readable in grey print too. */
export const GradeMark = ({ grade }: Pick<FollowupItem, 'grade'>) => (
  <span className={`follow-grade ${grade}`}>{gradeNames[grade]}</span>
)

/** When somebody has to answer. */
export function Due({ item }: { readonly item: FollowupItem }) {
  if (item.state === 'closed')
    return (
      <>
        <div>{item.outcome ? outcomeNames[item.outcome] : '—'}</div>
        <div className="muted">{formatTime(item.closedAt)}</div>
      </>
    )
  return (
    <>
      <div className={item.overdue ? 'fever' : ''}>{dueText(item.dueAt, Date.now())}</div>
      <div className="muted">{formatTime(item.dueAt)}</div>
    </>
  )
}

/** Whether a sheet has its receipt; for one that is sent by itself, whether it arrived. */
export function ReceiptMark({ receipt, delivery }: Pick<FollowupItem, 'receipt' | 'delivery'>) {
  if (receipt) return <Mark tone="good">{t('有回执')}</Mark>
  if (delivery?.state === 'refused') return <Mark tone="bad">{t('未送达')}</Mark>
  if (delivery?.state === 'waiting')
    return <Mark tone={delivery.error ? 'warn' : 'info'}>{delivery.error ? t('送达受阻') : t('送达中')}</Mark>
  return <Mark tone="idle">{t('待回执')}</Mark>
}

export function StateMark({ item }: { readonly item: FollowupItem }) {
  return (
    <span className="in-line">
      <Mark tone={item.overdue ? 'bad' : stateTones[item.state]}>
        {stateNames[item.state]}
        {item.overdue ? t('·超期') : ''}
      </Mark>
      {item.state === 'handed' ? <ReceiptMark receipt={item.receipt} delivery={item.delivery} /> : null}
      {item.reopened > 0 && item.state !== 'closed' ? <Mark tone="warn">{t('再次')}</Mark> : null}
    </span>
  )
}

/** Name of a person, or that it was destroyed. */
export const personName = ({ name }: Pick<FollowupItem, 'name'>): string => name ?? t('个人信息已销毁')

export const causeList = ({ causes }: Pick<FollowupItem, 'causes'>): string =>
  causes.map((cause) => causeNames[cause]).join(t('、'))
