/** @jsxImportSource preact */
import { documentTypeNames, relationNames, relations, symptomNames, symptoms } from '@vigil/contract/terms'
import { useState } from 'preact/hooks'
import { Icon } from '../../device/Icon.tsx'
import { t } from '../../text.ts'
import * as state from '../app/state.ts'
import { type DocumentType, type Draft, type ProxyDraft, withProxy, withSymptom } from '../core/draft.ts'
import type { Field } from '../core/field.ts'
import { feverTenths, parseTemperature } from '../core/temperature.ts'
import { Chip, fieldId, Problem, TextField } from './Field.tsx'

type Edit = (change: (draft: Draft) => Draft, ...settled: readonly string[]) => void
const shortTypes: readonly DocumentType[] = ['citizen-id', 'passport']

interface SymptomFieldsProps {
  readonly draft: Draft
  readonly edit: Edit
  readonly onTemperature: () => void
  readonly typing: boolean
  /** The phone's own keyboard instead of the keypad below. */
  readonly keyboard?: boolean
}

/** Symptoms and temperature; also used by a correction. */
export function SymptomFields(props: SymptomFieldsProps) {
  const { draft, edit } = props
  const temperature = parseTemperature(draft.temperature)
  const tenths = temperature.ok ? temperature.value : null
  const fever = draft.symptoms.includes('fever') || (tenths !== null && tenths >= feverTenths)
  const message = state.problemAt('temperature')
  return (
    <>
      {/* biome-ignore lint/a11y/useSemanticElements: chips are buttons, not form fields to group */}
      <div class="chips" role="group" aria-label={t('症状')}>
        <Chip
          id={fieldId('symptoms')}
          on={draft.noSymptoms}
          onPress={() => edit((old) => withSymptom(old, 'none'), 'symptoms')}
        >
          {t('无不适')}
        </Chip>
        {symptoms.map((symptom) => (
          <Chip
            key={symptom}
            on={draft.symptoms.includes(symptom)}
            onPress={() => edit((old) => withSymptom(old, symptom), 'symptoms')}
          >
            {t(symptomNames[symptom])}
          </Chip>
        ))}
      </div>
      <Problem field="symptoms" />
      <div class={message === '' ? 'temperature' : 'temperature wrong'}>
        <label for={fieldId('temperature')}>{t('体温')}</label>
        <input
          id={fieldId('temperature')}
          class={props.typing ? 'typing' : ''}
          inputMode={props.keyboard ? 'decimal' : 'none'}
          value={draft.temperature}
          placeholder={t('未测')}
          maxLength={6}
          autocomplete="off"
          aria-describedby={`${fieldId('temperature')}-problem`}
          onFocus={props.onTemperature}
          onClick={props.onTemperature}
          onInput={(event) => {
            const temperature = event.currentTarget.value
            edit((old) => ({ ...old, temperature }), 'temperature')
          }}
        />
        <span class="unit">℃</span>
        {fever && <span class="fever">{t('将提示就近发热门诊')}</span>}
      </div>
      <Problem field="temperature" />
    </>
  )
}

/** Who the drugs are for; also used by a correction. */
export function ProxyFields({ proxy, edit }: { proxy: ProxyDraft; edit: Edit }) {
  const change = (part: Partial<ProxyDraft>, field: Field) =>
    edit((old) => (old.proxy ? { ...old, proxy: { ...old.proxy, ...part } } : old), field)
  return (
    <div class="proxy">
      <TextField
        field="proxy.name"
        label={t('用药人姓名')}
        value={proxy.name}
        maxLength={60}
        onInput={(name) => change({ name }, 'proxy.name')}
      />
      {/* biome-ignore lint/a11y/useSemanticElements: chips are buttons, not form fields to group */}
      <div class="field" role="group" aria-label={t('与购药人的关系')}>
        <span class="label">{t('是购药人的')}</span>
        <div class="chips">
          {relations.map((relation, i) => (
            <Chip
              key={relation}
              {...(i === 0 ? { id: fieldId('proxy.relation') } : {})}
              on={proxy.relation === relation}
              onPress={() => change({ relation }, 'proxy.relation')}
            >
              {t(relationNames[relation])}
            </Chip>
          ))}
        </div>
        <Problem field="proxy.relation" />
      </div>
      {/* biome-ignore lint/a11y/useSemanticElements: chips are buttons, not form fields to group */}
      <div class="field" role="group" aria-label={t('用药人证件类型')}>
        <div class="chips">
          {shortTypes.map((documentType) => (
            <Chip
              key={documentType}
              on={proxy.documentType === documentType}
              onPress={() => change({ documentType }, 'proxy.documentNumber')}
            >
              {t(documentTypeNames[documentType])}
            </Chip>
          ))}
        </div>
      </div>
      <TextField
        field="proxy.documentNumber"
        label={t('用药人证件号码')}
        hint={t('选填')}
        value={proxy.documentNumber}
        maxLength={30}
        autoCapitalize="characters"
        onInput={(documentNumber) => change({ documentNumber }, 'proxy.documentNumber')}
      />
    </div>
  )
}

/** Travel or contact history; also used by a correction. */
export function HistoryField({ draft, edit, hint }: { draft: Draft; edit: Edit; hint: string }) {
  return (
    <TextField
      field="history"
      label={t('近 14 天旅居或接触史')}
      hint={hint}
      value={draft.history}
      maxLength={300}
      onInput={(history) => edit((old) => ({ ...old, history }), 'history')}
    />
  )
}

/** Step 4: symptoms, temperature, for whom, history. */
export function StepSymptom(props: { edit: Edit; onTemperature: () => void; typing: boolean }) {
  const draft = state.draft.value
  const [history, setHistory] = useState(false)
  const showHistory = history || draft.history !== '' || state.problemAt('history') !== ''
  return (
    <div class="step-body">
      <SymptomFields draft={draft} edit={props.edit} onTemperature={props.onTemperature} typing={props.typing} />
      <div class="extras">
        <Chip on={draft.proxy !== null} onPress={() => props.edit((old) => withProxy(old, old.proxy === null))}>
          {t('替别人买（代购）')}
        </Chip>
        {!showHistory && (
          <button type="button" class="chip more" onClick={() => setHistory(true)}>
            <Icon name="plus" size={18} /> {t('旅居或接触史')}
          </button>
        )}
      </div>
      {draft.proxy && <ProxyFields proxy={draft.proxy} edit={props.edit} />}
      {showHistory && <HistoryField draft={draft} edit={props.edit} hint={t('选填')} />}
    </div>
  )
}
