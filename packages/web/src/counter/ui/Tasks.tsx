/** @jsxImportSource preact */
import { useEffect } from 'preact/hooks'
import { Icon } from '../../device/Icon.tsx'
import { t } from '../../text.ts'
import * as state from '../app/state.ts'
import { counts, look, ownSections, problem } from './tasks/follow.ts'
import { useCounter } from './use.ts'

/** What the store has to do besides selling: one section for each kind. */
export function Tasks() {
  const counter = useCounter()
  useEffect(() => void look(counter), [counter])
  const { open } = state.taskCount.value
  return (
    <>
      <main class="tasks">
        <div class="page-head">
          <h1>{t('待办')}</h1>
          <span class="count">{open === 0 ? t('没有待办') : t('{count} 项', { count: open })}</span>
          <button type="button" class="icon-button" aria-label={t('刷新')} onClick={() => void look(counter)}>
            <Icon name="sync" size={20} />
          </button>
        </div>
        {problem.value !== '' && (
          <p class="note warn" role="status">
            {state.online.value
              ? t('未能刷新：{problem}。以下为上次取得的内容', { problem: problem.value })
              : t('离线中，以下为上次取得的内容；签收和答复请联网后再办')}
          </p>
        )}
        {ownSections().map(({ key, title, View }) => {
          const count = counts.value[key]
          return (
            <section key={key} class="task-section" aria-labelledby={`task-${key}`}>
              <h2 id={`task-${key}`}>
                {title}
                {count && count.open > 0 && (
                  <span class={count.overdue > 0 ? 'badge refused' : 'badge waiting'}>
                    {count.overdue > 0
                      ? t('{open} 项，{overdue} 项逾期', { open: count.open, overdue: count.overdue })
                      : t('{count} 项', { count: count.open })}
                  </span>
                )}
              </h2>
              <View />
            </section>
          )
        })}
      </main>
      <footer class="bottom">
        <button type="button" class="primary" onClick={() => counter.form.next()}>
          {t('返回登记')}
        </button>
      </footer>
    </>
  )
}
