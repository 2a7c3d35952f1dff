import type { CallInput, ResponseOf } from '@vigil/contract'
import { ApiError, createClient } from '@vigil/contract/client'
import { attendedFetch } from './activity.ts'
import { reauthenticate, reauthenticationPossible } from './reauth.ts'
import { routes, type UsedRoute, type UsedRoutes } from './routes.ts'

const raw = createClient<UsedRoutes>(routes, attendedFetch)
/** Signing in itself: a refusal there is for the form that asked. */
const signIn: ReadonlySet<UsedRoute> = new Set(['session.create', 'session.accept-invitation'])

/**
 * Calls the server. When the session has ended meanwhile, asks for the password over the open page and sends the call
 * again, so that a half-filled form is not lost. Throws {@link ApiError}.
 */
export async function call<K extends UsedRoute>(
  name: K,
  input?: CallInput<UsedRoutes[K]>,
): Promise<ResponseOf<UsedRoutes[K]>> {
  try {
    return await raw(name, input)
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 401 || signIn.has(name) || !reauthenticationPossible())
      throw error
    await reauthenticate(error)
    return raw(name, input)
  }
}

export type Answer<K extends UsedRoute> = ResponseOf<UsedRoutes[K]>
export type Input<K extends UsedRoute> = CallInput<UsedRoutes[K]>
