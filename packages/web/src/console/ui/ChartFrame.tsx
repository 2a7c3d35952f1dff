import { Segmented } from 'antd'
import { type ReactNode, Suspense, useState } from 'react'
import { t } from '../../text.ts'
import { Loading } from './states.tsx'

/** A figure with a summary in words that is shown as a chart or as a table of the same figures. */
export function ChartFrame({
  summary,
  extra,
  chart,
  table,
}: {
  readonly summary: string
  readonly extra?: ReactNode
  /** May be loaded when it is first shown. */
  readonly chart: ReactNode
  readonly table: ReactNode
}) {
  const [view, setView] = useState<'chart' | 'table'>('chart')
  return (
    <figure className="curve">
      <div className="curve-head">
        <figcaption>{summary}</figcaption>
        {extra}
        <Segmented
          aria-label={t('图或表')}
          value={view}
          onChange={setView}
          options={[
            { value: 'chart' as const, label: t('图') },
            { value: 'table' as const, label: t('表') },
          ]}
        />
      </div>
      {view === 'chart' ? (
        <Suspense fallback={<Loading />}>{chart}</Suspense>
      ) : (
        <div className="curve-table">{table}</div>
      )}
    </figure>
  )
}
