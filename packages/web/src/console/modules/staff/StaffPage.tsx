import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { dayOf } from '@vigil/codes'
import type { StaffCoverage } from '@vigil/contract'
import { Button } from 'antd'
import { useMemo } from 'react'
import { t } from '../../../text.ts'
import { call } from '../../kernel/api.ts'
import { formatCount, formatShare, formatTime } from '../../kernel/format.ts'
import { keys } from '../../kernel/query.ts'
import { useRawSearch, useScope } from '../../kernel/scope.ts'
import { useCan } from '../../kernel/session.ts'
import { CurveChart } from '../../ui/CurveChart.tsx'
import { Page, Panel } from '../../ui/Page.tsx'
import { EmptyState, ErrorState, Loading } from '../../ui/states.tsx'
import { ink } from '../../ui/theme.ts'
import { ListExport } from '../export/ListExport.tsx'
import { AddButton } from './AddDialog.tsx'
import { RuleButton } from './RuleDialog.tsx'
import { StaffList } from './StaffList.tsx'
import { StaffRanking } from './StaffRanking.tsx'

const percent = (part: number, whole: number) => (whole === 0 ? 100 : (part / whole) * 100)

function Value({ name, value, note }: { name: string; value: string; note: string }) {
  return (
    <div className="figure">
      <div className="figure-name">{name}</div>
      <div className="figure-value">{value}</div>
      <div className="figure-change">{note}</div>
    </div>
  )
}

function Figures({ data }: { data: StaffCoverage }) {
  const { figures, known } = data
  return (
    <div className="figures">
      <Value
        name={t('检测覆盖率')}
        value={formatShare(figures.covered, figures.required)}
        note={t('已检 {covered} / 应检 {required} 人', {
          covered: formatCount(figures.covered),
          required: formatCount(figures.required),
        })}
      />
      <Value
        name={t('当日已知覆盖率')}
        value={formatShare(known.covered, known.required)}
        note={t('已检 {covered} / 应检 {required} 人', {
          covered: formatCount(known.covered),
          required: formatCount(known.required),
        })}
      />
      <Value name={t('已逾期')} value={formatCount(figures.overdue)} note={t('超过周期未检测')} />
      <Value
        name={t('到期与即将到期')}
        value={formatCount(figures.due + figures.soon)}
        note={t('其中当日到期 {count} 人', { count: formatCount(figures.due) })}
      />
      <Value
        name={t('暂免')}
        value={formatCount(figures.exempt)}
        note={t('另有 {count} 家药店没有名册', { count: formatCount(data.without) })}
      />
    </div>
  )
}

/** What was entered after the day and bears on it. */
function lateText({ late, to }: StaffCoverage): string {
  const parts = [
    late.results > 0 ? t('检测 {count} 次', { count: late.results }) : '',
    late.members > 0 ? t('人员 {count} 名', { count: late.members }) : '',
    late.exemptions > 0 ? t('暂免 {count} 条', { count: late.exemptions }) : '',
    late.departures > 0 ? t('离岗 {count} 名', { count: late.departures }) : '',
  ].filter((part) => part !== '')
  return parts.length === 0
    ? t('{day} 之后没有补录，两项覆盖率依据相同的事实。', { day: to })
    : t('{day} 之后补录了{parts}，因此两项覆盖率可能不同。', { day: to, parts: parts.join(t('、')) })
}

function Curve({ data }: { data: StaffCoverage }) {
  // Where nobody has to be tested there is no coverage.
  const curve = useMemo(() => data.curve.filter(({ required }) => required > 0), [data.curve])
  const days = useMemo(() => curve.map(({ day }) => day), [curve])
  const series = useMemo(
    () => [
      {
        name: t('按现有记录'),
        color: ink.brand,
        symbol: 'circle',
        dash: 'solid' as const,
        values: curve.map(({ covered, required }) => percent(covered, required)),
      },
      {
        name: t('按当日已知'),
        color: ink.up,
        symbol: 'triangle',
        dash: [6, 3],
        values: curve.map(({ knownCovered, knownRequired }) => percent(knownCovered, knownRequired)),
      },
    ],
    [curve],
  )
  if (days.length === 0) return <EmptyState text={t('这段时间没有需要检测的人员')} />
  return (
    <CurveChart
      days={days}
      series={series}
      share
      runningDay={dayOf(new Date(data.asOf))}
      summary={t('{from} 至 {to} 每日检测覆盖率，当日为 {share}', {
        from: data.from,
        to: data.to,
        share: formatShare(data.figures.covered, data.figures.required),
      })}
    />
  )
}

/** Testing of pharmacy workers: coverage of any day with its proof, who is due, rosters, results. */
export function StaffPage() {
  const { area, store, from, to } = useScope()
  const search = useRawSearch()
  const can = useCan()
  const navigate = useNavigate()
  const asked = { from, to, ...(area ? { area } : {}) }
  const query = useQuery({
    queryKey: [...keys.staff, 'coverage', asked],
    queryFn: ({ signal }) => call('staff.coverage', { query: asked, signal }),
    placeholderData: keepPreviousData,
    enabled: area !== undefined,
  })
  const { data } = query
  const today = data ? dayOf(new Date(data.asOf)) : to
  const exported = {
    to: to > today ? today : to,
    ...(area ? { area } : {}),
    ...(store ? { store } : {}),
    ...(search.state ? { status: search.state } : {}),
  }
  return (
    <Page
      title={t('{name}人员检测', { name: data?.area.name ?? '' })}
      note={
        data
          ? t('{day}，截至 {asOf}。{late}', { day: data.to, asOf: formatTime(data.asOf), late: lateText(data) })
          : undefined
      }
      actions={
        <>
          <ListExport list="staff" filter={exported} />
          <RuleButton />
          {can('staff.manage') ? (
            <>
              <Button onClick={() => void navigate({ to: '/imports' } as never)}>{t('导入名册或结果')}</Button>
              <AddButton store={store} />
            </>
          ) : null}
        </>
      }
    >
      {query.isError ? <ErrorState error={query.error} retry={() => void query.refetch()} /> : null}
      {!data && !query.isError ? <Loading /> : null}
      {data && !query.isError ? (
        <div className={query.isPlaceholderData ? 'stack stale' : 'stack'} aria-busy={query.isPlaceholderData}>
          <Figures data={data} />
          <StaffList day={data.to} today={today} counts={data.figures} />
          <Panel title={t('每日覆盖率')}>
            <Curve data={data} />
          </Panel>
          {data.ranking.length > 0 ? <StaffRanking rows={data.ranking} /> : null}
        </div>
      ) : null}
    </Page>
  )
}
