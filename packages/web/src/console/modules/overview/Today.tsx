import { useQuery } from '@tanstack/react-query'
import type { UnitHours, WatchedClass } from '@vigil/contract'
import { Segmented, Table } from 'antd'
import { lazy, Suspense, useState } from 'react'
import { t } from '../../../text.ts'
import { call } from '../../kernel/api.ts'
import { formatCount } from '../../kernel/format.ts'
import { keys } from '../../kernel/query.ts'
import { ErrorState, Loading } from '../../ui/states.tsx'

const HoursPlot = lazy(() => import('./HoursPlot.tsx'))
/** Counting the running day of a city reads its sales: once a minute is enough for hours. */
const againMs = 60_000

type Hour = UnitHours['hours'][number]
const figure = (value: number | null) => (value === null ? '—' : formatCount(Math.round(value)))

/** The running day by hour, as a chart or as a table: what was registered, and what is expected of each hour. */
export function Today({ unit, watched }: { readonly unit: string; readonly watched: WatchedClass }) {
  const [view, setView] = useState<'chart' | 'table'>('chart')
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
    <figure className="curve">
      <div className="curve-head">
        <figcaption>{summary}</figcaption>
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
        <Suspense fallback={<Loading />}>
          <HoursPlot hours={hours} label={summary} />
        </Suspense>
      ) : (
        <div className="curve-table">
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
        </div>
      )}
    </figure>
  )
}
