import { useQuery } from '@tanstack/react-query'
import { addDays, dayOf, daysBetween } from '@vigil/codes'
import type { DrugClass, Overview } from '@vigil/contract'
import { drugClassNames } from '@vigil/contract/terms'
import { Segmented } from 'antd'
import { useMemo, useState } from 'react'
import { t } from '../../../text.ts'
import { call } from '../../kernel/api.ts'
import { formatCount, formatPeriod } from '../../kernel/format.ts'
import { daysOf } from '../../kernel/period.ts'
import { keys } from '../../kernel/query.ts'
import { BandChart } from '../../ui/BandChart.tsx'
import { CurveChart } from '../../ui/CurveChart.tsx'
import { Panel } from '../../ui/Page.tsx'
import { ErrorState, Loading } from '../../ui/states.tsx'
import { ink } from '../../ui/theme.ts'
import { type Measure, measures, seriesOf, summaryOf, totalsOf } from './summary.ts'
import { Today } from './Today.tsx'

const views = {
  classes: t('分类'),
  band: t('预期与预警'),
  compare: t('与上期对比'),
  today: t('今日分时'),
} as const
type View = keyof typeof views
/** Areas of which there is a watched series. */
const watchedLevels: readonly string[] = ['city', 'county', 'office']

interface Asked {
  readonly area?: string
  readonly store?: string
  readonly class?: DrugClass
  readonly from: string
  readonly to: string
}

/** The sum of the period beside that of as many days before it. */
function Compared({ data, asked, measure }: { data: Overview; asked: Asked; measure: Measure }) {
  const length = daysBetween(data.from, data.to) + 1
  const earlier = { ...asked, from: addDays(data.from, -length), to: addDays(data.to, -length) }
  const query = useQuery({
    queryKey: [...keys.overview, earlier],
    queryFn: ({ signal }) => call('overview.read', { query: earlier, signal }),
  })
  const days = useMemo(() => daysOf(data), [data])
  if (query.isError) return <ErrorState error={query.error} retry={() => void query.refetch()} />
  if (!query.data) return <Loading />
  const now = totalsOf(data.curve, days, measure)
  const then = totalsOf(query.data.curve, daysOf(query.data), measure)
  const [sum, sumBefore] = [now, then].map((values) => values.reduce((all, value) => all + value, 0))
  return (
    <CurveChart
      days={days}
      runningDay={dayOf(new Date(data.asOf))}
      series={[
        { name: t('本期'), color: ink.brand, symbol: 'circle', dash: 'solid', values: now },
        { name: t('上期'), color: ink.muted, symbol: 'emptyCircle', dash: [6, 4], values: then },
      ]}
      summary={t('{measure}：本期（{now}）{sum}，上期（{before}）{sumBefore}。', {
        measure: measures[measure],
        now: formatPeriod(data.from, data.to),
        sum: formatCount(sum ?? 0),
        before: formatPeriod(query.data.from, query.data.to),
        sumBefore: formatCount(sumBefore ?? 0),
      })}
    />
  )
}

/** The watched series of a city, county, office or store: what was sold, what was to be expected, and when it was conspicuous. */
function Watched({ unit, asked }: { unit: string; asked: Asked }) {
  const query = useQuery({
    queryKey: [...keys.overview, 'series', unit, asked.class ?? 'all', asked.from, asked.to],
    queryFn: ({ signal }) =>
      call('surveillance.series', {
        query: { unit, class: asked.class ?? 'all', from: asked.from, to: asked.to },
        signal,
      }),
  })
  if (query.isError) return <ErrorState error={query.error} retry={() => void query.refetch()} />
  if (!query.data) return <Loading />
  const { days, rule } = query.data
  const graded = days.filter(({ grade }) => grade)
  const last = days.at(-1)
  return (
    <BandChart
      days={days}
      summary={[
        t('{name}登记笔数与预期。', { name: asked.class ? drugClassNames[asked.class] : t('四类合计') }),
        rule
          ? t('规则：{name} 第 {version} 版。', { name: rule.name, version: rule.version })
          : t('没有规则监测此处。'),
        graded.length ? t('本期 {count} 天达到预警。', { count: graded.length }) : t('本期没有预警。'),
        last?.reason ?? '',
      ].join('')}
    />
  )
}

/** Daily curve: by class, with expected band and alerts, or beside the period before; and the running day by hour. */
export function DailyPanel({ data, asked }: { readonly data: Overview; readonly asked: Asked }) {
  const [measure, setMeasure] = useState<Measure>('purchases')
  const [chosen, setView] = useState<View>('classes')
  const unit = asked.store ?? (watchedLevels.includes(data.area.level) ? data.area.code : undefined)
  const view = (chosen === 'band' || chosen === 'today') && !unit ? 'classes' : chosen
  const days = useMemo(() => daysOf(data), [data])
  const series = useMemo(
    () => seriesOf(data.curve, days, measure, asked.class),
    [data.curve, days, measure, asked.class],
  )
  return (
    <Panel
      title={t('每日曲线')}
      extra={
        <>
          <Segmented<View>
            aria-label={t('曲线内容')}
            value={view}
            onChange={setView}
            options={Object.entries(views)
              .filter(([value]) => (value !== 'band' && value !== 'today') || unit)
              .map(([value, label]) => ({ value: value as View, label }))}
          />
          {view === 'band' || view === 'today' ? null : (
            <Segmented<Measure>
              aria-label={t('指标')}
              value={measure}
              onChange={setMeasure}
              options={Object.entries(measures).map(([value, label]) => ({ value: value as Measure, label }))}
            />
          )}
        </>
      }
    >
      {view === 'classes' ? (
        <CurveChart
          days={days}
          series={series}
          summary={summaryOf(series, days, measure)}
          runningDay={dayOf(new Date(data.asOf))}
        />
      ) : null}
      {view === 'compare' ? <Compared data={data} asked={asked} measure={measure} /> : null}
      {view === 'band' && unit ? <Watched unit={unit} asked={asked} /> : null}
      {view === 'today' && unit ? <Today unit={unit} watched={asked.class ?? 'all'} /> : null}
    </Panel>
  )
}
