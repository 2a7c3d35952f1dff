/** @jsxImportSource preact */

import { Icon } from '../../device/Icon.tsx'
import { t } from '../../text.ts'
import * as state from '../app/state.ts'
import { useCounter } from './use.ts'

/** Store, network and queue at one glance; the way to today's list and to the lock. */
export function Header() {
  const counter = useCounter()
  const { device } = state.session.value
  const waiting = state.waitingCount.value
  const refused = state.refusedCount.value
  const tasks = state.taskCount.value
  return (
    <header class="top">
      <div class="top-row">
        <p class="store">
          <strong>{device?.storeName}</strong>
          <span class="store-area">{device?.areaName.replace(/^.{2,8}?(省|自治区)/, '')}</span>
        </p>
        <button type="button" class="top-button" onClick={() => counter.tasks.open()}>
          {t('待办')}
          {tasks.open > 0 && (
            <span class={tasks.overdue > 0 ? 'bubble bad' : 'bubble'}>
              {tasks.open}
              <span class="sr">{tasks.overdue > 0 ? t('项，有逾期') : t('项')}</span>
            </span>
          )}
        </button>
        <button type="button" class="top-button" onClick={() => void counter.today.open()}>
          <Icon name="list" size={20} /> {t('今日')}
        </button>
        <button type="button" class="top-button icon-only" aria-label={t('锁定')} onClick={counter.lock}>
          <Icon name="lock" size={20} />
        </button>
      </div>
      <div class="status" role="status">
        {!state.online.value && <span class="pill warn">{t('离线 · 可继续登记')}</span>}
        {waiting > 0 && (
          <button type="button" class="pill" onClick={counter.syncNow}>
            <Icon name="sync" size={18} /> {t('{count} 待上传', { count: waiting })}
          </button>
        )}
        {refused > 0 && (
          <button type="button" class="pill bad" onClick={() => void counter.today.open()}>
            <Icon name="warn" size={18} /> {t('{count} 条需修改', { count: refused })}
          </button>
        )}
      </div>
      <Notices />
    </header>
  )
}

function Notices() {
  const { trouble } = state
  const denied = trouble.value?.kind === 'denied' || (trouble.value?.kind === 'busy' && state.waitingCount.value > 0)
  return (
    <>
      {!state.durable.value && (
        <p class="banner" role="alert">
          {state.secure.value
            ? t('浏览器处于无痕模式，未上传的登记在关闭页面后会丢失')
            : t('当前不是 HTTPS 访问，无法加密保存：未上传的登记在关闭页面后会丢失')}
        </p>
      )}
      {state.storageLow.value && (
        <p class="banner" role="alert">
          {t('手机存储快满，请清理空间；上传完成前不要关闭本页')}
        </p>
      )}
      {denied && (
        <p class="banner">
          {t('暂时不能上传：{message}，登记已保存，会自动重试', { message: trouble.value?.message ?? '' })}
        </p>
      )}
    </>
  )
}

/** A short message over the bottom; goes by itself. */
export function Toast() {
  const toast = state.toast.value
  return (
    <div class="toast-place" role="status">
      {toast && (
        <button type="button" class={`toast ${toast.tone}`} onClick={() => (state.toast.value = null)}>
          {toast.text}
        </button>
      )}
    </div>
  )
}
