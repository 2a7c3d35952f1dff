import { Link } from '@tanstack/react-router'
import type { Alert } from '@vigil/contract'
import { alertClasses, alertClassNames, alertGrades } from '@vigil/contract/terms'
import { Segmented, Select, type TableColumnsType } from 'antd'
import { t } from '../../../text.ts'
import { call } from '../../kernel/api.ts'
import { formatCount, formatPeriod, formatTime } from '../../kernel/format.ts'
import { usePaged } from '../../kernel/paged.ts'
import { keys } from '../../kernel/query.ts'
import { useRawSearch, useScope, useSetSearch } from '../../kernel/scope.ts'
import { DataTable } from '../../ui/DataTable.tsx'
import { GradeMark, grades } from '../../ui/GradeMark.tsx'
import { Mark } from '../../ui/Mark.tsx'
import { Page, Panel } from '../../ui/Page.tsx'
import { ListExport } from '../export/ListExport.tsx'
import { useNow } from './useNow.ts'
import { classText, clockOf, findingText, placeText, stateOf } from './words.ts'
import './alert.css'

const states = [
  { value: 'open', label: t('未办结') },
  { value: 'new', label: t('待响应') },
  { value: 'ended', label: t('已结束') },
  { value: 'all', label: t('全部') },
] as const
type StateFilter = (typeof states)[number]['value']

const columnsAt = (now: number): TableColumnsType<Alert> => [
  {
    title: t('预警'),
    key: 'what',
    width: 300,
    render: (_, alert) => (
      <div className="alert-what">
        <GradeMark grade={alert.grade} />
        <div>
          <Link to={`/alerts/${alert.id}` as '/'}>{placeText(alert)}</Link>
          <div className="muted">
            {classText(alert)} · {formatPeriod(alert.firstDay, alert.lastDay)}
          </div>
        </div>
      </div>
    ),
  },
  { title: t('原因'), key: 'reason', render: (_, alert) => <span className="alert-reason">{alert.reason}</span> },
  {
    title: t('实际 / 预期'),
    key: 'figures',
    width: 110,
    align: 'right',
    render: (_, alert) =>
      `${formatCount(alert.observed)} / ${alert.expected === null ? '—' : formatCount(alert.expected)}`,
  },
  {
    title: t('首次响应'),
    key: 'clock',
    width: 170,
    render: (_, alert) => {
      const { text, tone } = clockOf(alert, now)
      return (
        <>
          <Mark tone={tone}>{text}</Mark>
          {alert.escalations > 0 ? (
            <div className="muted">{t('已上报 {count} 次', { count: alert.escalations })}</div>
          ) : null}
        </>
      )
    },
  },
  {
    title: t('状态'),
    key: 'state',
    width: 140,
    render: (_, alert) => (
      <>
        <Mark tone={stateOf(alert).tone}>{stateOf(alert).name}</Mark>
        {alert.finding ? <div className="muted">{findingText(alert)}</div> : null}
      </>
    ),
  },
  {
    title: t('承办'),
    key: 'assignee',
    width: 120,
    render: (_, alert) => (
      <>
        {alert.assignee?.name ?? '—'}
        <div className="muted">{formatTime(alert.openedAt)}</div>
      </>
    ),
  },
]

/** Alerts about demand: one line for each event, with its grade, reason, clock and state. */
export function AlertPage() {
  const { area } = useScope()
  const search = useRawSearch()
  const setSearch = useSetSearch()
  const now = useNow()
  const state = states.find(({ value }) => value === search.state)?.value ?? 'open'
  const grade = alertGrades.find((each) => each === search.grade)
  const drugClass = alertClasses.find((each) => each === search.of)
  const filter = {
    state,
    ...(area ? { area } : {}),
    ...(grade ? { grade } : {}),
    ...(drugClass ? { class: drugClass } : {}),
  }
  const list = usePaged<Alert>([...keys.alerts, 'list'], filter, (cursor) =>
    call('alert.list', { query: { limit: 30, ...filter, ...(cursor ? { cursor } : {}) } }),
  )
  return (
    <Page
      title={t('预警')}
      note={t('一个事件一条预警：相邻县（市、区）同期同类的异常合为一条。请在时限内响应，核查后给出结论。')}
      actions={<ListExport list="alerts" filter={{ ...(area ? { area } : {}), status: state }} />}
    >
      <div className="filters">
        <Segmented<StateFilter>
          aria-label={t('状态')}
          value={state}
          onChange={(value) => setSearch({ state: value === 'open' ? undefined : value })}
          options={[...states]}
        />
        <Select<string>
          aria-label={t('等级')}
          value={grade ?? ''}
          onChange={(value) => setSearch({ grade: value || undefined })}
          options={[
            { value: '', label: t('全部等级') },
            ...[...alertGrades].reverse().map((value) => ({ value: value as string, label: grades[value].name })),
          ]}
        />
        <Select<string>
          aria-label={t('类别')}
          value={drugClass ?? ''}
          onChange={(value) => setSearch({ of: value || undefined })}
          options={[
            { value: '', label: t('全部类别') },
            ...alertClasses.map((value) => ({ value: value as string, label: alertClassNames[value] })),
          ]}
        />
      </div>
      <Panel flush>
        <DataTable<Alert>
          label={t('预警')}
          rowKey="id"
          rows={list.rows}
          error={list.error}
          loading={list.loading}
          retry={list.refetch}
          paged={list}
          minWidth={1000}
          empty={state === 'open' ? t('没有未办结的预警') : t('没有符合条件的预警')}
          columns={columnsAt(now)}
        />
      </Panel>
    </Page>
  )
}
