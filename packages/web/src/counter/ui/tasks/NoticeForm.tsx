/** @jsxImportSource preact */
import type { Notice, NoticeQuestion } from '@vigil/contract'
import { useState } from 'preact/hooks'
import { SendError } from '../../../device/failure.ts'
import { t } from '../../../text.ts'
import * as state from '../../app/state.ts'
import { useCounter } from '../use.ts'

interface QuestionProps {
  readonly id: string
  readonly question: NoticeQuestion
  readonly value: string
  readonly onInput: (value: string) => void
}

function Question({ id, question, value, onInput }: QuestionProps) {
  if (question.kind === 'choice')
    return (
      <fieldset class="question">
        <legend>{question.text}</legend>
        <div class="chips">
          {question.options?.map((option) => (
            <button
              key={option}
              type="button"
              class={option === value ? 'chip on' : 'chip'}
              aria-pressed={option === value}
              onClick={() => onInput(option)}
            >
              {option}
            </button>
          ))}
        </div>
      </fieldset>
    )
  return (
    <div class="field">
      <label for={id}>
        {question.text}
        {question.unit && <span class="hint">{question.unit}</span>}
        {!question.required && <span class="hint">{t('选填')}</span>}
      </label>
      {question.kind === 'number' ? (
        <input
          id={id}
          inputMode="decimal"
          value={value}
          maxLength={12}
          onInput={(e) => onInput(e.currentTarget.value)}
        />
      ) : (
        <textarea id={id} rows={3} value={value} maxLength={1000} onInput={(e) => onInput(e.currentTarget.value)} />
      )}
    </div>
  )
}

/** Signature or answers of a notice. Nothing waits on the device: without the network the clerk is told so. */
export function NoticeForm({ notice, onDone }: { notice: Notice; onDone: (notice: Notice) => void }) {
  const counter = useCounter()
  const [name, setName] = useState('')
  const [values, setValues] = useState<Readonly<Record<string, string>>>({})
  const [problem, setProblem] = useState('')
  const [busy, setBusy] = useState(false)
  if (notice.needs === 'read') return null
  const send = async () => {
    const replies = Object.entries(values)
      .filter(([, value]) => value.trim() !== '')
      .map(([code, value]) => ({ code, value: value.trim() }))
    const missing = notice.questions.find(({ code, required }) => required && !replies.some((one) => one.code === code))
    if (missing) return setProblem(t('请回答“{question}”', { question: missing.text }))
    if (name.trim() === '') return setProblem(t('请填写姓名'))
    setBusy(true)
    setProblem('')
    try {
      const params = { id: notice.id }
      const done =
        notice.needs === 'sign'
          ? await counter.tasks.call('notice.sign', { params, body: { name } })
          : await counter.tasks.call('notice.answer', { params, body: { name, replies } })
      onDone(done)
      const { open, overdue } = state.taskCount.value
      state.taskCount.value = { open: Math.max(0, open - 1), overdue: Math.max(0, overdue - (notice.overdue ? 1 : 0)) }
      state.say(notice.needs === 'sign' ? t('已签收') : t('已答复，监管人员会看到'))
    } catch (error) {
      if (!(error instanceof SendError)) throw error
      const offline = error.failure.kind === 'offline'
      setProblem(offline ? t('没有网络，未能提交；内容未保存，请联网后再办') : error.failure.message)
    } finally {
      setBusy(false)
    }
  }
  const id = (part: string) => `notice-${notice.id}-${part}`
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        if (!busy) void send()
      }}
    >
      {notice.questions.map((question) => (
        <Question
          key={question.code}
          id={id(question.code)}
          question={question}
          value={values[question.code] ?? ''}
          onInput={(value) => setValues({ ...values, [question.code]: value })}
        />
      ))}
      <div class="field">
        <label for={id('name')}>{notice.needs === 'sign' ? t('签收人姓名') : t('答复人姓名')}</label>
        <input
          id={id('name')}
          value={name}
          maxLength={60}
          autocomplete="off"
          onInput={(event) => setName(event.currentTarget.value)}
        />
      </div>
      <p class="problem" role="alert">
        {problem}
      </p>
      <button type="submit" class="primary" disabled={busy}>
        {notice.needs === 'sign' ? t('签收') : t('提交答复')}
      </button>
    </form>
  )
}
