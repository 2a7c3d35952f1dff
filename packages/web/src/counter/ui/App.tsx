/** @jsxImportSource preact */
import { useEffect } from 'preact/hooks'
import { type Counter, CounterContext } from '../app/counter.ts'
import * as state from '../app/state.ts'
import { Correct } from './Correct.tsx'
import { Done } from './Done.tsx'
import { Form } from './Form.tsx'
import { Header, Toast } from './Header.tsx'
import { Activate, Starting, Unlock } from './SignIn.tsx'
import { Today } from './Today.tsx'

const toastMs = 5_000

function Page() {
  switch (state.page.value) {
    case 'form':
      return <Form />
    case 'done':
      return <Done />
    case 'today':
      return <Today />
    case 'correct':
      return <Correct />
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
