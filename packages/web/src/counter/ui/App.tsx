/** @jsxImportSource preact */
import { signal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { t } from '../../text.ts'
import { type Counter, CounterContext } from '../app/counter.ts'
import * as state from '../app/state.ts'
import { Done } from './Done.tsx'
import { Form } from './Form.tsx'
import { Header, Toast } from './Header.tsx'
import { Activate, Starting, Unlock } from './SignIn.tsx'
import { useCounter } from './use.ts'

const toastMs = 5_000

const screens = signal<typeof import('./Later.tsx') | null>(null)
const loadScreens = async () => {
  screens.value = await import('./Later.tsx')
}

/** A screen of the later script; the form again, with a message, when it cannot be had. */
function LaterPage({ name }: { name: 'Today' | 'Correct' | 'Tasks' }) {
  const counter = useCounter()
  useEffect(() => {
    loadScreens().catch(() => {
      state.say(t('页面没有载入，请联网后再试'), 'warn')
      counter.form.next()
    })
  }, [counter])
  const Screen = screens.value?.[name]
  if (Screen) return <Screen />
  return (
    <main>
      <p class="loading" role="status">
        {t('正在载入…')}
      </p>
    </main>
  )
}

function Page() {
  switch (state.page.value) {
    case 'form':
      return <Form />
    case 'done':
      return <Done />
    case 'today':
      return <LaterPage name="Today" />
    case 'correct':
      return <LaterPage name="Correct" />
    case 'tasks':
      return <LaterPage name="Tasks" />
  }
}

/** The counter: sign-in, or the page with the PIN over it when it is locked. */
export function App({ counter }: { counter: Counter }) {
  const { phase } = state.session.value
  const locked = phase === 'locked'
  const toast = state.toast.value
  useEffect(() => {
    if (!toast) return
    const timer = setTimeout(() => {
      state.toast.value = null
    }, toastMs)
    return () => clearTimeout(timer)
  }, [toast])
  useEffect(() => {
    // While the first digits are typed; when it fails, the page that is opened tries again.
    loadScreens().then(
      () => screens.value?.followTasks(counter),
      () => undefined,
    )
  }, [counter])
  return (
    <CounterContext.Provider value={counter}>
      {phase === 'starting' && <Starting />}
      {phase === 'new' && <Activate />}
      {(phase === 'open' || locked) && (
        // What was typed stays behind the PIN, out of sight and out of reach.
        <div class="app" hidden={locked}>
          <Header />
          <Page />
        </div>
      )}
      {locked && <Unlock />}
      <Toast />
    </CounterContext.Provider>
  )
}
