/** @jsxImportSource preact */
import { signal } from '@preact/signals'
import type { Notice } from '@vigil/contract'
import { useState } from 'preact/hooks'
import { SendError } from '../../../device/failure.ts'
import { noticeKindNames } from '../../../terms.ts'
import { t } from '../../../text.ts'
import type { TaskActions } from '../../app/tasks.ts'
import { useCounter } from '../use.ts'
import { NoticeForm } from './NoticeForm.tsx'
import type { TaskSection } from './section.ts'
import { dayTime } from './time.ts'

const items = signal<readonly Notice[] | null>(null)

/** Puts the new state of a notice into the list. */
function put(notice: Notice): void {
  items.value = items.value?.map((one) => (one.id === notice.id ? notice : one)) ?? null
}

async function load(tasks: TaskActions) {
  try {
    const { items: fresh, open, overdue } = await tasks.call('notice.own')
    items.value = fresh
    await tasks.keep('notices', fresh)
    return { open, overdue }
  } catch (error) {
    if (error instanceof SendError && items.value === null)
      items.value = (await tasks.kept<readonly Notice[]>('notices')) ?? []
    throw error
  }
}

function Badge({ notice }: { notice: Notice }) {
  if (notice.state === 'done') return <span class="badge">{t('已办结')}</span>
  if (notice.overdue) return <span class="badge refused">{t('已逾期')}</span>
  const words = { read: t('待阅知'), sign: t('待签收'), answer: t('待答复') }
  return <span class="badge waiting">{words[notice.needs]}</span>
}

function Line({ notice }: { notice: Notice }) {
  const counter = useCounter()
  const [open, setOpen] = useState(false)
  const show = () => {
    setOpen(!open)
    if (open || notice.readAt !== null) return
    // Offline the text is shown all the same; that it was read is told the next time it is opened.
    void counter.tasks.call('notice.read', { params: { id: notice.id } }).then(put, () => undefined)
  }
  return (
    <li class={notice.overdue && notice.state !== 'done' ? 'line refused' : 'line'}>
      <button type="button" class="line-main" aria-expanded={open} onClick={show}>
        <span class="line-who">
          <strong>{notice.title}</strong>
          <span class="line-drugs">
            {noticeKindNames[notice.kind]} · {notice.sentBy} · {dayTime(notice.sentAt)}
          </span>
          {notice.dueAt !== null && notice.state !== 'done' && (
            <span class="line-drugs">{t('请在 {time} 前办理', { time: dayTime(notice.dueAt) })}</span>
          )}
        </span>
        <span class="line-status">
          <Badge notice={notice} />
        </span>
      </button>
      {open && (
        <div class="notice-body">
          <p class="notice-text">{notice.body}</p>
          {notice.state === 'done' ? <Done notice={notice} /> : <NoticeForm notice={notice} onDone={put} />}
        </div>
      )}
    </li>
  )
}

function Done({ notice }: { notice: Notice }) {
  const asked = new Map(notice.questions.map(({ code, text }) => [code, text]))
  return (
    <div class="note">
      {notice.replies.map(({ code, value }) => (
        <p key={code}>
          {asked.get(code) ?? code}：{value}
        </p>
      ))}
      {notice.doneAt !== null && (
        <p>
          {notice.signedBy === null
            ? t('{time} 已阅知', { time: dayTime(notice.doneAt) })
            : t('{name} 于 {time} 办结', { name: notice.signedBy, time: dayTime(notice.doneAt) })}
        </p>
      )}
    </div>
  )
}

function Notices() {
  const [old, setOld] = useState(false)
  const all = items.value
  if (all === null)
    return (
      <p class="loading" role="status">
        {t('正在载入…')}
      </p>
    )
  const todo = all.filter(({ state }) => state !== 'done')
  const done = all.filter(({ state }) => state === 'done')
  return (
    <>
      {todo.length === 0 && <p class="empty">{t('没有待办的通知')}</p>}
      <ul class="lines">
        {[...todo, ...(old ? done : [])].map((notice) => (
          <Line key={notice.id} notice={notice} />
        ))}
      </ul>
      {!old && done.length > 0 && (
        <button type="button" class="text-button" onClick={() => setOld(true)}>
          {t('查看近 30 天已办结的 {count} 条', { count: done.length })}
        </button>
      )}
    </>
  )
}

/** Notices, warnings and letters that the store reads, signs for or answers. */
export const noticeSection: TaskSection = {
  key: 'notices',
  title: t('监管通知'),
  permission: 'notice.own',
  load,
  View: Notices,
}
