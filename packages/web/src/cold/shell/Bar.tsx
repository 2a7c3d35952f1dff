/** @jsxImportSource preact */
import { useState } from 'preact/hooks'
import { Icon, type IconName } from '../../device/Icon.tsx'
import { Sheet } from '../../device/Sheet.tsx'
import { t } from '../../text.ts'
import { barOf } from '../pages.ts'
import { path } from '../router.ts'
import * as state from '../state.ts'
import { Go } from '../ui/Go.tsx'

const atThumb = 4

interface Place {
  readonly to: string
  readonly label: string
  readonly icon: IconName
  readonly count?: number
}

function Item({ to, label, icon, count = 0, onGo }: Place & { onGo?: () => void }) {
  const current = to === '/' ? path.value === '/' : path.value === to || path.value.startsWith(`${to}/`)
  return (
    <Go to={to} class="bar-item" current={current} {...(onGo ? { onGo } : {})}>
      <Icon name={icon} />
      <span>{label}</span>
      {count > 0 && (
        <span class="badge">
          {count}
          <span class="sr">{t('件待办')}</span>
        </span>
      )}
    </Go>
  )
}

/** Places of the desk: at the foot of a phone, the first four and 更多; at the side of a wide screen, all. */
export function Bar() {
  const [more, setMore] = useState(false)
  const kind = state.holder.value?.kind
  const places: Place[] = [
    { to: '/', label: t('待办'), icon: 'bell', count: state.tasks.value.length },
    ...(kind ? barOf(kind).map(({ path: to, nav }) => ({ to, label: nav.label(), icon: nav.icon })) : []),
  ]
  const isLong = places.length > atThumb + 1
  return (
    <nav class={isLong ? 'bar long' : 'bar'} aria-label={t('主导航')}>
      {places.map((place) => (
        <Item key={place.to} {...place} />
      ))}
      {isLong && (
        <button type="button" class="bar-item bar-more" aria-haspopup="dialog" onClick={() => setMore(true)}>
          <Icon name="more" />
          <span>{t('更多')}</span>
        </button>
      )}
      {more && (
        <Sheet title={t('更多')} onClose={() => setMore(false)}>
          <div class="more-list">
            {places.slice(atThumb).map((place) => (
              <Item key={place.to} {...place} onGo={() => setMore(false)} />
            ))}
          </div>
        </Sheet>
      )}
    </nav>
  )
}
