/** @jsxImportSource preact */
import { Sheet } from '../../device/Sheet.tsx'
import { t } from '../../text.ts'
import { go } from '../router.ts'
import { pick, signOut } from '../session.ts'
import * as state from '../state.ts'
import { holderKindName } from '../words.ts'

/** Who is signed in, for which business he acts, and the way out. */
export function AccountSheet({ onClose }: { onClose: () => void }) {
  const holders = state.desk.value?.holders ?? []
  const own = state.holder.value
  return (
    <Sheet title={t('账号')} onClose={onClose}>
      <p>
        <strong>{state.me.value?.displayName}</strong>
        <span class="muted"> {state.me.value?.username}</span>
      </p>
      {own && (
        <p class="muted">
          {holderKindName(own.kind)} · {own.areaName} · {own.address}
        </p>
      )}
      {holders.length > 1 && (
        <fieldset class="switch">
          <legend class="label">{t('切换经营主体')}</legend>
          {holders.map(({ id, name }) => (
            <button
              key={id}
              type="button"
              class={id === own?.id ? 'option on' : 'option'}
              aria-pressed={id === own?.id}
              onClick={() => {
                pick(id)
                go('/')
                onClose()
              }}
            >
              {name}
            </button>
          ))}
        </fieldset>
      )}
      {own && (
        <button
          type="button"
          class="secondary wide"
          onClick={() => {
            go('/contacts')
            onClose()
          }}
        >
          {t('召回通知方式')}
        </button>
      )}
      <button type="button" class="secondary wide" onClick={() => void signOut()}>
        {t('退出登录')}
      </button>
    </Sheet>
  )
}
