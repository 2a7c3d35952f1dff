import { useQuery } from '@tanstack/react-query'
import type { StopCheckTask } from '@vigil/contract'
import { t } from '../../../text.ts'
import { call } from '../../kernel/api.ts'
import { formatTime } from '../../kernel/format.ts'
import { keys } from '../../kernel/query.ts'
import { Mark } from '../../ui/Mark.tsx'
import { Panel } from '../../ui/Page.tsx'
import { ScopeLink } from '../../ui/ScopeLink.tsx'
import { ErrorState } from '../../ui/states.tsx'
import { pointNames, resultNames, resultTones } from '../stopsale/words.ts'

function Found({ task }: { readonly task: StopCheckTask }) {
  const failed = task.answers.filter(({ answer }) => answer === 'no').map(({ point }) => pointNames[point])
  return (
    <li>
      <div className="conduct-part-head">
        <h3>{task.campaignName}</h3>
        <Mark tone={resultTones[task.result]}>{resultNames[task.result]}</Mark>
        <span className="push">
          <ScopeLink to="/stop-sale-tasks" change={{ campaign: task.campaignId, q: task.storeCode }}>
            {t('检查情况')}
          </ScopeLink>
        </span>
      </div>
      <div className="muted">
        {task.doneAt
          ? t('{at} {officer}', { at: formatTime(task.doneAt), officer: task.officer ?? '' })
          : t('限 {day} 前检查', { day: task.dueOn })}
      </div>
      {failed.length > 0 ? <p>{t('不符合：{points}', { points: failed.join('、') })}</p> : null}
      {task.note ? <p>{task.note}</p> : null}
    </li>
  )
}

/** What inspections of stop-sale orders found in a store; nothing when it was never to be inspected. */
export function StopChecks({ store }: { readonly store: string }) {
  const query = useQuery({
    queryKey: [...keys.stopChecks, 'store', store],
    queryFn: ({ signal }) => call('stop-check.store', { params: { code: store }, signal }),
  })
  const items = query.data?.items ?? []
  if (!query.isError && items.length === 0) return null
  return (
    <Panel title={t('停售检查')} flush>
      {query.isError ? <ErrorState error={query.error} retry={() => void query.refetch()} /> : null}
      <ol className="conduct-timeline">
        {items.map((task) => (
          <Found key={task.id} task={task} />
        ))}
      </ol>
    </Panel>
  )
}
