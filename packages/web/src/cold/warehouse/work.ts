import { computed, effect, signal } from '@preact/signals'
import { uuidv7 } from '@vigil/codes'
import { deviceCipher, hasCrypto, memoryCipher } from '../../device/cipher.ts'
import { createLock } from '../../device/lock.ts'
import { openStorage, withOverflow } from '../../device/storage.ts'
import type { SyncTrouble } from '../../device/sync.ts'
import { recall, remember } from '../kept.ts'
import { applyWaiting, type Pack } from '../scan/movement.ts'
import { Outbox, type OutboxEntry, type OutboxRecord, type Work } from '../scan/outbox.ts'
import { call } from '../server.ts'
import { messageOf, refreshDesk } from '../session.ts'
import * as state from '../state.ts'

/** What the phone knows of the holder, as the server told it last; null until then. */
const told = signal<{ readonly holderId: string; readonly pack: Pack } | null>(null)
/** Why it could not be fetched; '' when it was. */
export const packProblem = signal('')
/** Work of this device that is not through. */
export const entries = signal<readonly OutboxEntry[]>([])
export const trouble = signal<SyncTrouble>(null)
/** False where the browser keeps nothing: what waits is lost with the page. */
export const durable = signal(true)

/** Its id alone: the rest of a holder is fetched again and again. */
const holderId = computed(() => state.holder.value?.id)
const own = computed(() => entries.value.filter((entry) => entry.holderId === holderId.value))
export const waiting = computed(() =>
  own.value.filter((entry) => entry.state === 'waiting' && entry.body !== 'unreadable'),
)
export const refused = computed(() => own.value.filter((entry) => !waiting.value.includes(entry)))

/** Stock and arriving goods, with what waits on this device taken as done; null until something is known. */
export const pack = computed<Pack | null>(() => {
  if (!told.value || told.value.holderId !== holderId.value) return null
  return waiting.value.reduce((known, { body }) => {
    const work = body === 'unreadable' ? null : body.work
    return work?.kind === 'trade' ? applyWaiting(known, work.body) : known
  }, told.value.pack)
})

/** Fetches stock and arriving goods anew; without a network the last known stay. */
export async function refreshPack(): Promise<void> {
  const id = holderId.value
  if (id === undefined) return
  try {
    const fresh = await call('cold-scan.pack', { params: { id } })
    told.value = { holderId: id, pack: fresh }
    packProblem.value = ''
    await remember(`pack ${id}`, fresh)
  } catch (error) {
    packProblem.value = messageOf(error)
  }
}

async function knowHolder(id: string): Promise<void> {
  const kept = await recall<Pack>(`pack ${id}`)
  if (kept && told.value?.holderId !== id) told.value = { holderId: id, pack: kept }
  await refreshPack()
}

async function send(key: string, work: Work): Promise<void> {
  if (work.kind === 'figure') {
    await call('cold-declaration.figure', { params: { id: work.declarationId }, body: { ...work.body, key } })
    return
  }
  if (work.kind === 'trade') {
    await call('cold-trade.record', { body: { ...work.body, key } })
    // Until the next pack comes, what is through must not look as if it were not.
    const known = told.value
    if (known?.holderId === work.body.holderId) told.value = { ...known, pack: applyWaiting(known.pack, work.body) }
    return
  }
  const { violation } = await call('cold-trade.scan', { body: { ...work.body, key } })
  if (!violation) return
  for (const { name, type, data } of work.photos) {
    const bytes = Uint8Array.from(atob(data), (char) => char.charCodeAt(0))
    const body = new FormData()
    body.append('file', new Blob([bytes], { type }), name)
    await call('cold-violation.add-photo', { params: { id: violation.id }, body })
  }
}

/** How long a person waits to see whether work is through, in ms. */
const patienceMs = 4000

let timer: ReturnType<typeof setTimeout> | undefined

async function openOutbox(): Promise<Outbox> {
  const storage = await openStorage<OutboxRecord>('vigil-cold')
  const secure = hasCrypto()
  durable.value = secure && storage.durable
  const cipher = secure ? await deviceCipher(storage) : memoryCipher()
  // What cannot be encrypted must not reach the disk.
  const refusing = { ...storage.queue, put: () => Promise.reject(new Error('not encrypted')) }
  const outbox = new Outbox({
    store: withOverflow(secure ? storage.queue : refusing, () => {
      durable.value = false
    }),
    cipher,
    send,
    isMine: (holderId) => (state.desk.value?.holders ?? []).some(({ id }) => id === holderId),
    newKey: () => uuidv7(),
    onSent: () => {
      void refreshPack()
      void refreshDesk()
    },
    lock: createLock(storage, 'vigil-cold-sync'),
    now: () => Date.now(),
    random: () => Math.random(),
    schedule: (work, ms) => {
      clearTimeout(timer)
      timer = setTimeout(work, ms)
    },
  })
  outbox.subscribe(() => {
    entries.value = outbox.entries
    trouble.value = outbox.trouble
  })
  await outbox.refresh()
  return outbox
}

let opened: Promise<Outbox> | undefined
/** The outbox of this device, opened once; from then on it sends by itself. */
function outboxOf(): Promise<Outbox> {
  opened ??= openOutbox().then((outbox) => {
    const sync = () => {
      if (state.me.value) void outbox.sync()
    }
    addEventListener('online', () => void outbox.sync(true))
    addEventListener('focus', sync)
    setInterval(sync, 30_000)
    effect(() => {
      if (state.me.value && holderId.value !== undefined) void outbox.sync(true)
    })
    return outbox
  })
  return opened
}

let watched = false
/** Opens what scanning needs, for the holder of the moment and every later one. */
export function openWork(): void {
  if (watched) return
  watched = true
  void outboxOf()
  effect(() => {
    const id = holderId.value
    if (id !== undefined && state.me.value) void knowHolder(id)
  })
}

/** Keeps work on the device, in order, and sends it as soon as it can. */
export async function submit(list: readonly { readonly title: string; readonly work: Work }[]): Promise<void> {
  const outbox = await outboxOf()
  const id = holderId.value
  if (id !== undefined) await outbox.add(id, list)
  // On a bad line the answer may be long in coming: what is kept is as good as done for whoever holds the box.
  await Promise.race([outbox.sync(true), new Promise((resume) => setTimeout(resume, patienceMs))])
}

/** Tries to send at once; `id` or everything that was refused first goes back among the waiting. */
export async function sendNow(id?: string): Promise<void> {
  const outbox = await outboxOf()
  await outbox.retry(id)
  await outbox.sync(true)
}

/** Gives up what was refused. */
export const giveUp = async (id: string): Promise<void> => (await outboxOf()).discard(id)
