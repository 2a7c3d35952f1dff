import { useQuery } from '@tanstack/react-query'
import type { FollowupItem } from '@vigil/contract'
import { Segmented } from 'antd'
import { useState } from 'react'
import { t } from '../../../text.ts'
import { type Answer, call } from '../../kernel/api.ts'
import { formatCount } from '../../kernel/format.ts'
import { keys } from '../../kernel/query.ts'
import { Panel } from '../../ui/Page.tsx'
import { ScopeLink } from '../../ui/ScopeLink.tsx'
import { ErrorState, Loading } from '../../ui/states.tsx'
import { useNarrow } from '../../ui/useNarrow.ts'
import { causeList, Due, GradeMark, personName } from './parts.tsx'
import { failureText, outcomeNames, stateNames } from './words.ts'

type Column = Answer<'followup.board'>['columns'][number]

/** Width below which the columns do not stand beside each other, in px. */
const fourColumns = 860

function Card({ item }: { readonly item: FollowupItem }) {
  const failed = item.state === 'handed' && !item.receipt ? failureText(item.delivery) : undefined
  return (
    <li className={item.overdue ? 'follow-card overdue' : 'follow-card'}>
      <div className="follow-card-head">
        <ScopeLink to={`/followups/${item.id}`} className="follow-name">
          {personName(item)}
        </ScopeLink>
        <GradeMark grade={item.grade} />
      </div>
      <div>{causeList(item)}</div>
      <div className="follow-card-foot">
        <div className="muted">
          {item.areaName}
          {item.assignee ? ` · ${item.assignee}` : ''}
          {item.state === 'handed' && !item.receipt && !failed ? t(' · 待回执') : ''}
        </div>
        <div className="follow-due">
          <Due item={item} />
        </div>
      </div>
      {failed ? <div className="follow-failed">{failed}</div> : null}
    </li>
  )
}

function Cards({ column }: { readonly column: Column }) {
  const more = column.count - column.items.length
  return (
    <>
      {column.items.length === 0 ? <p className="hint follow-none">{t('没有')}</p> : null}
      <ul className="plain follow-cards" aria-label={stateNames[column.state]}>
        {column.items.map((item) => (
          <Card key={item.id} item={item} />
        ))}
      </ul>
      {more > 0 ? (
        <ScopeLink to="/followups" change={{ view: 'list', state: column.state }} className="follow-more">
          {t('其余 {count} 人，在列表中查看', { count: formatCount(more) })}
        </ScopeLink>
      ) : null}
    </>
  )
}

const headOf = ({ state, count }: Column) => `${stateNames[state]} ${formatCount(count)}`

/** The board: a column for each state, on a narrow screen one of them at a time. */
export function Board({ area }: { readonly area: string | undefined }) {
  const { place, narrow } = useNarrow(fourColumns)
  const [shown, setShown] = useState<Column['state']>('new')
  const query = useQuery({
    queryKey: [...keys.followups, 'board', area],
    queryFn: () => call('followup.board', { query: area ? { area } : {} }),
    refetchInterval: 15_000,
    enabled: area !== undefined,
  })
  const columns = query.data?.columns
  const one = columns?.find(({ state }) => state === shown)
  const outcomes = query.data?.outcomes ?? []
  return (
    <div ref={place} className="stack">
      {query.error ? <ErrorState error={query.error} retry={() => void query.refetch()} /> : null}
      {!columns && !query.error ? <Loading /> : null}
      {columns && narrow ? (
        <>
          <Segmented
            block
            aria-label={t('状态')}
            value={shown}
            options={columns.map(({ state }) => ({ value: state, label: stateNames[state] }))}
            onChange={setShown}
          />
          {one ? <Panel title={headOf(one)}>{<Cards column={one} />}</Panel> : null}
        </>
      ) : null}
      {columns && !narrow ? (
        <div className="follow-board">
          {columns.map((column) => (
            <Panel
              key={column.state}
              title={headOf(column)}
              extra={
                column.state === 'closed' ? (
                  <span className="muted">{t('近 7 天')}</span>
                ) : column.overdue > 0 ? (
                  <span className="fever">{t('超期 {count}', { count: formatCount(column.overdue) })}</span>
                ) : null
              }
            >
              <Cards column={column} />
            </Panel>
          ))}
        </div>
      ) : null}
      {outcomes.length > 0 ? (
        <p className="hint">
          {t('近 7 天办结：{list}。', {
            list: outcomes
              .map(({ outcome, count }) =>
                t('{name} {count}', { name: outcomeNames[outcome], count: formatCount(count) }),
              )
              .join(t('，')),
          })}
        </p>
      ) : null}
    </div>
  )
}
