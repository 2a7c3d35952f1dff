import { Table } from 'antd'
import { lazy, type ReactNode } from 'react'
import { t } from '../../text.ts'
import { formatCount } from '../kernel/format.ts'
import { ChartFrame } from './ChartFrame.tsx'
import { type Grade, GradeMark } from './GradeMark.tsx'

const BandPlot = lazy(() => import('./BandPlot.tsx'))

/** One day of a watched series; null where there is no figure. */
export interface BandDay {
  readonly day: string
  readonly observed: number | null
  readonly expected: number | null
  readonly lower: number | null
  readonly upper: number | null
  readonly grade: Grade | null
  /** The day is not over. */
  readonly running?: boolean
  /** One sentence why it was graded, or not judged. */
  readonly reason?: string
}

const rounded = (value: number | null): string => (value === null ? '—' : formatCount(Math.max(0, Math.round(value))))

/** A series with its expected value, its band and its alerts, as a chart or as a table, with a summary in words. */
export function BandChart({
  days,
  summary,
  extra,
}: {
  readonly days: readonly BandDay[]
  readonly summary: string
  readonly extra?: ReactNode
}) {
  return (
    <ChartFrame
      summary={summary}
      extra={extra}
      chart={<BandPlot days={days} label={summary} />}
      table={
        <Table<BandDay>
          size="small"
          pagination={false}
          rowKey="day"
          scroll={{ x: 520 }}
          dataSource={[...days].reverse()}
          columns={[
            { title: t('日期'), dataIndex: 'day' },
            {
              title: t('实际'),
              dataIndex: 'observed',
              align: 'right',
              render: (value: number | null) => (value === null ? '—' : formatCount(value)),
            },
            { title: t('预期'), dataIndex: 'expected', align: 'right', render: rounded },
            { title: t('区间下限'), dataIndex: 'lower', align: 'right', render: rounded },
            { title: t('区间上限'), dataIndex: 'upper', align: 'right', render: rounded },
            {
              title: t('预警'),
              dataIndex: 'grade',
              align: 'center',
              render: (grade: Grade | null) => (grade ? <GradeMark grade={grade} /> : '—'),
            },
          ]}
        />
      }
    />
  )
}
