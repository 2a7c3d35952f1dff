import type { Me } from '@vigil/contract'
import { SendError, type SendFailure } from '../../device/failure.ts'
import { t } from '../../text.ts'
import { type Device, nextSession, type SessionEvent, storeCodeOf, unlockLocally } from '../core/session.ts'
import type { Environment } from './environment.ts'
import * as state from './state.ts'

/** Outcome of a sign-in: '' when it worked, else what to tell. `reset` offers the activation code instead. */
export interface SignInAnswer {
  readonly problem: string
  readonly reset?: boolean
}

const activeKey = 'vigil-counter-active'

export const dispatch = (event: SessionEvent): void => {
  state.session.value = nextSession(state.session.value, event)
  try {
    const { phase, lastActiveMs } = state.session.value
    if (phase === 'open') sessionStorage.setItem(activeKey, String(lastActiveMs))
    else if (phase === 'locked') sessionStorage.removeItem(activeKey)
  } catch {
    // Without session storage a reload asks for the PIN, no more.
  }
}

function lastActive(): number | null {
  try {
    const text = sessionStorage.getItem(activeKey)
    return text === null ? null : Number(text)
  } catch {
    return null
  }
}

/** Finds out for which store this page stands and whether this device belongs to it. */
export async function findDevice(env: Environment, path: string): Promise<void> {
  const device = await env.storage.read<Device>('device')
  const asked = storeCodeOf(path) || device?.storeCode || ''
  state.storeCode.value = asked
  const own = device && device.storeCode === asked ? device : null
  dispatch({ type: 'found', device: own, nowMs: env.now(), activeMs: lastActive() })
}

function deviceOf(me: Me, previous: Device | null): Device {
  return {
    storeCode: me.store?.code ?? previous?.storeCode ?? state.storeCode.value,
    storeName: me.store?.name ?? me.displayName,
    areaName: me.store?.areaName ?? '',
    areaCode: me.grants[0]?.areaCode ?? previous?.areaCode ?? '',
    permissions: [...me.permissions],
  }
}

async function opened(env: Environment, me: Me, pin: string): Promise<void> {
  const device = deviceOf(me, state.session.value.device)
  await env.storage.write('device', device)
  await env.pin.remember(pin)
  state.storeCode.value = device.storeCode
  dispatch({ type: 'opened', device, nowMs: env.now(), confirmed: true })
}

const failureText = (failure: SendFailure): string => {
  if (failure.retryAfterMs !== undefined)
    return t('{message}（请 {seconds} 秒后再试）', {
      message: failure.message,
      seconds: Math.ceil(failure.retryAfterMs / 1000),
    })
  return failure.errors?.map((error) => error.detail).join('；') || failure.message
}

/** Activates this device with the store's one-time code and sets its PIN. */
export async function activate(env: Environment, code: string, pin: string): Promise<SignInAnswer> {
  try {
    const body = { storeCode: state.storeCode.value, activationCode: code.trim(), pin, deviceName: deviceName() }
    await opened(env, await env.server.call('device.activate', { body }), pin)
    return { problem: '' }
  } catch (error) {
    if (!(error instanceof SendError)) throw error
    if (error.failure.kind === 'offline') return { problem: t('首次开通需要联网，请检查网络后重试') }
    return { problem: failureText(error.failure) }
  }
}

/** Opens the counter with the PIN: by the server, or by the device's own check when the server cannot be reached. */
export async function unlock(env: Environment, pin: string): Promise<SignInAnswer> {
  try {
    await opened(env, await env.server.call('device.unlock', { body: { pin } }), pin)
    return { problem: '' }
  } catch (error) {
    if (!(error instanceof SendError)) throw error
    const { failure } = error
    if (failure.kind !== 'offline' && failure.status < 500) {
      // Anything but a wrong PIN means that this device is out: its own check must not open it offline either.
      const out = failure.kind !== 'busy' && failure.code !== 'wrong-pin'
      if (out) await env.pin.forget()
      return { problem: failureText(failure), reset: out }
    }
  }
  const device = state.session.value.device
  if (!device) return { problem: t('首次开通需要联网，请检查网络后重试') }
  const local = await unlockLocally(env.pin, pin)
  switch (local.kind) {
    case 'ok':
      dispatch({ type: 'opened', device, nowMs: env.now(), confirmed: false })
      return { problem: '' }
    case 'wrong':
      return { problem: t('PIN 不正确，离线时还可再试 {left} 次', { left: local.left }) }
    case 'blocked':
      return { problem: t('离线试错次数已用完，请联网后再输入 PIN') }
    case 'unknown':
      return { problem: t('网络不通，且本机还不能离线验证 PIN，请联网后再试') }
  }
}

function deviceName(): string {
  const agent = navigator.userAgent
  const model = /\(([^)]+)\)/.exec(agent)?.[1] ?? ''
  const app = /MicroMessenger/i.test(agent) ? t('微信 ') : ''
  return `${app}${model}`.slice(0, 60)
}
