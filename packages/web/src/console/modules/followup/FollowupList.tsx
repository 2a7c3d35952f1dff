import type { FollowupItem } from '@vigil/contract'
import { Button, type TableColumnsType } from 'antd'
import { useState } from 'react'
import { t } from '../../../text.ts'
import { call } from '../../kernel/api.ts'
import { formatCount, formatTime } from '../../kernel/format.ts'
import { usePaged } from '../../kernel/paged.ts'
import { keys } from '../../kernel/query.ts'
import { useCan } from '../../kernel/session.ts'
import { DataTable } from '../../ui/DataTable.tsx'
import { Panel } from '../../ui/Page.tsx'
import { ScopeLink } from '../../ui/ScopeLink.tsx'
import type { filterOf } from './filter.ts'
import { HandOverButton } from './HandOverButton.tsx'
import { causeList, Due, GradeMark, personName, StateMark } from './parts.tsx'

const columns: TableColumnsType<FollowupItem> = [
  {
    title: t('随访对象'),
    key: 'name',
    width: 150,
    render: (_, item) => (
      <>
        <ScopeLink to={`/followups/${item.id}`}>{personName(item)}</ScopeLink>
        <div className="muted number">{item.number}</div>
      </>
    ),
  },
  { title: t('等级'), key: 'grade', width: 76, render: (_, { grade }) => <GradeMark grade={grade} /> },
  { title: t('原因'), key: 'causes', width: 220, render: (_, item) => causeList(item) },
  { title: t('状态'), key: 'state', width: 160, render: (_, item) => <StateMark item={item} /> },
  { title: t('时限'), key: 'due', width: 140, render: (_, item) => <Due item={item} /> },
  { title: t('区划'), key: 'area', width: 130, render: (_, item) => item.areaName },
  {
    title: t('手机'),
    key: 'mobile',
    width: 118,
    render: (_, item) => <span className="number">{item.mobile ?? '—'}</span>,
  },
  { title: t('承办人'), key: 'assignee', width: 100, render: (_, item) => item.assignee ?? '—' },
  { title: t('最近购药'), key: 'last', width: 140, render: (_, item) => formatTime(item.lastAt) },
]

/** The list, the most urgent first; ticked ones are handed over together. */
export function FollowupList({ filter }: { readonly filter: ReturnType<typeof filterOf> }) {
  const can = useCan()
  const [chosen, setChosen] = useState<readonly string[]>([])
  const list = usePaged(
    keys.followups,
    filter,
    (cursor, signal) =>
      call('followup.list', { query: { ...filter, limit: 50, ...(cursor ? { cursor } : {}) }, signal }),
    filter.area !== undefined,
  )
  const choosable = can('followup.handle') && filter.state !== 'closed'
  return (
    <>
      {chosen.length > 0 ? (
        <section className="chosen" aria-label={t('所选人员')}>
          <strong>{t('已选 {count} 人', { count: formatCount(chosen.length) })}</strong>
          <HandOverButton ids={chosen} onDone={() => setChosen([])} />
          <Button type="link" onClick={() => setChosen([])}>
            {t('取消选择')}
          </Button>
        </section>
      ) : null}
      <Panel flush>
        <DataTable
          label={t('随访名单')}
          rowKey="id"
          columns={columns}
          rows={list.rows}
          error={list.error}
          loading={list.loading && list.rows !== undefined}
          retry={list.refetch}
          paged={list}
          minWidth={1180}
          empty={t('没有符合条件的随访对象')}
          {...(choosable ? { choice: { chosen, onChoose: setChosen } } : {})}
        />
      </Panel>
    </>
  )
}
