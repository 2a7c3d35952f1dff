import { useMutation, useQuery } from '@tanstack/react-query'
import type { Scan, ScanCluster, WatchedClass } from '@vigil/contract'
import { Button, Progress, Select, Table } from 'antd'
import { useState } from 'react'
import { t } from '../../../text.ts'
import { call } from '../../kernel/api.ts'
import { useAreas } from '../../kernel/areas.ts'
import { formatCount, formatPeriod, formatTime } from '../../kernel/format.ts'
import { keys, queryClient } from '../../kernel/query.ts'
import { useCan } from '../../kernel/session.ts'
import { AreaPicker } from '../../ui/AreaPicker.tsx'
import { DataTable } from '../../ui/DataTable.tsx'
import { Mark } from '../../ui/Mark.tsx'
import { Page, Panel } from '../../ui/Page.tsx'
import { EmptyState, ProblemAlert } from '../../ui/states.tsx'
import { ListExport } from '../export/ListExport.tsx'
import { classNames, decimal, moves, studyState } from './words.ts'

const chance = (p: number): string => (p < 0.01 ? p.toFixed(3) : p.toFixed(2))

function Cluster({ cluster }: { readonly cluster: ScanCluster }) {
  const { centre, observed, expected } = cluster
  return (
    <Panel
      title={t('聚集 {rank}：{name} 一带', { rank: cluster.rank, name: centre.name })}
      extra={
        cluster.p <= 0.05 ? (
          <Mark tone="bad">{t('显著（p = {p}）', { p: chance(cluster.p) })}</Mark>
        ) : (
          <Mark>{t('可能是巧合（p = {p}）', { p: chance(cluster.p) })}</Mark>
        )
      }
    >
      <p className="scan-found">
        {t(
          '{period}，半径 {radius} 公里内 {stores} 家药店共登记 {observed} 笔，按平常分布预计 {expected} 笔，是 {times} 倍。',
          {
            period: formatPeriod(cluster.from, cluster.to),
            radius: decimal(cluster.radiusKm),
            stores: formatCount(cluster.stores.length),
            observed: formatCount(observed),
            expected: decimal(expected),
            times: decimal(expected > 0 ? observed / expected : null),
          },
        )}
      </p>
      <Table
        size="small"
        rowKey="code"
        pagination={cluster.stores.length > 10 ? { pageSize: 10, size: 'small', showSizeChanger: false } : false}
        scroll={{ x: 420 }}
        dataSource={cluster.stores}
        columns={[
          { title: t('药店'), dataIndex: 'name' },
          { title: t('监管所'), dataIndex: 'areaName' },
          { title: t('期间登记'), dataIndex: 'observed', align: 'right', render: formatCount },
        ]}
      />
    </Panel>
  )
}

function Start() {
  const areas = useAreas()
  const [areaCode, setAreaCode] = useState<string>()
  const [watched, setWatched] = useState<WatchedClass>('antipyretic')
  const area = areaCode ?? areas.roots[0]?.code
  const start = useMutation({
    mutationFn: (code: string) => call('surveillance.start-scan', { body: { areaCode: code, class: watched } }),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: keys.scans }),
  })
  return (
    <Panel>
      <div className="in-line">
        <AreaPicker areas={areas} value={area} onChange={setAreaCode} label={t('扫描区划')} />
        <Select
          aria-label={t('药品类别')}
          value={watched}
          onChange={setWatched}
          options={(Object.entries(classNames) as [WatchedClass, string][]).map(([value, label]) => ({ value, label }))}
        />
        <Button type="primary" disabled={!area} loading={start.isPending} onClick={() => area && start.mutate(area)}>
          {t('立即扫描')}
        </Button>
      </div>
      <ProblemAlert error={start.error} />
    </Panel>
  )
}

/** Scans over stores: where and since when more is bought together than the days and places alone explain. */
export function ScanPage() {
  const can = useCan()
  const [chosen, setChosen] = useState<string>()
  const query = useQuery({
    queryKey: [...keys.scans, 'list'],
    queryFn: () => call('surveillance.scans'),
    refetchInterval: ({ state }) => (state.data?.items.some(({ state: one }) => moves(one)) ? 1500 : false),
  })
  const rows = query.data?.items
  const shown = rows?.find(({ id }) => id === chosen) ?? rows?.find(({ clusters }) => clusters !== null)
  return (
    <Page
      title={t('时空扫描')}
      actions={<ListExport list="scans" filter={{}} />}
      note={t('不受区划边界限制：在相邻的药店之间寻找最近一周内同时增多的地方。每天凌晨自动扫描退热类，也可随时发起。')}
    >
      {can('rule.manage') ? <Start /> : null}
      <Panel flush>
        <DataTable<Scan>
          label={t('扫描记录')}
          rowKey="id"
          rows={rows}
          error={query.error}
          retry={() => void query.refetch()}
          minWidth={760}
          empty={t('还没有扫描')}
          onOpen={({ id }) => setChosen(id)}
          columns={[
            {
              title: t('截至'),
              key: 'day',
              width: 150,
              render: (_, row) => (
                <Button
                  type="link"
                  className="link"
                  aria-pressed={row.id === shown?.id}
                  onClick={() => setChosen(row.id)}
                >
                  {row.day}
                </Button>
              ),
            },
            { title: t('区划'), dataIndex: 'areaName', width: 140 },
            { title: t('类别'), key: 'class', width: 100, render: (_, row) => classNames[row.class] },
            {
              title: t('状态'),
              key: 'state',
              width: 170,
              render: (_, row) =>
                row.state === 'running' && row.total > 0 ? (
                  <Progress
                    percent={Math.round((row.done / row.total) * 100)}
                    size="small"
                    aria-label={t('扫描进度')}
                  />
                ) : (
                  <Mark tone={studyState(row.state).tone}>{studyState(row.state).name}</Mark>
                ),
            },
            {
              title: t('结果'),
              key: 'result',
              render: (_, row) => {
                if (!row.clusters) return <span className="muted">{row.error ?? '—'}</span>
                const found = row.clusters.filter(({ p }) => p <= 0.05).length
                return found > 0 ? t('{count} 处显著聚集', { count: found }) : t('没有显著聚集')
              },
            },
            {
              title: t('发起'),
              key: 'by',
              width: 190,
              render: (_, row) => (
                <>
                  <div>{row.createdBy}</div>
                  <div className="muted">{formatTime(row.createdAt)}</div>
                </>
              ),
            },
          ]}
        />
      </Panel>
      {shown?.clusters?.map((cluster) => (
        <Cluster key={cluster.rank} cluster={cluster} />
      ))}
      {shown?.clusters?.length === 0 ? (
        <Panel>
          <EmptyState text={t('这次扫描没有发现聚集')} />
        </Panel>
      ) : null}
    </Page>
  )
}
