import { t } from '../../text.ts'
import { changeOf, formatCount } from '../kernel/format.ts'

const arrows = { up: '▲', down: '▼', same: '＝', none: '' } as const

/** A number with its name and its change against the week before. */
export function Figure({
  name,
  value,
  compared,
  previous,
  unit,
}: {
  readonly name: string
  readonly value: number
  /** The part of the value that may be compared: the days that are over. */
  readonly compared: number
  readonly previous: number
  readonly unit: string
}) {
  const change = changeOf(compared, previous)
  return (
    <div className="figure">
      <div className="figure-name">{name}</div>
      <div className="figure-value">
        {formatCount(value)}
        <small>{unit}</small>
      </div>
      <div className={`figure-change ${change.direction}`}>
        {arrows[change.direction] ? <span aria-hidden="true">{arrows[change.direction]} </span> : null}
        {change.text}
        {previous > 0 ? (
          <span className="figure-before">{t('上周同期 {previous}', { previous: formatCount(previous) })}</span>
        ) : null}
      </div>
    </div>
  )
}
