import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense } from 'react'
import { isBusiness, meQuery } from './kernel/session.ts'
import { SignInPage } from './modules/me/SignInPage.tsx'
import { ErrorState, Loading } from './ui/states.tsx'

const Shell = lazy(() => import('./Shell.tsx'))
const FirstSteps = lazy(() => import('./modules/me/FirstSteps.tsx'))

/** Lets only the signed-in in. The address stays, so that a link that was sent opens after signing in. */
export function Gate() {
  const me = useQuery(meQuery)
  if (me.isError && me.data === undefined) return <ErrorState error={me.error} retry={() => void me.refetch()} />
  if (me.data === undefined) return <Loading />
  if (me.data === null) return <SignInPage />
  const held = me.data.mustChangePassword || me.data.mustEnrolTotp || me.data.kind === 'store' || isBusiness(me.data)
  return <Suspense fallback={<Loading />}>{held ? <FirstSteps me={me.data} /> : <Shell me={me.data} />}</Suspense>
}
