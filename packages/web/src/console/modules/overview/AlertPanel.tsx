import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { t } from '../../../text.ts'
import { call } from '../../kernel/api.ts'
import { formatTime } from '../../kernel/format.ts'
import { GradeMark, worstFirst } from '../../ui/GradeMark.tsx'
import { Panel } from '../../ui/Page.tsx'
import { ScopeLink } from '../../ui/ScopeLink.tsx'
import { ErrorState, Loading } from '../../ui/states.tsx'

const shown = 6

/** Open alerts of the area, the highest grade first, each with its reason. */
export function AlertPanel({ area }: { readonly area: string | undefined }) {
  const query = useQuery({
    queryKey: ['alerts', 'open', area ?? ''],
    queryFn: ({ signal }) =>
      call('alert.list', { query: { state: 'open', limit: 50, ...(area ? { area } : {}) }, signal }),
    refetchInterval: 60_000,
  })
  return (
    <Panel title={t('在办预警')} extra={<ScopeLink to="/alerts">{t('全部预警')}</ScopeLink>}>
      {query.isError ? <ErrorState error={query.error} retry={() => void query.refetch()} /> : null}
      {query.isPending ? <Loading /> : null}
      {query.data?.items.length === 0 ? <p className="muted">{t('没有未结束的需求预警。')}</p> : null}
      <ul className="alert-lines">
        {worstFirst(query.data?.items ?? [])
          .slice(0, shown)
          .map((alert) => (
            <li key={alert.id}>
              <GradeMark grade={alert.grade} />
              <div>
                <Link to={`/alerts/${alert.id}` as '/'}>{alert.places.map(({ name }) => name).join('、')}</Link>
                <p>{alert.reason}</p>
              </div>
              <time dateTime={alert.openedAt}>{formatTime(alert.openedAt).slice(5)}</time>
            </li>
          ))}
      </ul>
    </Panel>
  )
}
