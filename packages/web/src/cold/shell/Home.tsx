/** @jsxImportSource preact */
import type { ColdTask } from '@vigil/contract'
import { Icon } from '../../device/Icon.tsx'
import { t } from '../../text.ts'
import { refreshDesk } from '../session.ts'
import * as state from '../state.ts'
import { Go } from '../ui/Go.tsx'
import { kilograms, shortTime, taskKindName } from '../words.ts'
import { placeOfTask, toneOfTask } from './task.ts'

function Task({ task }: { task: ColdTask }) {
  const to = placeOfTask(task, state.holder.value!.kind)
  const body = (
    <>
      <div class="task-head">
        <span class={`tag ${toneOfTask(task)}`}>{taskKindName(task.kind)}</span>
        <span class="muted">{shortTime(task.at)}</span>
      </div>
      <p class="task-what">
        <strong>{task.goodsName || task.ref}</strong>
        {task.grams !== null && <span class="number">{kilograms(task.grams)}</span>}
      </p>
      <p class="muted task-more">{[task.ref, task.otherName, task.detail].filter(Boolean).join(' · ')}</p>
    </>
  )
  return (
    <li>
      {to === null ? (
        <div class="card task">{body}</div>
      ) : (
        <Go to={to} class="card task">
          {body}
        </Go>
      )}
    </li>
  )
}

/** What waits for the business, the most pressing first. */
export function Home() {
  const tasks = state.tasks.value
  const desk = state.desk.value
  return (
    <>
      {desk && (
        <dl class="figures">
          <div>
            <dt>{t('待办')}</dt>
            <dd>{tasks.length}</dd>
          </div>
          <div>
            <dt>{t('在库批次')}</dt>
            <dd>{desk.lots}</dd>
          </div>
          <div>
            <dt>{t('在库重量')}</dt>
            <dd>{kilograms(desk.grams)}</dd>
          </div>
        </dl>
      )}
      {state.deskProblem.value !== '' && (
        <p class="note warn" role="alert">
          {state.deskProblem.value}
          <button type="button" class="text-button" onClick={() => void refreshDesk()}>
            {t('重试')}
          </button>
        </p>
      )}
      {tasks.length === 0 ? (
        <div class="empty-state">
          <Icon name="check" size={40} />
          <p>{t('没有待办。')}</p>
        </div>
      ) : (
        <ul class="tasks">
          {tasks.map((task) => (
            <Task key={`${task.kind}${task.id}${task.ref}`} task={task} />
          ))}
        </ul>
      )}
    </>
  )
}
