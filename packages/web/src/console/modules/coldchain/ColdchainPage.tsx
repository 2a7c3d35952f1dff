import { useQuery } from '@tanstack/react-query'
import type { ColdDeclaration, ColdGap } from '@vigil/contract'
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
import { Figure } from './Figure.tsx'
import { LotPanel } from './LotPanel.tsx'
import { ViolationPanel } from './ViolationPanel.tsx'
import { declarationNames, declarationTones, gapNames, weight } from './words.ts'

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
          note={t('数量不符 {n} 批', { n: data.disputed })}
        />
        <Figure name={t('待检放行')} value={formatCount(data.testing)} note={t('放行前不得流转')} />
        <Figure
          name={t('入仓批次')}
          value={formatCount(data.lots)}
          note={t('{mass}，放行 {n} 批', { mass: weight(data.grams), n: formatCount(data.released) })}
        />
        <Figure
          name={t('违规')}
          value={formatCount(data.violations)}
          note={t('待处置 {n} 件', { n: formatCount(data.openViolations) })}
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
            { title: t('待入仓'), dataIndex: 'waiting', align: 'right', width: 90, render: formatCount },
          ]}
        />
      </Panel>
    </>
  )
}

function Queue({ area }: { readonly area: string }) {
  const filter = { area, limit: 10 }
  const list = usePaged([...keys.coldchain, 'declarations'], filter, (cursor, signal) =>
    call('cold-declaration.list', { query: { ...filter, ...(cursor ? { cursor } : {}) }, signal }),
  )
  return (
    <Panel title={t('到货申报')} flush>
      <DataTable<ColdDeclaration>
        label={t('到货申报')}
        rowKey="id"
        rows={list.rows}
        error={list.error}
        loading={list.loading && list.rows !== undefined}
        retry={list.refetch}
        paged={list}
        minWidth={640}
        empty={t('还没有到货申报')}
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

function Gaps({ area }: { readonly area: string }) {
  const query = useQuery({
    queryKey: [...keys.coldchain, 'gaps', area],
    queryFn: ({ signal }) => call('cold-chain.gaps', { query: { area }, signal }),
    refetchInterval: 60_000,
  })
  const rows = query.data?.items.map((gap) => ({
    ...gap,
    key: `${gap.kind} ${gap.lotId} ${gap.holderName} ${gap.due}`,
  }))
  return (
    <Panel title={t('缺口清单')} flush>
      <DataTable<ColdGap & { key: string }>
        label={t('缺口清单')}
        rowKey="key"
        rows={rows}
        error={query.error}
        retry={() => void query.refetch()}
        minWidth={640}
        heading="lot"
        empty={t('没有缺口')}
        columns={[
          {
            title: t('问题'),
            key: 'kind',
            width: 140,
            render: (_, row) => <Mark tone="warn">{gapNames[row.kind]}</Mark>,
          },
          {
            title: t('批次'),
            key: 'lot',
            render: (_, row) => (
              <>
                <div>{row.goodsName}</div>
                <div className="muted">
                  {row.lotNo} ·{' '}
                  {row.otherName ? t('{from} 发往 {to}', { from: row.holderName, to: row.otherName }) : row.holderName}
                </div>
              </>
            ),
          },
          { title: t('重量'), key: 'grams', width: 120, align: 'right', render: (_, row) => weight(row.grams) },
          {
            title: t('已逾'),
            key: 'days',
            width: 80,
            align: 'right',
            render: (_, row) => t('{n} 天', { n: row.days }),
          },
        ]}
      />
    </Panel>
  )
}

/** Imported cold chain of an area: warehouses, queue, lots, gaps and violations. */
export function ColdchainPage() {
  const { area } = useScope()
  return (
    <Page
      title={t('进口冷链')}
      note={t('进口冷链食品先入集中监管仓，检测合格并放行后才能流转；每一步都有扫码记录，重量逐克平衡。')}
    >
      {area ? (
        <>
          <Overview area={area} />
          <LotPanel area={area} />
          <div className="two">
            <Queue area={area} />
            <Gaps area={area} />
          </div>
          <ViolationPanel area={area} />
        </>
      ) : (
        <Loading />
      )}
    </Page>
  )
}
