/** @jsxImportSource preact */
import { checkDocument } from '@vigil/codes'
import { documentTypeNames, documentTypes } from '@vigil/contract/terms'
import { useEffect, useRef, useState } from 'preact/hooks'
import { Sheet } from '../../device/Sheet.tsx'
import { t } from '../../text.ts'
import * as state from '../app/state.ts'
import { provinceName } from '../core/area.ts'
import type { DocumentType } from '../core/draft.ts'
import { groupId } from '../core/keypad.ts'
import { fieldId, Problem, TextField } from './Field.tsx'
import { useCounter } from './use.ts'

/** Birth date, sex and home area that the number carries, as one line. */
export function documentFacts(type: DocumentType, number: string): string {
  const checked = checkDocument(type, number)
  if (!checked.ok) return ''
  const { birthDate, sex, areaCode } = checked.value
  const home = areaCode ? (state.areas.value?.home(areaCode) ?? provinceName(areaCode)) : ''
  const sexName = sex === 'male' ? t('男') : sex === 'female' ? t('女') : ''
  return [sexName, birthDate ? t('{birthDate} 生', { birthDate }) : '', home].filter((part) => part !== '').join(' · ')
}

const supportsInputMode = typeof document !== 'undefined' && 'inputMode' in document.createElement('input')

/** Number of a citizen ID: own keypad below, keyboard and paste as well. */
function CitizenIdInput() {
  const counter = useCounter()
  const { documentNumber } = state.draft.value
  const input = useRef<HTMLInputElement>(null)
  useEffect(() => input.current?.focus(), [])
  const message = state.problemAt('documentNumber')
  const facts = message === '' ? documentFacts('citizen-id', documentNumber) : ''
  const partial = documentNumber.length >= 2 && facts === '' ? provinceName(documentNumber) : ''
  return (
    <div class={message === '' ? 'field id-field' : 'field id-field wrong'}>
      <label for={fieldId('documentNumber')}>
        {t('身份证号码')} <span class="hint">{documentNumber.length} / 18</span>
      </label>
      <input
        id={fieldId('documentNumber')}
        ref={input}
        class="id-input"
        inputMode="none"
        readOnly={!supportsInputMode}
        value={groupId(documentNumber)}
        placeholder={t('请输入 18 位号码')}
        autocomplete="off"
        aria-invalid={message !== ''}
        aria-describedby={`${fieldId('documentNumber')}-problem id-facts`}
        onInput={(event) => {
          const typed = event.currentTarget.value
          const clean = typed.replace(/[０-９]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0))
          const number = clean
            .replace(/[^0-9xXｘＸ]/g, '')
            .replace(/[xｘＸ]/g, 'X')
            .slice(0, 18)
          counter.form.setDocument('citizen-id', number)
          event.currentTarget.value = groupId(number)
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter') counter.form.confirmDocument()
        }}
      />
      <p class="facts" id="id-facts" aria-live="polite">
        {facts || partial}
      </p>
      <Problem field="documentNumber" />
    </div>
  )
}

/** Step 1: which document, which number. */
export function StepDocument() {
  const counter = useCounter()
  const [choosing, setChoosing] = useState(false)
  const { documentType, documentNumber } = state.draft.value
  const choose = (type: DocumentType) => {
    setChoosing(false)
    if (type !== documentType) counter.form.setDocument(type, '')
  }
  return (
    <div class="step-body">
      <button type="button" class="select" id={fieldId('documentType')} onClick={() => setChoosing(true)}>
        <span class="select-label">{t('证件类型')}</span>
        <span class="select-value">{t(documentTypeNames[documentType])}</span>
      </button>
      {documentType === 'citizen-id' ? (
        <CitizenIdInput />
      ) : (
        <>
          <TextField
            field="documentNumber"
            label={t('证件号码')}
            value={documentNumber}
            maxLength={30}
            autoCapitalize="characters"
            onInput={(value) => counter.form.setDocument(documentType, value)}
            onEnter={() => counter.form.confirmDocument()}
          />
          <p class="facts" aria-live="polite">
            {documentFacts(documentType, documentNumber)}
          </p>
        </>
      )}
      {choosing && (
        <Sheet title={t('证件类型')} onClose={() => setChoosing(false)}>
          <ul class="options">
            {documentTypes.map((type) => (
              <li key={type}>
                <button
                  type="button"
                  class={type === documentType ? 'option on' : 'option'}
                  aria-pressed={type === documentType}
                  onClick={() => choose(type)}
                >
                  {t(documentTypeNames[type])}
                </button>
              </li>
            ))}
          </ul>
        </Sheet>
      )}
    </div>
  )
}
