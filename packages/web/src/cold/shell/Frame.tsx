/** @jsxImportSource preact */
import type { ComponentType } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { Icon } from '../../device/Icon.tsx'
import { t } from '../../text.ts'
import type { ColdPage, PageProps } from '../page.ts'
import { isFor, pages } from '../pages.ts'
import { back, fit, path } from '../router.ts'
import { refreshDesk } from '../session.ts'
import * as state from '../state.ts'
import { Waiting } from '../warehouse/Waiting.tsx'
import { AccountSheet } from './AccountSheet.tsx'
import { Bar } from './Bar.tsx'
import { Home } from './Home.tsx'

interface Found {
  readonly page: ColdPage
  readonly params: Readonly<Record<string, string>>
}

function findPage(place: string, kind: state.Holder['kind']): Found | null {
  for (const page of pages) {
    const params = isFor(page, kind) ? fit(page.path, place) : null
    if (params) return { page, params }
  }
  return null
}

/** A page that is fetched when it is first opened. */
function Loaded({ page, ...props }: PageProps & { page: ColdPage }) {
  const [view, setView] = useState<{ at: ColdPage; component: ComponentType<PageProps> } | null>(null)
  const [failed, setFailed] = useState(false)
  const [tries, setTries] = useState(0)
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new try fetches again
  useEffect(() => {
    let gone = false
    setFailed(false)
    page.view().then(
      (module) => gone || setView({ at: page, component: module.default }),
      () => gone || setFailed(true),
    )
    return () => {
      gone = true
    }
  }, [page, tries])
  if (failed)
    return (
      <div class="empty-state" role="alert">
        <p>{t('这一页没有载入，请联网后再试。')}</p>
        <button type="button" class="secondary" onClick={() => setTries(tries + 1)}>
          {t('重试')}
        </button>
      </div>
    )
  const View = view?.at === page ? view.component : null
  return View ? <View key={path.value} {...props} /> : <p class="loading">{t('正在载入…')}</p>
}

function NoHolder() {
  const problem = state.deskProblem.value
  return (
    <div class="empty-state">
      <p>{state.desk.value ? t('这个账号没有绑定经营主体，请联系监管部门。') : problem || t('正在载入…')}</p>
      {problem !== '' && (
        <button type="button" class="secondary" onClick={() => void refreshDesk()}>
          {t('重试')}
        </button>
      )}
    </div>
  )
}

/** Header, page, and the bar at the thumb or the list at the side. */
export function Frame() {
  const [account, setAccount] = useState(false)
  const holder = state.holder.value
  const place = path.value
  const found = holder && place !== '/' ? findPage(place, holder.kind) : null
  const title = place === '/' ? t('待办') : (found?.page.title() ?? t('没有这一页'))
  const up = place === '/' ? undefined : (found?.page.up ?? (found?.page.nav ? undefined : '/'))
  useEffect(() => {
    document.title = `${title} · ${t('进口冷链')}`
  }, [title])
  return (
    <div class="frame">
      <header class="top">
        {up !== undefined ? (
          <button type="button" class="top-button icon-only" aria-label={t('返回')} onClick={() => back(up)}>
            <Icon name="back" />
          </button>
        ) : (
          <span class="top-mark" aria-hidden="true">
            <Icon name="cold" />
          </span>
        )}
        <div class="top-title">
          <h1>{title}</h1>
          <p>{holder?.name ?? state.me.value?.displayName}</p>
        </div>
        <button type="button" class="top-button icon-only" aria-label={t('账号')} onClick={() => setAccount(true)}>
          <Icon name="user" />
        </button>
      </header>
      <Bar />
      <main>
        {!state.online.value && (
          <p class="note warn" role="status">
            {t('网络不通，显示的是上次的内容；填写的内容会保留在本机。')}
          </p>
        )}
        {place !== '/outbox' && <Waiting />}
        {!holder ? (
          <NoHolder />
        ) : place === '/' ? (
          <Home />
        ) : found ? (
          <Loaded page={found.page} holder={holder} params={found.params} />
        ) : (
          <p class="empty">{t('没有这一页，或者不属于你的业务。')}</p>
        )}
      </main>
      {account && <AccountSheet onClose={() => setAccount(false)} />}
      {state.toast.value && (
        <p class={`toast ${state.toast.value.tone}`} role="status">
          {state.toast.value.text}
        </p>
      )}
    </div>
  )
}
