import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { dayOf, daysBetween } from '@vigil/codes'
import { Alert } from 'antd'
import { useMemo } from 'react'
import { t } from '../../../text.ts'
import { call } from '../../kernel/api.ts'
import { formatCount, formatShare, formatTime } from '../../kernel/format.ts'
import { keys } from '../../kernel/query.ts'
import { useScope } from '../../kernel/scope.ts'
import { meQuery } from '../../kernel/session.ts'
import { ClassSelect } from '../../ui/ClassSelect.tsx'
import { Figure } from '../../ui/Figure.tsx'
import { Page } from '../../ui/Page.tsx'
import { ScopeLink } from '../../ui/ScopeLink.tsx'
import { ErrorState, Loading } from '../../ui/states.tsx'
import { AlertPanel } from './AlertPanel.tsx'
import { CityMap } from './CityMap.tsx'
import { DailyPanel } from './DailyPanel.tsx'
import { Ranking } from './Ranking.tsx'
import { judged } from './shade.ts'
import './overview.css'

/** How often it is asked whether the watch has caught up, in ms. */
const catchUpMs = 3000

/** The running day is shown but not compared with a whole one. */
const noteOf = (asOf: string, to: string) =>
  t('截至 {asOf}{value}', {
    asOf: formatTime(asOf),
    value: to >= dayOf(new Date(asOf)) ? t('，今日未完，不计入与上周的对比') : '',
  })

/** Figures, daily curve and ranking of the chosen area and period. */
export function OverviewPage() {
  const scope = useScope()
  const { area, store, from, to, class: drugClass } = scope
  const asked = {
    from,
    to,
    ...(area ? { area } : {}),
    ...(store ? { store } : {}),
    ...(drugClass ? { class: drugClass } : {}),
  }
  const query = useQuery({
    queryKey: [...keys.overview, asked],
    queryFn: ({ signal }) => call('overview.read', { query: asked, signal }),
    placeholderData: keepPreviousData,
    enabled: area !== undefined,
  })
  const data = query.data
  const states = useQuery({
    queryKey: [...keys.overview, 'states', area, to, drugClass],
    queryFn: ({ signal }) =>
      call('surveillance.states', { query: { area, day: to, class: drugClass ?? 'all' }, signal }),
    enabled: area !== undefined,
    refetchInterval: ({ state }) => (state.data?.ready === false ? catchUpMs : false),
  })
  const grades = useMemo(() => judged(states.data?.children), [states.data])
  const mayAlert = useQuery(meQuery).data?.permissions.includes('alert.read') ?? false
  const days = daysBetween(from, to) + 1
  return (
    <Page
      title={t('{name}态势总览', { name: data?.area.name ?? '' })}
      note={data ? noteOf(data.asOf, data.to) : undefined}
      actions={
        <>
          <ClassSelect value={drugClass} />
          <ScopeLink to="/screen" className="link">
            {t('大屏')}
          </ScopeLink>
        </>
      }
    >
      {query.isError ? <ErrorState error={query.error} retry={() => void query.refetch()} /> : null}
      {!data && !query.isError ? <Loading /> : null}
      {data && !query.isError ? (
        <div className={query.isPlaceholderData ? 'stack stale' : 'stack'} aria-busy={query.isPlaceholderData}>
          <div className="figures">
            <Figure
              name={t('登记笔数')}
              unit={t('笔')}
              value={data.figures.purchases}
              compared={data.compared.purchases}
              previous={data.previous.purchases}
            />
            <Figure
              name={t('购药人数')}
              unit={t('人')}
              value={data.figures.buyers}
              compared={data.compared.buyers}
              previous={data.previous.buyers}
            />
            <Figure
              name={t('药品数量')}
              unit={t('件')}
              value={data.figures.units}
              compared={data.compared.units}
              previous={data.previous.units}
            />
            <Figure
              name={t('发热人次')}
              unit={t('次')}
              value={data.figures.fever}
              compared={data.compared.fever}
              previous={data.previous.fever}
            />
            <div className="figure slim">
              <div className="figure-name">{t('上报药店')}</div>
              <div className="figure-value">
                {formatCount(data.stores.reporting)}
                <small>{t('/ {total} 家', { total: formatCount(data.stores.total) })}</small>
              </div>
              <div className="figure-change">
                {t('上报率 {reporting}', { reporting: formatShare(data.stores.reporting, data.stores.total) })}
              </div>
            </div>
          </div>
          {states.data?.ready === false ? (
            <Alert
              type="info"
              showIcon
              title={t(
                '监测状态正在更新：系统刚启动或正在导入数据，预期、地图上的预警颜色和新预警会稍后补齐，登记数不受影响。',
              )}
            />
          ) : null}
          <div className="overview-top">
            <CityMap
              path={scope.areas.byCode.get(data.area.code)?.path}
              ranking={data.ranking}
              grades={grades}
              days={days}
            />
            {mayAlert ? <AlertPanel area={area} /> : null}
          </div>
          <DailyPanel data={data} asked={asked} />
          {data.ranking.length ? <Ranking rows={data.ranking} /> : null}
        </div>
      ) : null}
    </Page>
  )
}
