import { effect } from '@preact/signals'
import { createContext } from 'preact'
import { deviceCipher, hasCrypto, memoryCipher } from '../../device/cipher.ts'
import { createLock } from '../../device/lock.ts'
import { keepForOffline } from '../../device/offline.ts'
import { checkRoom, openStorage, withOverflow } from '../../device/storage.ts'
import type { Draft } from '../core/draft.ts'
import { isUntouched } from '../core/draft.ts'
import type { QueueRecord } from '../core/ports.ts'
import { Queue } from '../core/queue.ts'
import { DevicePin } from '../platform/crypto.ts'
import { createServer } from '../platform/server.ts'
import { FormActions } from './actions.ts'
import { loadAreas, loadCached, loadFresh } from './data.ts'
import type { Environment } from './environment.ts'
import { activate, dispatch, findDevice, type SignInAnswer, unlock } from './sign-in.ts'
import * as state from './state.ts'
import { StopSales } from './stop.ts'
import { TaskActions } from './tasks.ts'
import { TodayActions } from './today.ts'

/** What the screens may do. */
export interface Counter {
  readonly form: FormActions
  readonly today: TodayActions
  readonly tasks: TaskActions
  activate(code: string, pin: string): Promise<SignInAnswer>
  unlock(pin: string): Promise<SignInAnswer>
  lock(): void
  forget(): void
  syncNow(): void
}

/** How often a device asks for stop-sale orders, in ms: one that was issued is in force at the counter within a minute. */
const ordersMs = 20_000

export const CounterContext = createContext<Counter | null>(null)

async function openEnvironment(): Promise<Environment> {
  const secure = hasCrypto()
  const storage = await openStorage<QueueRecord>('vigil-counter')
  state.secure.value = secure
  state.durable.value = storage.durable && secure
  const cipher = secure ? await deviceCipher(storage) : memoryCipher()
  const server = createServer({
    reached: () => {
      state.online.value = true
    },
    unreached: () => {
      state.online.value = false
    },
    expired: () => dispatch({ type: 'expired' }),
    skew: (skew) => {
      state.skew.value = skew
    },
  })
  const memory = secure ? storage.queue : withOverflow(refusing(storage.queue), () => undefined)
  const store = withOverflow(memory, () => {
    state.storageLow.value = true
  })
  const lock = createLock(storage, 'vigil-counter-sync')
  let timer: ReturnType<typeof setTimeout> | undefined
  const queueOf = (storeCode: string) =>
    new Queue(storeCode, {
      store,
      cipher,
      uplink: server.uplink,
      lock,
      now: () => Date.now(),
      random: () => Math.random(),
      schedule: (work, ms) => {
        clearTimeout(timer)
        timer = setTimeout(work, ms)
      },
    })
  return { storage, cipher, pin: new DevicePin(storage), server, queueOf, now: () => Date.now(), secure }
}

/** A store that takes nothing: what cannot be encrypted must not reach the disk. */
function refusing(queue: Environment['storage']['queue']): Environment['storage']['queue'] {
  return { ...queue, put: () => Promise.reject(new Error('not encrypted')) }
}

/** Starts the counter: device, queue, cached data, and everything that runs by itself. */
export async function startCounter(path: string): Promise<Counter> {
  state.online.value = navigator.onLine !== false
  const env = await openEnvironment()
  await findDevice(env, path)
  let queue = followQueue(env, state.storeCode.value)
  const stops = new StopSales(env)
  const form = new FormActions(env, () => queue, stops)
  const today = new TodayActions(env, () => queue)
  const opened = async () => {
    if (queue.storeCode !== state.storeCode.value) queue = followQueue(env, state.storeCode.value)
    form.resume()
    await loadCached(env)
    await stops.loadCached()
    void queue.sync(true)
    void loadFresh(env)
    void stops.refresh()
    if (state.page.value === 'today') void today.load()
  }
  await restoreDraft(env)
  if (state.session.value.phase === 'open') void opened()
  void loadAreas()
  keepDraft(env)
  runByItself(env, () => queue, stops)
  void checkRoom().then(({ low }) => {
    if (low) state.storageLow.value = true
  })
  keepForOffline(
    'counter',
    '/c/',
    () => isUntouched(state.draft.value) && !state.submitting.value && state.page.value === 'form',
  )

  const afterSignIn = async (answer: SignInAnswer) => {
    if (answer.problem === '') await opened()
    return answer
  }
  return {
    form,
    today,
    tasks: new TaskActions(env),
    activate: async (code, pin) => afterSignIn(await activate(env, code, pin)),
    unlock: async (pin) => afterSignIn(await unlock(env, pin)),
    lock: () => dispatch({ type: 'lock' }),
    forget: () => dispatch({ type: 'forget' }),
    syncNow: () => void queue.sync(true),
  }
}

function followQueue(env: Environment, storeCode: string): Queue {
  const queue = env.queueOf(storeCode)
  queue.subscribe(() => {
    state.entries.value = queue.entries
    state.trouble.value = queue.trouble
  })
  void queue.refresh().catch(() => undefined)
  return queue
}

async function restoreDraft(env: Environment): Promise<void> {
  if (!env.secure) return
  try {
    const sealed = await env.storage.read<Parameters<Environment['cipher']['open']>[1]>('draft')
    if (!sealed) return
    const kept = (await env.cipher.open('draft', sealed)) as { draft: Draft; storeCode: string; step: state.Step }
    if (kept.storeCode !== state.storeCode.value || kept.draft.id !== null) return
    const buyer = kept.draft.buyer === 'searching' ? 'unknown' : kept.draft.buyer
    state.draft.value = { ...kept.draft, buyer }
    state.step.value = kept.step
  } catch {
    await env.storage.remove('draft')
  }
}

/** Keeps what is being typed, encrypted: phones drop a page from memory while the camera is open. */
function keepDraft(env: Environment): void {
  if (!env.secure) return
  let timer: ReturnType<typeof setTimeout> | undefined
  effect(() => {
    const kept = { draft: state.draft.value, storeCode: state.storeCode.value, step: state.step.value }
    clearTimeout(timer)
    timer = setTimeout(async () => {
      try {
        if (isUntouched(kept.draft)) await env.storage.remove('draft')
        else await env.storage.write('draft', await env.cipher.seal('draft', kept))
      } catch {
        state.storageLow.value = true
      }
    }, 400)
  })
}

function runByItself(env: Environment, queue: () => Queue, stops: StopSales): void {
  const look = () => {
    if (state.session.value.phase === 'open') void stops.refresh()
  }
  const canSend = () => state.session.value.phase === 'open' || state.session.value.phase === 'locked'
  const sync = () => {
    if (!canSend() || queue().trouble?.kind === 'auth') return
    state.syncing.value = true
    void queue()
      .sync()
      .finally(() => {
        state.syncing.value = false
      })
  }
  addEventListener('online', () => {
    state.online.value = true
    void queue().sync(true)
    look()
  })
  addEventListener('offline', () => {
    state.online.value = false
  })
  document.addEventListener('visibilitychange', () => {
    dispatch({ type: 'tick', nowMs: env.now() })
    if (document.visibilityState === 'visible') sync()
  })
  addEventListener('focus', sync)
  setInterval(sync, 30_000)
  // Spread over half a minute, so that the counters of a city do not ask together.
  setInterval(look, ordersMs + Math.random() * 10_000)
  setInterval(() => {
    state.clock.value = env.now()
    dispatch({ type: 'tick', nowMs: env.now() })
  }, 1000)
  const active = () => dispatch({ type: 'active', nowMs: env.now() })
  addEventListener('pointerdown', active, { passive: true })
  addEventListener('touchstart', active, { passive: true })
  addEventListener('keydown', active)
}
