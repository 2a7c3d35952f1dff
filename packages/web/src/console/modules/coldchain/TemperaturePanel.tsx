import { useQuery } from '@tanstack/react-query'
import type { ColdLotDetail, ColdTemperature } from '@vigil/contract'
import { lazy } from 'react'
import { t } from '../../../text.ts'
import { call } from '../../kernel/api.ts'
import { formatCount, formatTime } from '../../kernel/format.ts'
import { keys } from '../../kernel/query.ts'
import { useCan } from '../../kernel/session.ts'
import { ChartFrame } from '../../ui/ChartFrame.tsx'
import { DataTable } from '../../ui/DataTable.tsx'
import { Panel } from '../../ui/Page.tsx'
import { ErrorState, Loading } from '../../ui/states.tsx'
import { TemperatureUpload } from './TemperatureUpload.tsx'
import { degrees, weight } from './words.ts'

const Plot = lazy(() => import('./TemperaturePlot.tsx'))
const minutes = (ms: number): string => t('{n} 分钟', { n: formatCount(Math.ceil(ms / 60_000)) })

function Record({ record, limitTenths }: { readonly record: ColdTemperature; readonly limitTenths: number | null }) {
  const { exposures, problems, refused } = record
  const summary = t('{holder}，{from} 至 {to}，{n} 条，{low} 至 {high}', {
    holder: record.holderName,
    from: formatTime(record.from),
    to: formatTime(record.to),
    n: formatCount(record.readings),
    low: degrees(record.lowest),
    high: degrees(record.highest),
  })
  return (
    <>
      <div className="recall">
        <ChartFrame
          summary={summary}
          chart={<Plot curve={record.curve} limitTenths={limitTenths} label={summary} />}
          table={
            <DataTable
              label={t('温度记录')}
              rowKey="at"
              rows={record.curve}
              minWidth={240}
              columns={[
                { title: t('时间'), dataIndex: 'at', render: formatTime },
                { title: t('温度'), key: 'tenths', align: 'right', render: (_, row) => degrees(row.tenths) },
              ]}
            />
          }
        />
      </div>
      <DataTable
        label={t('暴露')}
        rowKey="from"
        rows={exposures}
        minWidth={560}
        empty={limitTenths === null ? t('商品没有登记温度限值') : t('没有超温，也没有记录缺口')}
        columns={[
          { title: t('在此时间'), key: 'from', render: (_, row) => `${formatTime(row.from)} — ${formatTime(row.to)}` },
          { title: t('涉及'), key: 'grams', width: 120, align: 'right', render: (_, row) => weight(row.grams) },
          { title: t('超温'), key: 'duration', width: 110, align: 'right', render: (_, row) => minutes(row.duration) },
          {
            title: t('最高偏离'),
            key: 'peak',
            width: 100,
            align: 'right',
            render: (_, row) => (row.peak === null ? '—' : degrees(row.peak)),
          },
          { title: t('无记录'), key: 'unknown', width: 110, align: 'right', render: (_, row) => minutes(row.unknown) },
        ]}
      />
      {refused > 0 ? (
        <div className="recall">
          <p>{t('{n} 行没有采用：', { n: refused })}</p>
          <ul>
            {problems.slice(0, 10).map(({ line, message }) => (
              <li key={`${line} ${message}`}>{t('第 {line} 行：{message}', { line, message })}</li>
            ))}
          </ul>
        </div>
      ) : null}
    </>
  )
}

/** Temperatures of a lot by its loggers' files, and what was exposed beyond the limit of the goods, and for how long. */
export function TemperaturePanel({ lot }: { readonly lot: ColdLotDetail }) {
  const can = useCan()
  const query = useQuery({
    queryKey: [...keys.coldchain, 'temperatures', lot.id],
    queryFn: ({ signal }) => call('cold-temperature.list', { params: { id: lot.id }, signal }),
  })
  const data = query.data
  const limit = data?.limitTenths ?? null
  return (
    <Panel
      title={limit === null ? t('温度') : t('温度（限值 {limit}）', { limit: degrees(limit) })}
      extra={can('coldchain.operate') ? <TemperatureUpload lot={lot} /> : null}
      flush
    >
      {query.isError ? <ErrorState error={query.error} retry={() => void query.refetch()} /> : null}
      {data || query.isError ? null : <Loading />}
      {data?.items.length === 0 ? <p className="recall-facts muted">{t('还没有温度记录')}</p> : null}
      {data?.items.map((record) => (
        <Record key={record.id} record={record} limitTenths={limit} />
      ))}
    </Panel>
  )
}
