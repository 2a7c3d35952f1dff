import type { Me } from '@vigil/contract'
import { SendError } from '../device/failure.ts'
import { recall, remember } from './kept.ts'
import { call } from './server.ts'
import * as state from './state.ts'

/** Message of any failure. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

/** What waits is fetched anew; without a network the last known stays. */
export async function refreshDesk(): Promise<void> {
  try {
    const desk = await call('cold-desk.me')
    state.desk.value = desk
    state.deskProblem.value = ''
    await remember('desk', { account: state.me.value?.id, desk })
  } catch (error) {
    state.deskProblem.value = messageOf(error)
  }
}

function enter(me: Me): void {
  state.me.value = me
  state.signedOut.value = ''
}

/** Opens the session that the browser still has; without a network the last known account and its desk. */
export async function start(): Promise<void> {
  const kept = await recall<{ account: string; desk: state.Desk }>('desk')
  state.picked.value = (await recall<string>('picked')) ?? null
  try {
    enter(await call('session.read'))
    await remember('me', state.me.value)
    if (kept?.account === state.me.value?.id) state.desk.value = kept?.desk ?? null
    await refreshDesk()
  } catch (error) {
    const offline = error instanceof SendError && error.failure.kind !== 'auth'
    const last = offline ? await recall<Me>('me') : undefined
    state.me.value = last ?? null
    if (last && kept?.account === last.id) state.desk.value = kept.desk
  }
}

/** @throws SendError with code `totp-required` when a second factor is asked for */
export async function signIn(username: string, password: string, totp: string): Promise<void> {
  const code = totp.trim()
  enter(
    await call('session.create', { body: { username: username.trim(), password, ...(code ? { totp: code } : {}) } }),
  )
  await remember('me', state.me.value)
  await refreshDesk()
}

/** Sets the first password with an invitation code. @throws SendError */
export async function accept(username: string, code: string, password: string): Promise<void> {
  enter(await call('session.accept-invitation', { body: { username: username.trim(), code: code.trim(), password } }))
  await remember('me', state.me.value)
  await refreshDesk()
}

/** Signs out; what the device knew of the account is forgotten. */
export async function signOut(): Promise<void> {
  await call('session.delete').catch(() => undefined)
  await remember('me', undefined)
  await remember('desk', undefined)
  state.me.value = null
  state.desk.value = null
}

/** Acts for another of the account's businesses from now on. */
export function pick(holderId: string): void {
  state.picked.value = holderId
  void remember('picked', holderId)
}

let timer: ReturnType<typeof setTimeout> | undefined
/** Says something for a few seconds. */
export function say(text: string, tone: 'ok' | 'warn' = 'ok'): void {
  state.toast.value = { text, tone }
  clearTimeout(timer)
  timer = setTimeout(() => {
    state.toast.value = null
  }, 5000)
}
