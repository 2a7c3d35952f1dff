import { keepPreviousData, useQuery } from '@tanstack/react-query'
import type { JointTarget, ReimbursementLine } from '@vigil/contract'
import { reimbursementMatches } from '@vigil/contract/terms'
import { Select } from 'antd'
import { t } from '../../../text.ts'
import { call } from '../../kernel/api.ts'
import { formatCount } from '../../kernel/format.ts'
import { usePaged } from '../../kernel/paged.ts'
import { daysOf } from '../../kernel/period.ts'
import { keys } from '../../kernel/query.ts'
import { useRawSearch, useScope, useSetSearch } from '../../kernel/scope.ts'
import { useCan } from '../../kernel/session.ts'
import { CurveChart } from '../../ui/CurveChart.tsx'
import { DataTable } from '../../ui/DataTable.tsx'
import { Mark } from '../../ui/Mark.tsx'
import { Page, Panel } from '../../ui/Page.tsx'
import { ScopeLink } from '../../ui/ScopeLink.tsx'
import { ErrorState, Loading } from '../../ui/states.tsx'
import { ListExport } from '../export/ListExport.tsx'
import { NumberTile } from './Number.tsx'
import './stopsale.css'
import { matchNames, matchTones } from './words.ts'

interface Asked {
  readonly area?: string
  readonly from: string
  readonly to: string
}

const red = '#b42318'
const amber = '#9a6700'

function Summary({ asked }: { readonly asked: Asked }) {
  const query = useQuery({
    queryKey: [...keys.reimbursements, 'summary', asked],
    queryFn: ({ signal }) => call('reimbursement.summary', { query: asked, signal }),
    placeholderData: keepPreviousData,
  })
  if (query.isError) return <ErrorState error={query.error} retry={() => void query.refetch()} />
  if (!query.data) return <Loading />
  const { matched, partial, none, stores, days } = query.data
  const byDay = new Map(days.map((day) => [day.day, day]))
  const all = daysOf(asked)
  return (
    <>
      <div className="figures stop-figures">
        <NumberTile
          name={t('停售期间结算')}
          value={matched}
          unit={t('笔')}
          note={t('{stores} 家药店', { stores: formatCount(stores) })}
        />
        <NumberTile name={t('当日部分时段停售')} value={partial} unit={t('笔')} note={t('须核对结算时间')} />
        <NumberTile name={t('不在停售范围')} value={none} unit={t('笔')} note={t('未匹配到停售目录')} />
      </div>
      <Panel title={t('每日结算比对')}>
        <CurveChart
          days={all}
          summary={t('{from} 至 {to} 共比对 {count} 笔，{matched} 笔在停售期间', {
            from: asked.from,
            to: asked.to,
            count: formatCount(matched + partial + none),
            matched: formatCount(matched),
          })}
          series={[
            {
              name: matchNames.matched,
              color: red,
              symbol: 'circle',
              dash: 'solid',
              values: all.map((day) => byDay.get(day)?.matched ?? 0),
            },
            {
              name: matchNames.partial,
              color: amber,
              symbol: 'triangle',
              dash: [6, 4],
              values: all.map((day) => byDay.get(day)?.partial ?? 0),
            },
          ]}
        />
      </Panel>
    </>
  )
}

function LinePanel({ asked }: { readonly asked: Asked }) {
  const search = useRawSearch()
  const setSearch = useSetSearch()
  const match =
    reimbursementMatches.find((known) => known === search.match) ?? (search.match === 'all' ? undefined : 'matched')
  const filter = { ...asked, ...(match ? { match } : {}), limit: 20 }
  const list = usePaged([...keys.reimbursements, 'lines'], filter, (cursor, signal) =>
    call('reimbursement.list', { query: { ...filter, ...(cursor ? { cursor } : {}) }, signal }),
  )
  return (
    <Panel
      title={t('结算明细')}
      extra={
        <div className="in-line">
          <Select
            aria-label={t('比对结果')}
            className="wide-select"
            value={match ?? 'all'}
            onChange={(value) => setSearch({ match: value === 'matched' ? undefined : value })}
            options={[
              ...reimbursementMatches.map((value) => ({ value, label: matchNames[value] })),
              { value: 'all' as const, label: t('全部明细') },
            ]}
          />
          <ListExport list="reimbursements" filter={{ ...asked, ...(match ? { status: match } : {}) }} />
        </div>
      }
      flush
    >
      <DataTable<ReimbursementLine>
        label={t('结算明细')}
        rowKey="id"
        rows={list.rows}
        error={list.error}
        loading={list.loading && list.rows !== undefined}
        retry={list.refetch}
        paged={list}
        minWidth={1020}
        heading="store"
        empty={t('这段时间没有符合条件的结算明细')}
        columns={[
          { title: t('结算日期'), dataIndex: 'day', width: 108 },
          {
            title: t('药店'),
            key: 'store',
            render: (_, row) => (
              <>
                <div>{row.storeName}</div>
                <div className="muted">
                  {row.storeCode} · {row.areaName}
                </div>
              </>
            ),
          },
          { title: t('药品'), key: 'drug', render: (_, row) => `${row.drug} ×${row.quantity}` },
          {
            title: t('比对'),
            key: 'match',
            width: 190,
            render: (_, row) => (
              <>
                <Mark tone={matchTones[row.match]}>{matchNames[row.match]}</Mark>
                {row.orderName ? <div className="muted">{row.orderName}</div> : null}
              </>
            ),
          },
          {
            title: t('当日登记'),
            key: 'evidence',
            width: 150,
            render: (_, row) =>
              t('登记 {registered} 件，拒售 {refused} 次', { registered: row.registered, refused: row.refused }),
          },
          { title: t('参保人'), key: 'person', width: 170, render: (_, row) => row.person ?? '—' },
        ]}
      />
    </Panel>
  )
}

function JointPanel({ asked }: { readonly asked: Asked }) {
  const query = useQuery({
    queryKey: [...keys.reimbursements, 'joint', asked],
    queryFn: ({ signal }) => call('reimbursement.joint', { query: asked, signal }),
    placeholderData: keepPreviousData,
  })
  return (
    <Panel title={t('联合检查名单')} extra={<ListExport list="joint-inspections" filter={asked} />} flush>
      <DataTable<JointTarget>
        label={t('联合检查名单')}
        rowKey="storeCode"
        rows={query.data?.items}
        error={query.error}
        loading={query.isPlaceholderData}
        retry={() => void query.refetch()}
        minWidth={860}
        empty={t('这段时间没有须联合检查的药店')}
        columns={[
          {
            title: t('药店'),
            key: 'store',
            render: (_, row) => (
              <>
                <div>{row.storeName}</div>
                <div className="muted">{row.address}</div>
              </>
            ),
          },
          { title: t('区划'), dataIndex: 'areaName', width: 190 },
          {
            title: t('医保结算'),
            key: 'lines',
            width: 100,
            align: 'right',
            render: (_, row) => formatCount(row.lines),
          },
          { title: t('停售期间登记'), dataIndex: 'sales', width: 110, align: 'right', render: formatCount },
          { title: t('检查有问题'), dataIndex: 'failed', width: 100, align: 'right', render: formatCount },
          { title: t('拒售'), dataIndex: 'refusals', width: 80, align: 'right', render: formatCount },
          { title: t('排序分'), dataIndex: 'score', width: 80, align: 'right', render: formatCount },
        ]}
      />
    </Panel>
  )
}

/** What the medical insurance paid although it was barred from sale, and the stores to be inspected for it. */
export function ReimbursementPage() {
  const can = useCan()
  const { area, from, to } = useScope()
  const asked: Asked = { ...(area ? { area } : {}), from, to }
  return (
    <Page
      title={t('医保比对')}
      note={t('导入医保结算明细，与停售目录逐笔比对：整日停售仍有结算的列为停售期间结算。重复导入不会重复计数。')}
      actions={
        can('stopsale.manage') ? (
          <ScopeLink to="/imports" className="link">
            {t('导入结算明细')}
          </ScopeLink>
        ) : null
      }
    >
      {area ? (
        <>
          <Summary asked={asked} />
          <LinePanel asked={asked} />
          <JointPanel asked={asked} />
        </>
      ) : null}
    </Page>
  )
}
