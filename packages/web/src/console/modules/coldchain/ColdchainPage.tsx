import { useQuery } from '@tanstack/react-query'
import type { ColdDeclaration } from '@vigil/contract'
import { Select } from 'antd'
import { useState } from 'react'
import { t } from '../../../text.ts'
import { call } from '../../kernel/api.ts'
import { formatCount, formatShare, formatTime } from '../../kernel/format.ts'
import { usePaged } from '../../kernel/paged.ts'
import { keys } from '../../kernel/query.ts'
import { useScope } from '../../kernel/scope.ts'
import { DataTable } from '../../ui/DataTable.tsx'
import { Mark } from '../../ui/Mark.tsx'
import { Page, Panel } from '../../ui/Page.tsx'
import { ErrorState, Loading } from '../../ui/states.tsx'
import { ListExport } from '../export/ListExport.tsx'
import { Figure } from './Figure.tsx'
import { GapPanel } from './GapPanel.tsx'
import { InspectQueue } from './InspectQueue.tsx'
import { LotPanel } from './LotPanel.tsx'
import { StatisticsPanel } from './StatisticsPanel.tsx'
import { ViolationPanel } from './ViolationPanel.tsx'
import { declarationNames, declarationTones, weight } from './words.ts'

function Overview({ area }: { readonly area: string }) {
  const { from, to } = useScope()
  const query = useQuery({
    queryKey: [...keys.coldchain, 'overview', area, from, to],
    queryFn: ({ signal }) => call('cold-chain.overview', { query: { area, from, to }, signal }),
    refetchInterval: 30_000,
  })
  const data = query.data
  if (!data) return query.isError ? <ErrorState error={query.error} retry={() => void query.refetch()} /> : <Loading />
  return (
    <>
      <div className="figures">
        <Figure
          name={t('待入仓')}
          value={formatCount(data.waiting)}
          note={t('已申报未入仓，其中数量不符 {n} 批', { n: data.disputed })}
        />
        <Figure name={t('待检放行')} value={formatCount(data.testing)} note={t('放行前不得流转')} />
        <Figure
          name={t('入仓批次')}
          value={formatCount(data.lots)}
          note={t('{boxes} 件 {mass}，放行 {n} 次', {
            boxes: formatCount(data.boxes),
            mass: weight(data.grams),
            n: formatCount(data.released),
          })}
        />
        <Figure
          name={t('违规')}
          value={formatCount(data.violations)}
          note={t('未办结 {n} 件', { n: formatCount(data.openViolations) })}
        />
        <Figure name={t('下架与销毁')} value={weight(data.withdrawnGrams)} note={t('{from} 至 {to}', { from, to })} />
      </div>
      <Panel title={t('监管仓')} flush>
        <DataTable
          label={t('监管仓')}
          rowKey="id"
          rows={data.warehouses}
          minWidth={560}
          empty={t('这个辖区没有集中监管仓')}
          columns={[
            { title: t('监管仓'), dataIndex: 'name' },
            { title: t('在库'), key: 'grams', align: 'right', width: 150, render: (_, row) => weight(row.grams) },
            {
              title: t('占用'),
              key: 'share',
              align: 'right',
              width: 90,
              render: (_, row) => formatShare(row.grams, row.capacityGrams),
            },
            { title: t('批次'), dataIndex: 'lots', align: 'right', width: 80, render: formatCount },
            {
              title: t('待入仓'),
              key: 'waiting',
              align: 'right',
              width: 140,
              render: (_, row) =>
                row.disputed > 0
                  ? t('{n}（数量不符 {d}）', { n: formatCount(row.waiting), d: formatCount(row.disputed) })
                  : formatCount(row.waiting),
            },
          ]}
        />
      </Panel>
    </>
  )
}

const queues = ['waiting', 'declared', 'disputed', 'entered', 'cancelled'] as const

function Queue({ area }: { readonly area: string }) {
  const [state, setState] = useState<(typeof queues)[number]>('waiting')
  const filter = { area, state, limit: 10 }
  const list = usePaged([...keys.coldchain, 'declarations'], filter, (cursor, signal) =>
    call('cold-declaration.list', { query: { ...filter, ...(cursor ? { cursor } : {}) }, signal }),
  )
  return (
    <Panel
      title={t('到货申报')}
      flush
      extra={
        <span className="in-line">
          <Select
            aria-label={t('申报状态')}
            value={state}
            onChange={setState}
            options={queues.map((value) => ({
              value,
              label: value === 'waiting' ? t('全部待入仓') : declarationNames[value],
            }))}
          />
          <ListExport list="cold-declarations" filter={{ area }} />
        </span>
      }
    >
      <DataTable<ColdDeclaration>
        label={t('到货申报')}
        rowKey="id"
        rows={list.rows}
        error={list.error}
        loading={list.loading && list.rows !== undefined}
        retry={list.refetch}
        paged={list}
        minWidth={640}
        empty={state === 'waiting' ? t('没有等待入仓的申报') : t('没有这个状态的申报')}
        columns={[
          {
            title: t('申报'),
            key: 'number',
            render: (_, row) => (
              <>
                <div>{row.number}</div>
                <div className="muted">
                  {row.goodsName} · {row.ownerName}
                </div>
              </>
            ),
          },
          { title: t('预约到仓'), dataIndex: 'slotAt', width: 140, render: formatTime },
          {
            title: t('数量'),
            key: 'grams',
            width: 150,
            align: 'right',
            render: (_, row) => t('{n} 箱 {mass}', { n: formatCount(row.boxes), mass: weight(row.grams) }),
          },
          {
            title: t('状态'),
            key: 'state',
            width: 100,
            render: (_, row) => <Mark tone={declarationTones[row.state]}>{declarationNames[row.state]}</Mark>,
          },
        ]}
      />
    </Panel>
  )
}

/** Lists that have no panel of their own on the page: the ledger of the period, recalls, and temperatures above limits. */
function MovementExport({ area }: { readonly area: string }) {
  const { from, to } = useScope()
  const filter = { area, from, to }
  return (
    <>
      <ListExport list="cold-movements" filter={filter} label={t('导出流转')} />
      <ListExport list="cold-recalls" filter={filter} label={t('导出召回')} />
      <ListExport list="cold-temperatures" filter={filter} label={t('导出温度超限')} />
    </>
  )
}

/** Imported cold chain of an area: warehouses, queue, lots, gaps and violations. */
export function ColdchainPage() {
  const { area } = useScope()
  return (
    <Page
      title={t('进口冷链')}
      actions={area ? <MovementExport area={area} /> : null}
      note={t('进口冷链食品先入集中监管仓，检测合格并放行后才能流转；每一步都有扫码记录，重量逐克平衡。')}
    >
      {area ? (
        <>
          <Overview area={area} />
          <InspectQueue area={area} />
          <div className="two">
            <Queue area={area} />
            <GapPanel area={area} />
          </div>
          <ViolationPanel area={area} />
          <LotPanel area={area} />
          <StatisticsPanel area={area} />
        </>
      ) : (
        <Loading />
      )}
    </Page>
  )
}
