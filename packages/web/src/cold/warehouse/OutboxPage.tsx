/** @jsxImportSource preact */
import { useEffect, useState } from 'preact/hooks'
import { t } from '../../text.ts'
import type { OutboxEntry } from '../scan/outbox.ts'
import { shortTime } from '../words.ts'
import { plainRefusal, tradeName } from './words.ts'
import { giveUp, openWork, refused, sendNow, trouble, waiting } from './work.ts'

function whatOf({ body }: OutboxEntry): string {
  if (body === 'unreadable') return t('本机已经打不开这条记录')
  const { work } = body
  if (work.kind === 'trade')
    return t('{kind} {count} 项', { kind: tradeName(work.body.kind), count: work.body.lines.length })
  if (work.kind === 'figure') return t('仓方 {boxes} 箱', { boxes: work.body.boxes })
  return t('{count} 张照片', { count: work.photos.length })
}

function Entry({ entry }: { entry: OutboxEntry }) {
  const [sure, setSure] = useState(false)
  const { body, id } = entry
  const isBad = entry.state === 'refused' || body === 'unreadable'
  return (
    <li class="card">
      <div class="row-head">
        <strong>{body === 'unreadable' ? t('无法读取') : body.title}</strong>
        <span class={isBad ? 'tag bad' : 'tag wait'}>{isBad ? t('被退回') : t('待上传')}</span>
      </div>
      <p class="muted">
        {body !== 'unreadable' && `${shortTime(body.at)} · `}
        {whatOf(entry)}
      </p>
      {body !== 'unreadable' && body.problem && (
        <p class="problem" role="alert">
          {plainRefusal(body.problem.message)}
        </p>
      )}
      {isBad && (
        <div class="actions">
          {body !== 'unreadable' && (
            <button type="button" class="secondary" onClick={() => void sendNow(id)}>
              {t('再试一次')}
            </button>
          )}
          <button type="button" class="secondary quiet" onClick={() => (sure ? void giveUp(id) : setSure(true))}>
            {sure ? t('确定放弃') : t('放弃')}
          </button>
        </div>
      )}
    </li>
  )
}

/** What waits on this device, in order, and what was sent back with the reason. */
export default function OutboxPage() {
  const [busy, setBusy] = useState(false)
  useEffect(() => openWork(), [])
  const [wait, bad] = [waiting.value, refused.value]
  const onSend = () => {
    setBusy(true)
    void sendNow('').finally(() => setBusy(false))
  }
  return (
    <div class="work">
      {wait.length + bad.length === 0 && <p class="empty">{t('都已上传，本机没有等待的记录。')}</p>}
      {bad.length > 0 && (
        <section>
          <h2 class="group-head">{t('被退回 {count} 件', { count: bad.length })}</h2>
          <p class="muted">{t('后面的记录可能因它一起被退回；处理好原因后按原来的顺序再试。')}</p>
          <ul class="rows">
            {bad.map((entry) => (
              <Entry key={entry.id} entry={entry} />
            ))}
          </ul>
          {bad.length > 1 && (
            <button type="button" class="secondary wide" disabled={busy} onClick={() => void sendNow()}>
              {t('全部按顺序再试')}
            </button>
          )}
        </section>
      )}
      {wait.length > 0 && (
        <section>
          <h2 class="group-head">{t('待上传 {count} 件', { count: wait.length })}</h2>
          {trouble.value && <p class="muted">{trouble.value.message}</p>}
          <ul class="rows">
            {wait.map((entry) => (
              <Entry key={entry.id} entry={entry} />
            ))}
          </ul>
          <button type="button" class="primary" disabled={busy} onClick={onSend}>
            {t('现在上传')}
          </button>
        </section>
      )}
    </div>
  )
}
