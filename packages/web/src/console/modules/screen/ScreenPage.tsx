import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { addDays, dayOf } from '@vigil/codes'
import { lazy, Suspense, useEffect, useMemo, useState } from 'react'
import { t } from '../../../text.ts'
import { call } from '../../kernel/api.ts'
import { changeOf, formatCount, formatShare, formatTime } from '../../kernel/format.ts'
import { listen, useLive } from '../../kernel/live.ts'
import { daysOf } from '../../kernel/period.ts'
import { keys } from '../../kernel/query.ts'
import { useScope } from '../../kernel/scope.ts'
import { meQuery } from '../../kernel/session.ts'
import { GradeMark, worstFirst } from '../../ui/GradeMark.tsx'
import { useTitle } from '../../ui/Page.tsx'
import { ErrorState, Loading } from '../../ui/states.tsx'
import { SignInPage } from '../me/SignInPage.tsx'
import { useBoundary } from '../overview/CityMap.tsx'
import { judged, mapUnits, type Shade, shades } from '../overview/shade.ts'
import { seriesOf } from '../overview/summary.ts'
import './screen.css'

const MapPlot = lazy(() => import('../../ui/MapPlot.tsx'))
const Plot = lazy(() => import('../../ui/Plot.tsx'))

const span = 14
const turnMs = 15_000
/** The running day is not compared with a whole one: the map turns between two. */
const order: readonly Shade[] = ['rate', 'alert']
const arrows = { up: '▲ ', down: '▼ ', same: '', none: '' } as const

/** The instant, told again every second, and how often the map has turned. */
function useClock(): { now: Date; turn: number } {
  const [now, setNow] = useState(() => new Date())
  useEffect(() => {
    const timer = setInterval(() => setNow(new Date()), 1000)
    return () => clearInterval(timer)
  }, [])
  return { now, turn: Math.floor(now.getTime() / turnMs) }
}

function Wall() {
  const { area, areas } = useScope()
  const { now, turn } = useClock()
  const live = useLive()
  const today = dayOf(now)
  const asked = { from: addDays(today, 1 - span), to: today, ...(area ? { area } : {}) }
  const overview = useQuery({
    queryKey: [...keys.overview, asked],
    queryFn: ({ signal }) => call('overview.read', { query: asked, signal }),
    placeholderData: keepPreviousData,
    enabled: area !== undefined,
  })
  const daily = { ...asked, from: today }
  const dayBefore = { ...daily, from: addDays(today, -1), to: addDays(today, -1) }
  const yesterday = useQuery({
    queryKey: [...keys.overview, dayBefore],
    queryFn: ({ signal }) => call('overview.read', { query: dayBefore, signal }),
    placeholderData: keepPreviousData,
    enabled: area !== undefined,
  })
  const ofToday = useQuery({
    queryKey: [...keys.overview, daily],
    queryFn: ({ signal }) => call('overview.read', { query: daily, signal }),
    placeholderData: keepPreviousData,
    enabled: area !== undefined,
  })
  const states = useQuery({
    queryKey: [...keys.overview, 'states', area, today, undefined],
    queryFn: ({ signal }) => call('surveillance.states', { query: { area, day: today, class: 'all' }, signal }),
    enabled: area !== undefined,
    refetchInterval: ({ state }) => (state.data?.ready === false ? 3000 : false),
  })
  const alerts = useQuery({
    queryKey: ['alerts', 'open', area ?? ''],
    queryFn: ({ signal }) =>
      call('alert.list', { query: { state: 'open', limit: 50, ...(area ? { area } : {}) }, signal }),
    refetchInterval: 30_000,
  })
  const data = overview.data
  const shade = order[turn % order.length]!
  const boundary = useBoundary(data ? areas.byCode.get(data.area.code)?.path : undefined)
  const units = useMemo(() => {
    const grades = judged(states.data?.children)
    return mapUnits(
      (ofToday.data?.ranking ?? []).map((row) => ({ ...row, grade: grades.get(row.code) })),
      shade,
      1,
    )
  }, [ofToday.data, states.data, shade])
  const days = useMemo(() => daysOf({ from: data?.from ?? today, to: data?.to ?? today }), [data, today])
  const series = useMemo(() => seriesOf(data?.curve ?? [], days, 'purchases', undefined), [data, days])
  useTitle(t('{name}大屏', { name: data?.area.name ?? '' }))
  if (overview.isError) return <ErrorState error={overview.error} retry={() => void overview.refetch()} />
  if (!data || !ofToday.data) return <Loading />
  const figures = ofToday.data
  const rows = [...figures.ranking].sort((a, b) => b.purchases - a.purchases).slice(0, 8)
  const most = Math.max(1, ...rows.map(({ purchases }) => purchases))
  const change = changeOf(yesterday.data?.compared.purchases ?? 0, yesterday.data?.previous.purchases ?? 0)
  const numbers = [
    { name: t('今日登记'), unit: t('笔'), value: figures.figures.purchases },
    { name: t('今日购药人数'), unit: t('人'), value: figures.figures.buyers },
    { name: t('今日发热人次'), unit: t('次'), value: figures.figures.fever },
  ]
  return (
    <div className="wall">
      <header>
        <h1>{t('{name}零售药店疫情防控哨点', { name: data.area.name })}</h1>
        <p>
          <time dateTime={now.toISOString()}>{formatTime(now.toISOString())}</time>
          <span className={`live ${live}`}>
            <i aria-hidden="true" />
            {live !== 'live' ? t('连接中断，正在重连') : states.data?.ready === false ? t('监测正在更新') : t('实时')}
          </span>
        </p>
      </header>
      <section className="wall-figures" aria-label={t('今日数字')}>
        {numbers.map(({ name, unit, value }) => (
          <div key={name}>
            <h2>{name}</h2>
            <strong>{formatCount(value)}</strong>
            <small>{unit}</small>
          </div>
        ))}
        <div>
          <h2>{t('上报药店')}</h2>
          <strong>{formatCount(figures.stores.reporting)}</strong>
          <small>
            {t('/ {total} 家，{share}', {
              total: formatCount(figures.stores.total),
              share: formatShare(figures.stores.reporting, figures.stores.total),
            })}
          </small>
        </div>
        <div>
          <h2>{t('昨日登记')}</h2>
          <strong>{formatCount(yesterday.data?.figures.purchases ?? 0)}</strong>
          <small className={change.direction}>
            {arrows[change.direction]}
            {t('{change}（较上周同日）', { change: change.text })}
          </small>
        </div>
      </section>
      <section className="wall-map" aria-label={t('地图')}>
        <h2>{t('今日{shade}', { shade: shades[shade] })}</h2>
        {boundary.data ? (
          <Suspense fallback={<Loading />}>
            <MapPlot boundary={boundary.data} units={units} label={t('今日{shade}', { shade: shades[shade] })} />
          </Suspense>
        ) : null}
      </section>
      <section className="wall-alerts" aria-label={t('在办预警')}>
        <h2>{t('在办预警')}</h2>
        <ul>
          {worstFirst(alerts.data?.items ?? [])
            .slice(0, 6)
            .map((alert) => (
              <li key={alert.id}>
                <GradeMark grade={alert.grade} long />
                <p>{alert.reason}</p>
              </li>
            ))}
          {alerts.data?.items.length === 0 ? <li>{t('没有未结束的需求预警。')}</li> : null}
        </ul>
      </section>
      <section className="wall-ranking" aria-label={t('今日辖区排行')}>
        <h2>{t('今日辖区排行')}</h2>
        <ol>
          {rows.map((row) => (
            <li key={row.code}>
              <span>{row.name}</span>
              <i aria-hidden="true">
                <b style={{ width: `${(row.purchases / most) * 100}%` }} />
              </i>
              <em>{formatCount(row.purchases)}</em>
            </li>
          ))}
        </ol>
      </section>
      <section className="wall-curve" aria-label={t('近 {span} 天各类登记笔数', { span })}>
        <h2>{t('近 {span} 天各类登记笔数', { span })}</h2>
        <Suspense fallback={<Loading />}>
          <Plot days={days} series={series} label={t('近 {span} 天各类登记笔数', { span })} runningDay={today} />
        </Suspense>
      </section>
    </div>
  )
}

/** The overview for a wall: 16:9, without a mouse; figures arrive live and the map turns by itself. */
export function ScreenPage() {
  const me = useQuery(meQuery)
  const may = me.data?.permissions.includes('overview.read') ?? false
  useEffect(() => (may ? listen() : undefined), [may])
  if (me.isError && me.data === undefined) return <ErrorState error={me.error} retry={() => void me.refetch()} />
  if (me.data === undefined) return <Loading />
  if (me.data === null) return <SignInPage />
  if (!may) return <ErrorState error={new Error(t('此账号没有查看态势总览的权限'))} />
  return <Wall />
}
