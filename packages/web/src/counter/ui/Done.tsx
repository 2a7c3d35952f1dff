/** @jsxImportSource preact */
import { receiptNo } from '@vigil/contract/receipt'
import { useEffect, useRef } from 'preact/hooks'
import { Icon } from '../../device/Icon.tsx'
import { t } from '../../text.ts'
import * as state from '../app/state.ts'
import { minutes } from '../core/clock.ts'
import { clockRefusal, type Entry, undoWindowMs } from '../core/entry.ts'
import { feverTenths } from '../core/temperature.ts'
import { Referral } from './Slip.tsx'
import { useCounter } from './use.ts'

function isFever(entry: Entry): boolean {
  if (entry.body === 'unreadable' || !entry.body.purchase) return false
  const { symptoms, temperatureTenths } = entry.body.purchase
  return symptoms.includes('fever') || (temperatureTenths ?? 0) >= feverTenths
}

function Undo({ entry }: { entry: Entry }) {
  const counter = useCounter()
  const { body } = entry
  if (body === 'unreadable' || entry.state === 'refused' || entry.state === 'undone' || entry.cancelled) return null
  const until = (entry.state === 'registered' ? body.answeredAt : entry.seq) + undoWindowMs
  const left = until - state.clock.value
  if (left <= 0) return null
  return (
    <button type="button" class="secondary wide" onClick={() => void counter.today.undo(entry.id)}>
      {t('撤销本条')} <span class="countdown">{minutes(Math.min(left, undoWindowMs))}</span>
    </button>
  )
}

const marks = { ok: 'check', wait: 'sync', bad: 'warn', gone: 'close' } as const

interface Told {
  readonly tone: 'ok' | 'wait' | 'bad' | 'gone'
  readonly title: string
  readonly text: string
}

function tell(entry: Entry | undefined): Told {
  if (!entry || entry.body === 'unreadable' || entry.state === 'undone')
    return { tone: 'gone', title: t('已撤销'), text: t('这条登记不计入今日。') }
  if (entry.cancelled) {
    const { kind, message } = state.trouble.value ?? { kind: 'offline', message: '' }
    const text =
      kind === 'offline' || kind === 'auth' ? t('联网后自动完成。') : t('{message}（会自动重试）', { message })
    return { tone: 'gone', title: t('正在撤销'), text }
  }
  if (entry.state === 'refused')
    return {
      tone: 'bad',
      title: t('未通过，需修改'),
      text: clockRefusal(entry.body.result) !== 'none' ? t('手机时间不准。') : t('服务器没有收下这条登记。'),
    }
  if (entry.state === 'waiting')
    return { tone: 'wait', title: t('已保存，待上传'), text: t('已加密保存在本机，联网后自动上传，不会丢失。') }
  return { tone: 'ok', title: t('登记完成'), text: '' }
}

/** A tick, a number, the next customer. */
export function Done() {
  const counter = useCounter()
  const heading = useRef<HTMLHeadingElement>(null)
  const entry = state.doneEntry.value
  const told = tell(entry)
  const result = entry && entry.body !== 'unreadable' ? entry.body.result : null
  const clinics = result?.clinics ?? (entry && isFever(entry) ? state.clinics.value : [])
  useEffect(() => heading.current?.focus(), [])
  return (
    <>
      <main class="done-page">
        <div class={`done-mark ${told.tone}`} aria-hidden="true">
          <Icon name={marks[told.tone]} size={44} />
        </div>
        <h1 ref={heading} tabIndex={-1}>
          {told.title}
        </h1>
        {entry && (told.tone === 'ok' || told.tone === 'wait') && (
          <p class="receipt">
            {t('登记号')} <strong>{receiptNo(entry.id)}</strong>
          </p>
        )}
        {told.text !== '' && <p class="lead">{told.text}</p>}
        {entry && entry.body !== 'unreadable' && told.tone !== 'gone' && (
          <p class="done-drugs">
            {entry.body.summary.name} · {entry.body.summary.drugs}
          </p>
        )}
        {result?.duringStop && told.tone === 'ok' && (
          <p class="refusal">
            {t('售出时“{name}”已在执行，本条已登记并标注“停售期间售出”。', { name: result.duringStop })}
          </p>
        )}
        {clinics.length > 0 && told.tone !== 'gone' && (
          <Referral clinics={clinics} receiptNo={entry ? receiptNo(entry.id) : ''} />
        )}
        {entry && <Undo entry={entry} />}
      </main>
      <footer class="bottom">
        {entry?.state === 'refused' ? (
          <button type="button" class="primary" onClick={() => counter.form.mend(entry)}>
            {t('去修改')}
          </button>
        ) : (
          <button type="button" class="primary" onClick={() => counter.form.next()}>
            {t('下一位')}
          </button>
        )}
      </footer>
    </>
  )
}
