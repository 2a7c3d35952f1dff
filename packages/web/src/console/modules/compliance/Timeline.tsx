import type { Measure } from '@vigil/contract'
import { measureKindNames, measureOutcomeNames } from '../../../terms.ts'
import { t } from '../../../text.ts'
import { formatTime } from '../../kernel/format.ts'
import { Mark } from '../../ui/Mark.tsx'
import { EmptyState } from '../../ui/states.tsx'
import { MeasureActions } from './MeasureActions.tsx'
import { measureState } from './words.ts'

function Entry({ measure }: { readonly measure: Measure }) {
  const { name, tone } = measureState(measure)
  return (
    <li>
      <div className="conduct-part-head">
        <h3>{measureKindNames[measure.kind]}</h3>
        <Mark tone={tone}>{name}</Mark>
        {measure.number ? <span className="number">{measure.number}</span> : null}
        <span className="push">
          <MeasureActions measure={measure} />
        </span>
      </div>
      <div className="muted">
        {t('{by} · {at} · 限 {due}', {
          by: measure.createdBy,
          at: formatTime(measure.createdAt),
          due: formatTime(measure.dueAt),
        })}
        {measure.escalated && measure.overdue
          ? t(' · {at} 已报{areaName}', { at: formatTime(measure.escalated.at), areaName: measure.escalated.areaName })
          : ''}
        {measure.assignee ? t(' · 由{assignee}办理', { assignee: measure.assignee }) : ''}
      </div>
      {measure.reasons.map((reason) => (
        <p key={reason}>{reason}</p>
      ))}
      {measure.note ? <p>{measure.note}</p> : null}
      {measure.reply ? (
        <p>
          <strong>
            {t('药店回应（{name}，{at}）', {
              name: measure.reply.signedBy ?? t('已阅'),
              at: formatTime(measure.answeredAt),
            })}
          </strong>
          {measure.reply.lines.map((line) => (
            <span key={line} className="block">
              {line}
            </span>
          ))}
        </p>
      ) : null}
      {measure.closedAt ? (
        <p>
          <strong>{measure.outcome ? measureOutcomeNames[measure.outcome] : measureState(measure).name}</strong>
          {measure.result ? `：${measure.result}` : ''}
          <span className="muted">
            {' '}
            {measure.closedBy} · {formatTime(measure.closedAt)}
          </span>
        </p>
      ) : null}
    </li>
  )
}

/** What was done about a store, newest first. */
export function Timeline({ measures }: { readonly measures: readonly Measure[] }) {
  if (measures.length === 0) return <EmptyState text={t('还没有处置')} />
  return (
    <ol className="conduct-timeline">
      {measures.map((measure) => (
        <Entry key={measure.id} measure={measure} />
      ))}
    </ol>
  )
}
