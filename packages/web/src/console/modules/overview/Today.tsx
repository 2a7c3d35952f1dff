import { useQuery } from '@tanstack/react-query'
import type { UnitHours, WatchedClass } from '@vigil/contract'
import { Table } from 'antd'
import { lazy } from 'react'
import { t } from '../../../text.ts'
import { call } from '../../kernel/api.ts'
import { formatCount } from '../../kernel/format.ts'
import { keys } from '../../kernel/query.ts'
import { ChartFrame } from '../../ui/ChartFrame.tsx'
import { ErrorState, Loading } from '../../ui/states.tsx'

const HoursPlot = lazy(() => import('./HoursPlot.tsx'))
/** Counting the running day of a city reads its sales: once a minute is enough for hours. */
const againMs = 60_000

type Hour = UnitHours['hours'][number]
const figure = (value: number | null) => (value === null ? '—' : formatCount(Math.round(value)))

/** The running day by hour, as a chart or as a table: what was registered, and what is expected of each hour. */
export function Today({ unit, watched }: { readonly unit: string; readonly watched: WatchedClass }) {
  const query = useQuery({
    queryKey: [...keys.hours, unit, watched],
    queryFn: ({ signal }) => call('surveillance.hours', { query: { unit, class: watched }, signal }),
    refetchInterval: againMs,
  })
  if (query.isError) return <ErrorState error={query.error} retry={() => void query.refetch()} />
  if (!query.data) return <Loading />
  const { day, hours, state } = query.data
  const sum = hours.reduce((all, { observed }) => all + (observed ?? 0), 0)
  const summary = state?.reason
    ? t('{day} 分时登记。{reason}。', { day, reason: state.reason })
    : t('{day} 分时登记，至此 {sum} 笔；没有可比的预期。', { day, sum: formatCount(sum) })
  return (
    <ChartFrame
      summary={summary}
      chart={<HoursPlot hours={hours} label={summary} />}
      table={
        <Table<Hour>
          size="small"
          pagination={false}
          rowKey="hour"
          dataSource={hours}
          columns={[
            { title: t('时段'), dataIndex: 'hour', render: (hour: number) => t('{hour} 时', { hour }) },
            { title: t('已登记'), dataIndex: 'observed', align: 'right', render: figure },
            { title: t('预期'), dataIndex: 'expected', align: 'right', render: figure },
            {
              title: t('平日占全天'),
              dataIndex: 'share',
              align: 'right',
              render: (share: number) => t('{share}%', { share: (share * 100).toFixed(1) }),
            },
          ]}
        />
      }
    />
  )
}
