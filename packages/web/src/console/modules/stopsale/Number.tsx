import type { ReactNode } from 'react'
import { formatCount } from '../../kernel/format.ts'

/** A number with its name, and a word below it. */
export function NumberTile({
  name,
  value,
  unit,
  note,
}: {
  readonly name: string
  readonly value: number
  readonly unit: string
  readonly note?: ReactNode
}) {
  return (
    <div className="figure">
      <div className="figure-name">{name}</div>
      <div className="figure-value">
        {formatCount(value)}
        <small>{unit}</small>
      </div>
      <div className="figure-change">{note}</div>
    </div>
  )
}
