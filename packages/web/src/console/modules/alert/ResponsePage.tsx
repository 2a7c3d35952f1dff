import { keepPreviousData, useQuery } from '@tanstack/react-query'
import type { ResponseRow } from '@vigil/contract'
import { Segmented } from 'antd'
import { t } from '../../../text.ts'
import { call } from '../../kernel/api.ts'
import { formatCount, formatShare } from '../../kernel/format.ts'
import { keys } from '../../kernel/query.ts'
import { useRawSearch, useScope, useSetSearch } from '../../kernel/scope.ts'
import { useCan } from '../../kernel/session.ts'
import { DataTable } from '../../ui/DataTable.tsx'
import { Page, Panel } from '../../ui/Page.tsx'
import { ErrorState, Loading } from '../../ui/states.tsx'
import { ListExport } from '../export/ListExport.tsx'
import { PolicyPanel } from './PolicyPanel.tsx'
import { spanText } from './words.ts'
import './alert.css'

const groupings = [
  { value: 'county', label: t('按县（市、区）') },
  { value: 'grade', label: t('按等级') },
  { value: 'rule', label: t('按规则') },
  { value: 'week', label: t('按周') },
] as const
type Grouping = (typeof groupings)[number]['value']

const minutes = (value: number | null) => (value === null ? '—' : spanText(value))
const rate = (value: number | null) => (value === null ? '—' : formatShare(value, 1))
const decimal = (value: number | null) => (value === null ? '—' : value.toFixed(2))

function Measure({ name, value, beside }: { readonly name: string; readonly value: string; readonly beside: string }) {
  return (
    <div className="measure">
      <div className="measure-name">{name}</div>
      <div className="measure-value">{value}</div>
      <div className="measure-beside">{beside}</div>
    </div>
  )
}

function Measures({ total }: { readonly total: ResponseRow }) {
  return (
    <section className="panel" aria-label={t('合计')}>
      <div className="measures">
        <Measure
          name={t('响应中位数')}
          value={minutes(total.medianMinutes)}
          beside={t('全国系统 1.1 小时；第 90 百分位 {p90}', { p90: minutes(total.p90Minutes) })}
        />
        <Measure
          name={t('按时响应')}
          value={rate(total.inTime)}
          beside={t('{alerts} 条预警，已响应 {answered} 条', {
            alerts: formatCount(total.alerts),
            answered: formatCount(total.answered),
          })}
        />
        <Measure
          name={t('属实率')}
          value={rate(total.trueRate)}
          beside={t('全国系统 1.24%；已有结论 {judged} 条', { judged: formatCount(total.judged) })}
        />
        <Measure name={t('每县每周预警')} value={decimal(total.perCountyWeek)} beside={t('全国系统 1.65 条')} />
      </div>
    </section>
  )
}

/** How fast alerts are answered and how many are true, beside the figures of the national system. */
export function ResponsePage() {
  const { area, from, to } = useScope()
  const search = useRawSearch()
  const setSearch = useSetSearch()
  const can = useCan()
  const by = groupings.find(({ value }) => value === search.by)?.value ?? 'county'
  const filter = { from, to, ...(area ? { area } : {}) }
  const query = useQuery({
    queryKey: [...keys.alerts, 'response', filter, by],
    queryFn: () => call('alert.response', { query: { ...filter, by } }),
    placeholderData: keepPreviousData,
  })
  return (
    <Page
      title={t('响应时效')}
      note={t('全国传染病自动预警系统 2008 至 2010 年：响应中位数 1.1 小时，属实 1.24%，每县每周 1.65 条。')}
      actions={<ListExport list="alert-response" filter={filter} />}
    >
      {query.error ? <ErrorState error={query.error} retry={() => void query.refetch()} /> : null}
      {!query.data && !query.error ? <Loading /> : null}
      {query.data ? <Measures total={query.data.total} /> : null}
      <div className="filters">
        <Segmented<Grouping>
          aria-label={t('分组')}
          value={by}
          onChange={(value) => setSearch({ by: value === 'county' ? undefined : value })}
          options={[...groupings]}
        />
      </div>
      {query.data ? (
        <Panel flush>
          <DataTable<ResponseRow>
            label={t('响应时效')}
            rowKey="key"
            rows={query.data.rows}
            loading={query.isPlaceholderData}
            minWidth={860}
            empty={t('此期间没有预警')}
            columns={[
              { title: groupings.find(({ value }) => value === by)!.label.slice(1), dataIndex: 'name' },
              { title: t('预警'), dataIndex: 'alerts', align: 'right', render: formatCount },
              { title: t('已响应'), dataIndex: 'answered', align: 'right', render: formatCount },
              { title: t('响应中位数'), dataIndex: 'medianMinutes', align: 'right', render: minutes },
              { title: t('第 90 百分位'), dataIndex: 'p90Minutes', align: 'right', render: minutes },
              { title: t('按时响应'), dataIndex: 'inTime', align: 'right', render: rate },
              {
                title: t('属实 / 已有结论'),
                key: 'true',
                align: 'right',
                render: (_, row) => `${formatCount(row.true)} / ${formatCount(row.judged)}`,
              },
              { title: t('属实率'), dataIndex: 'trueRate', align: 'right', render: rate },
              { title: t('每县每周'), dataIndex: 'perCountyWeek', align: 'right', render: decimal },
            ]}
          />
        </Panel>
      ) : null}
      <PolicyPanel manage={can('rule.manage')} />
    </Page>
  )
}
