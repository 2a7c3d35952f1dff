import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import type { Alert, AlertDetail } from '@vigil/contract'
import type { ReactNode } from 'react'
import { t } from '../../../text.ts'
import { call } from '../../kernel/api.ts'
import { formatPeriod, formatTime } from '../../kernel/format.ts'
import { keys } from '../../kernel/query.ts'
import { useCan } from '../../kernel/session.ts'
import { GradeMark } from '../../ui/GradeMark.tsx'
import { Mark } from '../../ui/Mark.tsx'
import { Page, Panel } from '../../ui/Page.tsx'
import { ScopeLink } from '../../ui/ScopeLink.tsx'
import { ErrorState, Loading } from '../../ui/states.tsx'
import { Actions } from './Actions.tsx'
import { Evidence } from './Evidence.tsx'
import { Questions, Referrals } from './Inquiries.tsx'
import { Rules } from './Rules.tsx'
import { Stores } from './Stores.tsx'
import { useNow } from './useNow.ts'
import { clockOf, findingText, headline, isOpen, placeText, stateOf, stepName } from './words.ts'
import './alert.css'

function Facts({ alert, now }: { readonly alert: Alert; readonly now: number }) {
  const clock = clockOf(alert, now)
  const facts: [string, ReactNode][] = [
    [t('编号'), alert.number],
    [t('涉及日期'), formatPeriod(alert.firstDay, alert.lastDay)],
    [t('发出时间'), formatTime(alert.openedAt)],
    [t('响应时限'), formatTime(alert.dueAt)],
    [
      t('首次响应'),
      <Mark key="clock" tone={clock.tone}>
        {clock.text}
      </Mark>,
    ],
    [t('承办人'), alert.assignee?.name ?? '—'],
    [t('结论'), findingText(alert)],
    [t('上报'), alert.escalations > 0 ? t('{count} 次', { count: alert.escalations }) : t('未上报')],
  ]
  return (
    <dl className="alert-facts">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}

function Timeline({ steps }: Pick<AlertDetail, 'steps'>) {
  return (
    <ol className="timeline">
      {steps.map((step) => (
        <li key={step.id}>
          <strong>{stepName(step)}</strong>{' '}
          <span className="muted">
            {step.actor} · {formatTime(step.at)}
          </span>
          <p>{step.text}</p>
        </li>
      ))}
    </ol>
  )
}

function Earlier({ earlier }: Pick<AlertDetail, 'earlier'>) {
  if (earlier.length === 0) return <p className="hint">{t('近一年此处没有同类预警。')}</p>
  return (
    <ul className="plain">
      {earlier.map((alert) => (
        <li key={alert.id} className="in-line">
          <GradeMark grade={alert.grade} />
          <Link to={`/alerts/${alert.id}` as '/'}>
            {placeText(alert)} {formatPeriod(alert.firstDay, alert.lastDay)}
          </Link>
          <span className="muted">{alert.finding ? findingText(alert) : stateOf(alert).name}</span>
        </li>
      ))}
    </ul>
  )
}

/** One alert: why, its evidence, what was done, and what can be done now. */
export function OneAlertPage() {
  const { id } = useParams({ strict: false }) as { id: string }
  const can = useCan()
  const now = useNow()
  const query = useQuery({
    queryKey: [...keys.alerts, 'one', id],
    queryFn: () => call('alert.read', { params: { id } }),
    refetchInterval: 60_000,
  })
  const detail = query.data
  const alert = detail?.alert
  return (
    <Page
      title={alert ? headline(alert) : t('预警')}
      note={<ScopeLink to="/alerts">{t('返回预警')}</ScopeLink>}
      actions={detail && can('alert.handle') && isOpen(detail.alert) ? <Actions detail={detail} /> : null}
    >
      {query.error ? <ErrorState error={query.error} retry={() => void query.refetch()} /> : null}
      {!detail && !query.error ? <Loading /> : null}
      {detail && alert ? (
        <>
          <Panel>
            <div className="alert-head">
              <GradeMark grade={alert.grade} long />
              <Mark tone={stateOf(alert).tone}>{stateOf(alert).name}</Mark>
              {alert.fadedAt && isOpen(alert) ? <Mark>{t('需求已回落')}</Mark> : null}
            </div>
            <p className="alert-sentence">{alert.reason}</p>
            <Facts alert={alert} now={now} />
          </Panel>
          <div className="alert-grid">
            <div>
              <Panel title={t('数据与预期区间')}>
                <Evidence detail={detail} />
              </Panel>
              <Panel title={t('贡献药店')} flush>
                <Stores detail={detail} />
              </Panel>
              <Panel title={t('规则与实测误报率')} flush>
                <Rules rules={detail.rules} />
              </Panel>
            </div>
            <div>
              <Panel title={t('处置过程')}>
                <Timeline steps={detail.steps} />
              </Panel>
              {detail.questions.length > 0 ? (
                <Panel title={t('药店答复')}>
                  <Questions questions={detail.questions} now={now} />
                </Panel>
              ) : null}
              {detail.referrals.length > 0 ? (
                <Panel title={t('转疾控核查')}>
                  <Referrals id={id} referrals={detail.referrals} open={isOpen(alert) && can('alert.handle')} />
                </Panel>
              ) : null}
              <Panel title={t('此前同类预警')}>
                <Earlier earlier={detail.earlier} />
              </Panel>
            </div>
          </div>
        </>
      ) : null}
    </Page>
  )
}
