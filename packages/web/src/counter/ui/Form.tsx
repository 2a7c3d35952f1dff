/** @jsxImportSource preact */
import { maskDocument } from '@vigil/codes'
import { documentTypeNames } from '@vigil/contract/terms'
import type { ComponentChildren } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { Icon } from '../../device/Icon.tsx'
import { t } from '../../text.ts'
import * as state from '../app/state.ts'
import { isUntouched } from '../core/draft.ts'
import { groupId, pressIdKey, pressTemperatureKey } from '../core/keypad.ts'
import { fieldId } from './Field.tsx'
import { Keypad } from './Keypad.tsx'
import { documentFacts, StepDocument } from './StepDocument.tsx'
import { DrugPicker } from './StepDrug.tsx'
import { areaLabel, StepPerson } from './StepPerson.tsx'
import { StepSymptom } from './StepSymptom.tsx'
import { useCounter } from './use.ts'

interface StepProps {
  readonly number: number
  readonly title: string
  readonly open: boolean
  readonly done: boolean
  readonly summary?: ComponentChildren
  readonly onEdit?: () => void
  readonly children: ComponentChildren
}

/** One step of the conversation: a heading only, open, or done with its summary. */
function Step({ number, title, open, done, summary, onEdit, children }: StepProps) {
  const kind = open ? 'open' : done ? 'done' : 'ahead'
  return (
    <section
      class={`step ${kind}`}
      aria-label={t('第 {number} 步 {title}', { number, title })}
      {...(open ? { 'aria-current': 'step' } : {})}
    >
      <div class="step-head">
        <span class="step-number" aria-hidden="true">
          {done && !open ? <Icon name="check" size={18} /> : number}
        </span>
        <h2 id={`step-${number}`} tabIndex={-1}>
          {title}
        </h2>
        {!open && done && <div class="step-summary">{summary}</div>}
        {!open && done && onEdit && (
          <button type="button" class="icon-button" onClick={onEdit} aria-label={t('修改{title}', { title })}>
            <Icon name="edit" size={20} />
          </button>
        )}
      </div>
      {open && children}
    </section>
  )
}

function DocumentSummary() {
  const { documentType, documentNumber } = state.draft.value
  return (
    <>
      <strong class="number">
        {documentType === 'citizen-id' ? groupId(documentNumber) : documentNumber || maskDocument(documentType, '')}
      </strong>
      <span class="muted">{documentFacts(documentType, documentNumber) || t(documentTypeNames[documentType])}</span>
    </>
  )
}

function PersonSummary() {
  const { buyer, known, person } = state.draft.value
  if (buyer === 'confirmed')
    return (
      <>
        <strong>
          {known?.name}　{known?.mobile}
        </strong>
        <span class="muted">{t('信息不变 · {residence}', { residence: known?.residence ?? '' })}</span>
      </>
    )
  return (
    <>
      <strong>
        {person.name}　{person.mobile}
      </strong>
      <span class="muted">
        {areaLabel(person.areaCode)} {person.address}
      </span>
    </>
  )
}

/** Scrolls to a place and gives it the focus when an action asks for it. */
function useFocus(): void {
  const wish = state.focus.value
  useEffect(() => {
    if (!wish) return
    const element = document.getElementById(fieldId(wish.field)) ?? document.getElementById('form-problem')
    if (!element) return
    const calm = typeof matchMedia === 'function' && matchMedia('(prefers-reduced-motion: reduce)').matches
    element.scrollIntoView({ block: 'center', behavior: calm ? 'auto' : 'smooth' })
    element.focus({ preventScroll: true })
  }, [wish])
}

function FormProblems() {
  const counter = useCounter()
  const { refusal } = state
  const general = state.problemAt('form')
  const time = state.problemAt('soldAt')
  return (
    <div id="form-problem" tabIndex={-1} role="alert">
      {refusal.value && (
        <div class="refusal">
          <strong>{t('禁止销售：{title}', { title: refusal.value.title })}</strong>
          <p>{refusal.value.detail}</p>
          <p>
            {refusal.value.to
              ? t('{from} 起，至 {to}', { from: refusal.value.from, to: refusal.value.to })
              : t('{from} 起，截止日期另行通知', { from: refusal.value.from })}
          </p>
          <p>{t('请换一种药，或放弃本条。')}</p>
        </div>
      )}
      {time !== '' && (
        <div class="refusal">
          <strong>{t('登记时间或编号有误')}</strong>
          <p>{time}</p>
          {counter.form.clockTrouble() !== 'none' && (
            <button type="button" class="secondary" onClick={() => void counter.form.restampEntry()}>
              {t('按服务器时间重新上传')}
            </button>
          )}
        </div>
      )}
      {general !== '' && <p class="refusal">{general}</p>}
    </div>
  )
}

/** The whole registration on one screen, in the order of the conversation. */
export function Form() {
  const counter = useCounter()
  const [typing, setTyping] = useState(false)
  const draft = state.draft.value
  const step = state.step.value
  const submitting = state.submitting.value
  useFocus()
  const edit = counter.form.edit.bind(counter.form)
  // The keypad of the temperature would hide the field that is being typed. Not for a button: what moves between press
  // and release is not clicked.
  const leaveKeypad = ({ target }: FocusEvent) => {
    if (target instanceof HTMLInputElement && target.id !== fieldId('temperature')) setTyping(false)
  }
  const goTo = (next: state.Step) => {
    setTyping(false)
    state.step.value = next
  }
  useEffect(() => {
    // The button that was pressed is gone; the focus goes where the conversation goes on.
    if (step === 3 && state.problems.value.length === 0) document.getElementById('step-3')?.focus()
  }, [step])
  const showsIdPad = step === 1 && draft.documentType === 'citizen-id'
  return (
    <>
      <main class="form" onFocusIn={leaveKeypad}>
        <h1 class="sr">{t('购药登记')}</h1>
        {draft.id !== null && <p class="note">{t('正在修改一条未通过的登记，改好后会用原编号重新上传。')}</p>}
        <FormProblems />
        <Step
          number={1}
          title={t('证件')}
          open={step === 1}
          done={step > 1}
          summary={<DocumentSummary />}
          onEdit={() => goTo(1)}
        >
          <StepDocument />
        </Step>
        <Step
          number={2}
          title={t('购药人')}
          open={step === 2}
          done={step > 2}
          summary={<PersonSummary />}
          onEdit={() => goTo(2)}
        >
          <StepPerson />
        </Step>
        <Step number={3} title={t('药品')} open={step === 3} done={false}>
          <div class="step-body">
            <DrugPicker
              draft={draft}
              edit={(change) => {
                state.refusal.value = null
                edit(change, 'items')
              }}
              barred={(drug) => counter.form.barred(drug)}
              mayPick={(drug) => counter.form.mayPick(drug)}
            />
          </div>
        </Step>
        <Step number={4} title={t('症状')} open={step === 3} done={false}>
          <StepSymptom
            edit={(change, ...settled) => {
              setTyping(false)
              edit(change, ...settled)
            }}
            typing={typing}
            onTemperature={() => setTyping(true)}
          />
        </Step>
        {!isUntouched(draft) && (
          <button
            type="button"
            class="text-button"
            onClick={() => void abandon(() => counter.form.abandon(), draft.id !== null)}
          >
            {draft.id !== null ? t('放弃本条（未售出）') : t('清空重填')}
          </button>
        )}
      </main>
      <footer class="bottom">
        {showsIdPad && (
          <Keypad
            label={t('身份证号码键盘')}
            corner="X"
            onKey={(key) => counter.form.setDocument('citizen-id', pressIdKey(draft.documentNumber, key))}
          />
        )}
        {step === 1 && (!showsIdPad || draft.documentNumber.length === 18) && (
          <button type="button" class="primary" onClick={() => counter.form.confirmDocument()}>
            {t('下一步')}
          </button>
        )}
        {step === 2 && (draft.buyer === 'new' || draft.buyer === 'unknown') && (
          <button type="button" class="primary" onClick={() => counter.form.confirmPerson()}>
            {t('下一步：选药品')}
          </button>
        )}
        {step === 2 && draft.buyer === 'known' && (
          <div class="two">
            <button type="button" class="secondary" onClick={() => counter.form.retypeKnown()}>
              {t('有变化')}
            </button>
            <button
              type="button"
              class="primary"
              id={fieldId('person.name')}
              onClick={() => counter.form.confirmKnown()}
            >
              {t('信息不变')}
            </button>
          </div>
        )}
        {step === 3 && typing && (
          <Keypad
            label={t('体温键盘')}
            corner="."
            onKey={(key) =>
              edit((old) => ({ ...old, temperature: pressTemperatureKey(old.temperature, key) }), 'temperature')
            }
          />
        )}
        {step === 3 && (
          <button
            type="button"
            class="primary"
            disabled={submitting}
            onClick={() => {
              setTyping(false)
              void counter.form.submit()
            }}
          >
            {submitting ? t('正在登记…') : draft.id !== null ? t('重新上传') : t('完成登记')}
          </button>
        )}
      </footer>
    </>
  )
}

async function abandon(work: () => Promise<void>, refused: boolean): Promise<void> {
  const question = refused ? t('放弃后本条登记将从手机删除，请确认药品没有售出。') : t('清空已填写的内容？')
  if (confirm(question)) await work()
}
