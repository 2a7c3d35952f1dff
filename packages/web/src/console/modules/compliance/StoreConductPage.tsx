import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { t } from '../../../text.ts'
import { call } from '../../kernel/api.ts'
import { formatCount, formatPeriod, formatTime } from '../../kernel/format.ts'
import { keys } from '../../kernel/query.ts'
import { useCan } from '../../kernel/session.ts'
import { Page, Panel } from '../../ui/Page.tsx'
import { ScopeLink } from '../../ui/ScopeLink.tsx'
import { ErrorState, Loading } from '../../ui/states.tsx'
import { ActButtons } from './ActButton.tsx'
import { Parts } from './Evidence.tsx'
import { GradeMark, Score } from './Grade.tsx'
import { ScoreCurve } from './ScoreCurve.tsx'
import { StopChecks } from './StopChecks.tsx'
import { Timeline } from './Timeline.tsx'

/** One store's conduct: score with its parts, evidence, what was done. */
export function StoreConductPage() {
  const { code } = useParams({ strict: false }) as { code: string }
  const can = useCan()
  const query = useQuery({
    queryKey: [...keys.compliance, 'store', code],
    queryFn: () => call('compliance.store', { params: { code } }),
    refetchInterval: 30_000,
  })
  const data = query.data
  if (!data)
    return (
      <Page title={t('药店规范')}>
        {query.isError ? <ErrorState error={query.error} retry={() => void query.refetch()} /> : <Loading />}
      </Page>
    )
  const { store } = data
  return (
    <Page
      title={store.storeName}
      note={
        <>
          {store.countyName} · {store.areaName} · <span className="number">{store.storeCode}</span>
        </>
      }
      actions={can('compliance.handle') ? <ActButtons stores={[store.storeCode]} /> : null}
    >
      <Panel>
        <div className="conduct-store-facts">
          <Score score={store.score} grade={store.grade} />
          <GradeMark grade={store.grade} />
          <dl>
            <div>
              <dt>{t('核查期间')}</dt>
              <dd>{formatPeriod(store.from, store.to)}</dd>
            </div>
            <div>
              <dt>{t('期间登记')}</dt>
              <dd>{t('{count} 笔', { count: formatCount(store.entries) })}</dd>
            </div>
            <div>
              <dt>{t('列入以来')}</dt>
              <dd>{formatTime(store.gradedAt)}</dd>
            </div>
            <div>
              <dt>{t('最近核查')}</dt>
              <dd>{formatTime(store.judgedAt)}</dd>
            </div>
          </dl>
          <span className="in-line">
            <ScopeLink to="/purchases" change={{ store: store.storeCode, from: store.from, to: store.to }}>
              {t('本店登记')}
            </ScopeLink>
            <ScopeLink to="/" change={{ store: store.storeCode }}>
              {t('本店态势')}
            </ScopeLink>
          </span>
        </div>
      </Panel>
      <Panel title={t('扣分项与证据')} flush>
        <Parts store={store.storeCode} parts={store.parts} evidence={data.evidence} />
      </Panel>
      <Panel title={t('规范分走势')}>
        <ScoreCurve days={data.days} />
      </Panel>
      {can('stopsale.read') ? <StopChecks store={store.storeCode} /> : null}
      <Panel title={t('处置经过')} flush>
        <Timeline measures={data.measures} />
      </Panel>
      {data.dismissals.length > 0 ? (
        <Panel title={t('排除记录')} flush>
          <ul className="conduct-timeline">
            {data.dismissals.map((each) => (
              <li key={`${each.rule} ${each.at}`}>
                {t('{name}：{reason}', { name: each.name, reason: each.reason })}
                <div className="muted">
                  {t('{by} · {at} · 至 {until}', { by: each.by, at: formatTime(each.at), until: each.until })}
                </div>
              </li>
            ))}
          </ul>
        </Panel>
      ) : null}
    </Page>
  )
}
