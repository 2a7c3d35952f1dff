/** @jsxImportSource preact */
import { signal } from '@preact/signals'
import { uuidv7 } from '@vigil/codes'
import type { CheckIn, OwnOpening } from '@vigil/contract'
import { checkInBefore, closingReasons } from '@vigil/contract/terms'
import { useState } from 'preact/hooks'
import { SendError } from '../../../device/failure.ts'
import { closingReasonNames, openingStateNames } from '../../../terms.ts'
import { t } from '../../../text.ts'
import * as state from '../../app/state.ts'
import type { TaskActions } from '../../app/tasks.ts'
import { hourMinute } from '../../core/clock.ts'
import { openingCount, saidOf, sendable, shanghaiDay } from '../../core/opening.ts'
import { useCounter } from '../use.ts'
import { look } from './follow.ts'
import type { TaskSection } from './section.ts'

const own = signal<OwnOpening | null>(null)
/** Statements that have not reached the server: sealed on the device until it answers about each. */
const waiting = signal<readonly CheckIn[]>([])
const refused = signal('')
let restored = ''

const now = () => Date.now() + state.skew.value
const today = () => shanghaiDay(now())

async function restore(tasks: TaskActions): Promise<void> {
  if (restored === state.storeCode.value) return
  restored = state.storeCode.value
  own.value = (await tasks.kept<OwnOpening>('opening')) ?? null
  waiting.value = (await tasks.kept<readonly CheckIn[]>('opening-waiting')) ?? []
}

const keepWaiting = (tasks: TaskActions, entries: readonly CheckIn[]) => {
  waiting.value = entries
  return tasks.keep('opening-waiting', entries)
}

/** Sends what waits; what the server has taken or refused waits no more. */
async function send(tasks: TaskActions): Promise<void> {
  const entries = sendable(waiting.value, now())
  if (entries.length === 0) return keepWaiting(tasks, [])
  const { results, own: fresh } = await tasks.call('opening.check-in', { body: { entries } })
  const answered = new Set(results.map(({ id }) => id))
  refused.value = results.find(({ status }) => status === 'refused')?.detail ?? ''
  own.value = fresh
  await keepWaiting(
    tasks,
    waiting.value.filter(({ id }) => !answered.has(id)),
  )
}

let loading: Promise<void> = Promise.resolve()
async function load(tasks: TaskActions) {
  // One after the other: an older answer must not stand in place of a newer one.
  const run = loading.then(async () => {
    await restore(tasks)
    if (waiting.value.length > 0) await send(tasks)
    else own.value = await tasks.call('opening.own')
    if (own.value) await tasks.keep('opening', own.value)
  })
  loading = run.catch(() => undefined)
  try {
    await run
  } catch (error) {
    // Offline the day is known all the same: a statement that waits is one.
    if (!(error instanceof SendError) || error.failure.kind !== 'offline') throw error
  }
  return openingCount(today(), now(), saidOf(today(), own.value, waiting.value))
}

function Closing({
  onSay,
  onCancel,
}: {
  onSay: (entry: Omit<CheckIn, 'id' | 'saidAt'>) => void
  onCancel: () => void
}) {
  const [reason, setReason] = useState<(typeof closingReasons)[number] | null>(null)
  const [note, setNote] = useState('')
  const [backOn, setBackOn] = useState('')
  const [problem, setProblem] = useState('')
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        if (reason === null) return setProblem(t('请选择停业原因'))
        if (reason === 'other' && note.trim() === '') return setProblem(t('请写明停业原因'))
        if (backOn !== '' && backOn < today()) return setProblem(t('预计恢复日期不能早于今天'))
        onSay({ state: 'closed', reason, note: note.trim(), backOn: backOn === '' ? null : backOn })
      }}
    >
      <fieldset class="question">
        <legend>{t('停业原因')}</legend>
        <div class="chips">
          {closingReasons.map((code) => (
            <button
              key={code}
              type="button"
              class={code === reason ? 'chip on' : 'chip'}
              aria-pressed={code === reason}
              onClick={() => setReason(code)}
            >
              {closingReasonNames[code]}
            </button>
          ))}
        </div>
      </fieldset>
      <div class="field">
        <label for="opening-note">
          {t('说明')}
          <span class="hint">{reason === 'other' ? '' : t('选填')}</span>
        </label>
        <input id="opening-note" value={note} maxLength={200} onInput={(event) => setNote(event.currentTarget.value)} />
      </div>
      <div class="field">
        <label for="opening-back">
          {t('预计恢复营业')}
          <span class="hint">{t('选填')}</span>
        </label>
        <input
          id="opening-back"
          type="date"
          min={today()}
          value={backOn}
          onInput={(event) => setBackOn(event.currentTarget.value)}
        />
      </div>
      <p class="problem" role="alert">
        {problem}
      </p>
      <div class="two task-buttons">
        <button type="button" class="secondary" onClick={onCancel}>
          {t('取消')}
        </button>
        <button type="submit" class="primary">
          {t('登记停业')}
        </button>
      </div>
    </form>
  )
}

function Opening() {
  const counter = useCounter()
  const [form, setForm] = useState<'closed' | 'change' | null>(null)
  const said = saidOf(today(), own.value, waiting.value)
  const [last, ...before] = said
  const say = async (given: Omit<CheckIn, 'id' | 'saidAt'>) => {
    setForm(null)
    refused.value = ''
    const entry: CheckIn = { ...given, id: uuidv7(), saidAt: new Date(now()).toISOString() }
    await keepWaiting(counter.tasks, [...waiting.value, entry])
    await look(counter)
    // A look that was under way may have begun before this statement.
    if (waiting.value.some(({ id }) => id === entry.id)) await look(counter)
    if (refused.value !== '') return
    const kept = waiting.value.some(({ id }) => id === entry.id)
    state.say(kept ? t('已记下，联网后自动上传') : given.state === 'open' ? t('已签到') : t('已登记停业'))
  }
  if (form === 'closed') return <Closing onSay={(entry) => void say(entry)} onCancel={() => setForm(null)} />
  return (
    <>
      {refused.value !== '' && (
        <p class="note warn" role="alert">
          {t('上次签到没有记上：{problem}', { problem: refused.value })}
        </p>
      )}
      {last ? (
        <ul class="lines">
          {[last, ...before].map((one) => (
            <li key={one.saidAt} class="line">
              <p class="line-main">
                <span class="line-time">{hourMinute(one.saidAt)}</span>
                <span class="line-who">
                  <strong>{openingStateNames[one.state]}</strong>
                  {one.reason !== null && (
                    <span class="line-drugs">{closingReasonNames[one.reason as keyof typeof closingReasonNames]}</span>
                  )}
                </span>
                <span class="line-status">
                  {one.waiting && <span class="badge waiting">{t('待上传')}</span>}
                  {!one.waiting && one === last && <span class="badge valid">{t('已签到')}</span>}
                </span>
              </p>
            </li>
          ))}
        </ul>
      ) : (
        <p class="note">{t('今天还没有签到，请在 {time} 前签到', { time: checkInBefore })}</p>
      )}
      {last && form !== 'change' ? (
        <button type="button" class="text-button" onClick={() => setForm('change')}>
          {t('情况有变，重新签到')}
        </button>
      ) : (
        <div class="two task-buttons">
          <button type="button" class="secondary" onClick={() => setForm('closed')}>
            {t('今日停业')}
          </button>
          <button type="button" class="primary" onClick={() => void say({ state: 'open' })}>
            {t('正常营业')}
          </button>
        </div>
      )}
    </>
  )
}

/** Daily check-in; what was said without the network is sent when it comes back. */
export const openingSection: TaskSection = {
  key: 'opening',
  title: t('营业签到'),
  permission: 'opening.own',
  load,
  View: Opening,
}
