/** @jsxImportSource preact */
import { useEffect } from 'preact/hooks'
import { t } from '../../text.ts'
import { refreshDesk } from '../session.ts'
import * as state from '../state.ts'
import { Frame } from './Frame.tsx'
import { SignIn } from './SignIn.tsx'

/** The whole: sign-in, or the pages of a business. */
export function App() {
  const me = state.me.value
  useEffect(() => {
    const look = () => {
      if (document.visibilityState === 'visible' && state.me.value) void refreshDesk()
    }
    document.addEventListener('visibilitychange', look)
    window.addEventListener('online', look)
    return () => {
      document.removeEventListener('visibilitychange', look)
      window.removeEventListener('online', look)
    }
  }, [])
  if (me === undefined)
    return (
      <p class="opening" role="status">
        {t('正在打开…')}
      </p>
    )
  return me === null || me.mustChangePassword ? <SignIn /> : <Frame />
}
