import { useQuery } from '@tanstack/react-query'
import type { ColdLot, TraceRows } from '@vigil/contract'
import { openTrace } from '@vigil/contract/terms'
import { Button, Input, Segmented } from 'antd'
import { useEffect, useMemo, useState } from 'react'
import { t } from '../../../text.ts'
import { call } from '../../kernel/api.ts'
import { formatTime } from '../../kernel/format.ts'
import { useLeaves } from '../../kernel/leaf.ts'
import { keys } from '../../kernel/query.ts'
import { useRawSearch, useSetSearch } from '../../kernel/scope.ts'
import { useTyped } from '../../kernel/typed.ts'
import { DataTable } from '../../ui/DataTable.tsx'
import { Mark } from '../../ui/Mark.tsx'
import { Page, Panel } from '../../ui/Page.tsx'
import { ScopeLink } from '../../ui/ScopeLink.tsx'
import { EmptyState, ErrorState, Loading } from '../../ui/states.tsx'
import { DriverLine } from './DriverLine.tsx'
import { PaperPanels } from './PaperPanels.tsx'
import { TemperaturePanel } from './TemperaturePanel.tsx'
import { TraceExport } from './TraceExport.tsx'
import { TraceGraph } from './TraceGraph.tsx'
import { TraceMap } from './TraceMap.tsx'
import { gateNames, gateTones, holderKindNames, weight } from './words.ts'

type Direction = 'forward' | 'backward'

function Search({ q, onFound }: { readonly q: string; readonly onFound: (q: string) => void }) {
  const [typed, setTyped] = useTyped(q)
  return (
    <search className="filters" aria-label={t('查找')}>
      <Input.Search
        className="trace-search"
        aria-label={t('任意编码或编号')}
        placeholder={t('箱码、托盘码、批次、供应商批号、柜号、申报号、出仓证明号')}
        value={typed}
        maxLength={300}
        allowClear
        enterButton={t('查找')}
        onChange={(event) => setTyped(event.target.value)}
        onSearch={(text) => onFound(text.trim())}
      />
    </search>
  )
}

function Lots({
  lots,
  chosen,
  onChoose,
}: {
  readonly lots: readonly (ColdLot & { readonly balances?: TraceRows['lots'][number]['balances'] })[]
  readonly chosen?: string
  readonly onChoose: (lot: ColdLot) => void
}) {
  const { rows, paged } = useLeaves(lots)
  return (
    <DataTable
      label={t('批次')}
      rowKey="id"
      rows={rows}
      paged={paged}
      minWidth={560}
      empty={t('没有符合条件的批次')}
      columns={[
        {
          title: t('批次'),
          key: 'lot',
          render: (_, row) => (
            <>
              <Button type="link" className="link" aria-current={row.id === chosen} onClick={() => onChoose(row)}>
                {row.goodsName} {row.lotNo}
              </Button>
              <div className="muted">
                {[row.origin, row.supplierLot, row.containerNo, row.holderName].filter(Boolean).join(' · ')}
              </div>
            </>
          ),
        },
        {
          title: t('状态'),
          key: 'gate',
          width: 110,
          render: (_, row) => <Mark tone={gateTones[row.gate]}>{gateNames[row.gate]}</Mark>,
        },
        {
          title: t('在库'),
          key: 'grams',
          width: 130,
          align: 'right',
          render: (_, row) => (row.balances ? weight(row.balances.reduce((sum, { grams }) => sum + grams, 0)) : '—'),
        },
      ]}
    />
  )
}

function Places({ trace }: { readonly trace: TraceRows }) {
  const places = useMemo(() => trace.places.toSorted((a, b) => b.grams - a.grams), [trace])
  const { rows, paged } = useLeaves(places)
  return (
    <Panel title={t('经手单位')} flush>
      <DataTable
        label={t('经手单位')}
        rowKey="id"
        rows={rows}
        paged={paged}
        minWidth={420}
        empty={t('没有经手单位')}
        columns={[
          {
            title: t('单位'),
            key: 'name',
            render: (_, row) => (
              <>
                <div>{row.name}</div>
                <div className="muted">
                  {holderKindNames[row.kind]} · {row.areaName}
                </div>
              </>
            ),
          },
          {
            title: t('在库'),
            key: 'grams',
            width: 130,
            align: 'right',
            render: (_, row) => (row.grams > 0 ? weight(row.grams) : '—'),
          },
        ]}
      />
    </Panel>
  )
}

function Ways({ trace }: { readonly trace: TraceRows }) {
  const lots = useMemo(() => new Map(trace.lots.map((lot) => [lot.id, lot])), [trace])
  const ways = useMemo(() => trace.dispatches.map((way, at) => ({ ...way, key: at })), [trace])
  const { rows, paged } = useLeaves(ways)
  return (
    <Panel title={t('发收记录')} flush>
      <DataTable
        label={t('发收记录')}
        rowKey="key"
        rows={rows}
        paged={paged}
        minWidth={520}
        heading="way"
        empty={t('还没有发货')}
        columns={[
          { title: t('发出'), dataIndex: 'sentAt', width: 140, render: formatTime },
          {
            title: t('去向'),
            key: 'way',
            render: (_, row) => (
              <>
                <div>{t('{from} 发往 {to}', { from: row.fromName, to: row.toName })}</div>
                <div className="muted">
                  {lots.get(row.lotId)?.goodsName} {lots.get(row.lotId)?.lotNo}
                  {row.received ? null : ` · ${t('在途')}`}
                </div>
              </>
            ),
          },
          { title: t('重量'), key: 'grams', width: 120, align: 'right', render: (_, row) => weight(row.grams) },
        ]}
      />
    </Panel>
  )
}

/** Papers, temperatures and people of the lot that is chosen in the trace. */
function Chosen({ id }: { readonly id: string }) {
  const query = useQuery({
    queryKey: [...keys.coldchain, 'lot', id],
    queryFn: ({ signal }) => call('cold-lot.read', { params: { id }, signal }),
    retry: false,
  })
  const lot = query.data
  if (!lot)
    return (
      <Panel title={t('所选批次')}>
        {query.isError ? <ErrorState error={query.error} retry={() => void query.refetch()} /> : <Loading />}
      </Panel>
    )
  const people = [
    lot.ownerName && t('货主 {name}', { name: lot.ownerName }),
    t('首站 {name}', { name: lot.holderName }),
  ]
  return (
    <>
      <Panel
        title={t('所选批次：{goods} {lot}', { goods: lot.goodsName, lot: lot.lotNo })}
        extra={
          <ScopeLink to={`/coldchain/${lot.id}`} className="link">
            {t('打开批次')}
          </ScopeLink>
        }
      >
        <div className="stack">
          <div>{people.filter(Boolean).join('，')}</div>
          {lot.declaration ? <DriverLine declaration={lot.declaration} /> : null}
        </div>
      </Panel>
      <TemperaturePanel lot={lot} />
      <PaperPanels lot={lot} />
    </>
  )
}

function Trace({ code, direction }: { readonly code: string; readonly direction: Direction }) {
  const setSearch = useSetSearch()
  const [chosen, setChosen] = useState<string>()
  const query = useQuery({
    queryKey: [...keys.coldchain, 'trace', code, direction],
    queryFn: async ({ signal }) => openTrace(await call('cold-chain.trace', { query: { code, direction }, signal })),
    retry: false,
  })
  const trace = query.data
  if (!trace) return query.isError ? <ErrorState error={query.error} retry={() => void query.refetch()} /> : <Loading />
  const start = trace.lots.find(({ id }) => id === trace.start)
  const open = chosen ?? trace.start
  return (
    <>
      <Panel
        title={start ? `${start.goodsName} ${start.lotNo}` : t('追溯')}
        extra={
          <span className="in-line">
            <Segmented<Direction>
              aria-label={t('方向')}
              value={direction}
              onChange={(value) => setSearch({ direction: value })}
              options={[
                { value: 'forward', label: t('去向') },
                { value: 'backward', label: t('来源') },
              ]}
            />
            {start ? <TraceExport lot={start} reach={direction} /> : null}
          </span>
        }
      >
        {trace.cut ? <p className="hint">{t('追溯范围太大，只显示一部分；请从更近的批次查起。')}</p> : null}
        <TraceGraph trace={trace} chosen={open} onChoose={setChosen} />
      </Panel>
      <Panel title={t('批次')} flush>
        <Lots lots={trace.lots} chosen={open} onChoose={({ id }) => setChosen(id)} />
      </Panel>
      <Panel title={t('地图')}>
        <TraceMap trace={trace} />
      </Panel>
      <div className="two">
        <Places trace={trace} />
        <Ways trace={trace} />
      </div>
      <Chosen id={open} />
    </>
  )
}

/** Lots behind what was typed; a single one is traced at once. */
function Found({ q, onChoose }: { readonly q: string; readonly onChoose: (lot: ColdLot) => void }) {
  const query = useQuery({
    queryKey: [...keys.coldchain, 'find', q],
    queryFn: ({ signal }) => call('cold-chain.find', { query: { q }, signal }),
  })
  const [only, ...others] = query.data?.items ?? []
  useEffect(() => {
    if (only && others.length === 0) onChoose(only)
  }, [only, others.length, onChoose])
  if (query.isError) return <ErrorState error={query.error} retry={() => void query.refetch()} />
  if (!query.data) return <Loading />
  if (!only) return <EmptyState text={t('辖区内没有这个编码或编号，请核对后再查。')} />
  return (
    <Panel title={t('找到 {n} 个批次，请选择', { n: query.data.items.length })} flush>
      <Lots lots={query.data.items} onChoose={onChoose} />
    </Panel>
  )
}

/** From any code or number forward and backward: graph, map, tables, and the papers, temperatures and people of a lot. */
export function TracePage() {
  const search = useRawSearch()
  const setSearch = useSetSearch()
  const { q = '', code = '' } = search
  const direction: Direction = search.direction === 'backward' ? 'backward' : 'forward'
  return (
    <Page
      title={t('冷链追溯')}
      note={t('从任意一个编码或编号查来源和去向：流向图、地图、经手单位、单证、温度和人员。')}
    >
      <Search q={q} onFound={(text) => setSearch({ q: text || undefined, code: undefined })} />
      {code ? <Trace key={code} code={code} direction={direction} /> : null}
      {!code && q.length > 1 ? <Found q={q} onChoose={({ uri }) => setSearch({ code: uri })} /> : null}
      {!code && q.length <= 1 ? (
        <EmptyState text={t('扫描或输入箱码、托盘码、批次、供应商批号、柜号、申报号或出仓证明号。')} />
      ) : null}
    </Page>
  )
}
