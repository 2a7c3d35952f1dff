/** @jsxImportSource preact */
import { useState } from 'preact/hooks'
import { Icon } from '../../device/Icon.tsx'
import { t } from '../../text.ts'
import * as state from '../app/state.ts'
import { hourMinute, minutes } from '../core/clock.ts'
import { undoWindowMs } from '../core/entry.ts'
import { type TodayLine, todayLines, todayStatusNames } from '../core/today.ts'
import { useCounter } from './use.ts'

function Line({ line }: { line: TodayLine }) {
  const counter = useCounter()
  const [open, setOpen] = useState(false)
  const left = line.undoUntil - state.clock.value
  const entry = state.entries.value.find((one) => one.id === line.id)
  const mayCorrect = state.session.value.device?.permissions.includes('purchase.correct') ?? false
  const canUndo = (left > 0 && line.status === 'valid') || line.status === 'waiting'
  const canCorrect = mayCorrect && line.item !== null && line.status !== 'undone' && line.status !== 'undoing'
  return (
    <li class={`line ${line.status}`}>
      <button type="button" class="line-main" aria-expanded={open} onClick={() => setOpen(!open)}>
        <span class="line-time">{hourMinute(line.soldAt)}</span>
        <span class="line-who">
          <strong>{line.name || '—'}</strong> <span class="muted">{line.document}</span>
          <span class="line-drugs">{line.drugs}</span>
        </span>
        <span class="line-status">
          <span class={`badge ${line.status}`}>{todayStatusNames[line.status]}</span>
          {line.fever && <span class="badge fever-badge">{t('发热')}</span>}
        </span>
      </button>
      {line.message !== '' && <p class="line-message">{line.message}</p>}
      {(open || line.status === 'refused' || line.status === 'unreadable') && (
        <div class="line-actions">
          {line.receiptNo !== '' && <span class="muted">{t('登记号 {receiptNo}', { receiptNo: line.receiptNo })}</span>}
          {entry && line.status === 'refused' && (
            <button type="button" class="secondary" onClick={() => counter.form.mend(entry)}>
              {t('去修改')}
            </button>
          )}
          {canUndo && (
            <button type="button" class="secondary" onClick={() => void counter.today.undo(line.id)}>
              {t('撤销')}
              {line.status === 'valid' && <span class="countdown"> {minutes(Math.min(left, undoWindowMs))}</span>}
            </button>
          )}
          {canCorrect && (
            <button type="button" class="secondary" onClick={() => counter.today.correct(line)}>
              {t('更正')}
            </button>
          )}
          {line.status === 'unreadable' && (
            <button type="button" class="secondary" onClick={() => void counter.form.drop(line.id)}>
              {t('移除')}
            </button>
          )}
        </div>
      )}
    </li>
  )
}

/** Today's entries of this store, masked, with those that still wait on this device. */
export function Today() {
  const counter = useCounter()
  const lines = todayLines(state.todayItems.value, state.entries.value, state.skew.value, state.clock.value)
  const loading = state.todayState.value === 'loading'
  const counted = lines.filter((line) => line.status !== 'undone' && line.status !== 'undoing').length
  return (
    <>
      <main class="today">
        <div class="page-head">
          <h1>{t('今日登记')}</h1>
          <span class="count">{t('{count} 条', { count: counted })}</span>
          <button type="button" class="icon-button" aria-label={t('刷新')} onClick={() => void counter.today.open()}>
            <Icon name="sync" size={20} />
          </button>
        </div>
        {state.todayState.value === 'offline' && (
          <p class="note warn">
            {state.todayProblem.value === ''
              ? t('离线中，只显示本机的登记')
              : t('未能取得名单：{todayProblem}', { todayProblem: state.todayProblem.value })}
          </p>
        )}
        {loading && lines.length === 0 && (
          <p class="loading" role="status">
            {t('正在载入…')}
          </p>
        )}
        {!loading && lines.length === 0 && <p class="empty">{t('今天还没有登记')}</p>}
        <ul class="lines">
          {lines.map((line) => (
            <Line key={line.id} line={line} />
          ))}
        </ul>
      </main>
      <footer class="bottom">
        <button type="button" class="primary" onClick={() => counter.form.next()}>
          {t('返回登记')}
        </button>
      </footer>
    </>
  )
}
