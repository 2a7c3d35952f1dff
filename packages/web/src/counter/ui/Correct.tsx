/** @jsxImportSource preact */

import { documentTypeNames, documentTypes } from '@vigil/contract/terms'
import type { ComponentChildren } from 'preact'
import { useEffect } from 'preact/hooks'
import { t } from '../../text.ts'
import * as state from '../app/state.ts'
import { type CorrectionPart, correctionPartNames, togglePart } from '../core/correction.ts'
import { type Draft, withProxy } from '../core/draft.ts'
import { Chip, fieldId, Problem, TextField } from './Field.tsx'
import { DrugPicker } from './StepDrug.tsx'
import { PersonFields } from './StepPerson.tsx'
import { HistoryField, ProxyFields, SymptomFields } from './StepSymptom.tsx'
import { useCounter } from './use.ts'

const parts = Object.keys(correctionPartNames) as CorrectionPart[]
const reasons = [
  t('证件号码录错'),
  t('手机或住址录错'),
  t('药品或数量选错'),
  t('症状或体温录错'),
  t('代购信息漏登'),
] as const

/** One part of the form under its name. */
function Part({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <section class="card" aria-label={title}>
      <h2>{title}</h2>
      {children}
    </section>
  )
}

/** A correction: what to change, anew, and why. The original is kept by the server. */
export function Correct() {
  const counter = useCounter()
  const { correction } = state
  const value = correction.value
  const wish = state.focus.value
  useEffect(() => {
    if (wish) document.getElementById(fieldId(wish.field))?.focus()
  }, [wish])
  if (!value) return null
  const { draft } = value
  const edit = (change: (old: Draft) => Draft, ...settled: readonly string[]) => {
    correction.value = { ...value, draft: change(draft) }
    state.problems.value = state.problems.value.filter((one) => !settled.includes(one.field))
  }
  const reason = (text: string) => {
    correction.value = { ...value, reason: text }
    state.problems.value = state.problems.value.filter((one) => one.field !== 'reason')
  }
  const has = (part: CorrectionPart) => value.parts.includes(part)
  return (
    <>
      <main class="correct">
        <div class="page-head">
          <h1>{t('更正登记')}</h1>
        </div>
        <p class="note">{t('选择要更正的内容并重新填写；原记录会留存备查。')}</p>
        {/* biome-ignore lint/a11y/useSemanticElements: chips are buttons, not form fields to group */}
        <div class="chips" role="group" aria-label={t('更正内容')} id={fieldId('form')} tabIndex={-1}>
          {parts.map((part) => (
            <Chip key={part} on={has(part)} onPress={() => (correction.value = togglePart(value, part))}>
              {correctionPartNames[part]}
            </Chip>
          ))}
        </div>
        <Problem field="form" />
        {has('document') && (
          <Part title={t('证件')}>
            <div class="field">
              <label for={fieldId('documentType')}>{t('证件类型')}</label>
              <select
                id={fieldId('documentType')}
                value={draft.documentType}
                onChange={(event) => {
                  const documentType = documentTypes.find((type) => type === event.currentTarget.value)
                  if (documentType) edit((old) => ({ ...old, documentType }), 'documentNumber')
                }}
              >
                {documentTypes.map((type) => (
                  <option key={type} value={type}>
                    {t(documentTypeNames[type])}
                  </option>
                ))}
              </select>
            </div>
            <TextField
              field="documentNumber"
              label={t('证件号码')}
              value={draft.documentNumber}
              maxLength={30}
              autoCapitalize="characters"
              onInput={(documentNumber) => edit((old) => ({ ...old, documentNumber }), 'documentNumber')}
            />
          </Part>
        )}
        {has('person') && (
          <Part title={t('购药人')}>
            <PersonFields
              draft={draft}
              onChange={(change, field) => edit((old) => ({ ...old, person: { ...old.person, ...change } }), field)}
            />
          </Part>
        )}
        {has('items') && (
          <Part title={t('药品')}>
            <DrugPicker draft={draft} edit={(change) => edit(change, 'items')} />
          </Part>
        )}
        {has('symptoms') && (
          <Part title={t('症状体温')}>
            <SymptomFields draft={draft} edit={edit} typing={false} keyboard onTemperature={() => undefined} />
          </Part>
        )}
        {has('proxy') && (
          <Part title={t('代购')}>
            <div class="chips">
              <Chip on={draft.proxy !== null} onPress={() => edit((old) => withProxy(old, true))}>
                {t('替别人买（代购）')}
              </Chip>
              <Chip on={draft.proxy === null} onPress={() => edit((old) => withProxy(old, false))}>
                {t('本人用药')}
              </Chip>
            </div>
            {draft.proxy && <ProxyFields proxy={draft.proxy} edit={edit} />}
          </Part>
        )}
        {has('history') && (
          <Part title={t('旅居接触史')}>
            <HistoryField draft={draft} edit={edit} hint={t('没有则留空')} />
          </Part>
        )}
        <Part title={t('更正原因')}>
          <div class="chips">
            {reasons
              .map((text) => t(text))
              .map((text) => (
                <Chip key={text} on={value.reason === text} onPress={() => reason(text)}>
                  {text}
                </Chip>
              ))}
          </div>
          <TextField field="reason" label={t('原因')} value={value.reason} maxLength={300} onInput={reason} />
        </Part>
      </main>
      <footer class="bottom">
        <div class="two">
          <button type="button" class="secondary" onClick={() => counter.today.leaveCorrection()}>
            {t('取消')}
          </button>
          <button
            type="button"
            class="primary"
            disabled={state.submitting.value}
            onClick={() => void counter.today.sendCorrection()}
          >
            {state.submitting.value ? t('正在提交…') : t('提交更正')}
          </button>
        </div>
      </footer>
    </>
  )
}
