/** @jsxImportSource preact */
import { useState } from 'preact/hooks'
import { Icon } from '../../device/Icon.tsx'
import { t } from '../../text.ts'
import * as state from '../app/state.ts'
import { provinceName } from '../core/area.ts'
import type { Draft, PersonDraft } from '../core/draft.ts'
import type { Field } from '../core/field.ts'
import { AreaSheet } from './AreaSheet.tsx'
import { Chip, fieldId, Problem, TextField } from './Field.tsx'
import { useCounter } from './use.ts'

/** The question to a returning buyer; only masked values are here. */
function KnownBuyer() {
  const { known } = state.draft.value
  return (
    <div class="known" aria-live="polite">
      <p class="known-title">{t('登记过的顾客，信息是否不变？')}</p>
      <dl class="known-facts">
        <div>
          <dt>{t('姓名')}</dt>
          <dd>{known?.name}</dd>
        </div>
        <div>
          <dt>{t('手机')}</dt>
          <dd>{known?.mobile}</dd>
        </div>
        <div>
          <dt>{t('住址')}</dt>
          <dd>{known?.residence}</dd>
        </div>
      </dl>
      <Problem field="person.name" />
    </div>
  )
}

/** Name of an area for a chip. */
export const areaLabel = (code: string): string =>
  state.areas.value?.short(code) ||
  state.tree.value.find((node) => node.code === code)?.name ||
  provinceName(code) ||
  code

function quickAreas(draft: Draft): readonly string[] {
  const home = draft.documentType === 'citizen-id' ? draft.documentNumber.slice(0, 6) : ''
  const isCounty = home.length === 6 && (state.areas.value?.short(home) ?? '') !== ''
  const picks = [state.homeCounty.value, draft.person.areaCode, ...(isCounty ? [home] : []), ...state.recentAreas.value]
  return [...new Set(picks.filter((code) => code !== ''))].slice(0, 4)
}

interface PersonFieldsProps {
  readonly draft: Draft
  readonly onChange: (change: Partial<PersonDraft>, field: Field) => void
}

/** Name, mobile, residence and emergency contact; also used by a correction. */
export function PersonFields({ draft, onChange }: PersonFieldsProps) {
  const [choosing, setChoosing] = useState(false)
  const { person, known } = draft
  const hasContact = person.emergencyName !== '' || person.emergencyMobile !== ''
  const [contact, setContact] = useState(hasContact)
  return (
    <>
      <div class="pair">
        <TextField
          field="person.name"
          label={t('姓名')}
          value={person.name}
          maxLength={60}
          placeholder={known?.name ?? ''}
          onInput={(name) => onChange({ name }, 'person.name')}
        />
        <TextField
          field="person.mobile"
          label={t('手机号')}
          type="tel"
          mode="tel"
          value={person.mobile}
          maxLength={20}
          placeholder={known?.mobile ?? ''}
          onInput={(mobile) => onChange({ mobile }, 'person.mobile')}
        />
      </div>
      {/* biome-ignore lint/a11y/useSemanticElements: chips are buttons, not form fields to group */}
      <div class="field" role="group" aria-labelledby="area-label">
        <span class="label" id="area-label">
          {t('现住地区')}
        </span>
        <div class="chips">
          {quickAreas(draft).map((code, i) => (
            <Chip
              key={code}
              {...(i === 0 ? { id: fieldId('person.area') } : {})}
              on={person.areaCode === code}
              onPress={() => onChange({ areaCode: code }, 'person.area')}
            >
              {areaLabel(code)}
            </Chip>
          ))}
          <button type="button" class="chip more" onClick={() => setChoosing(true)}>
            {t('其他地区…')}
          </button>
        </div>
        <Problem field="person.area" />
      </div>
      <TextField
        field="person.address"
        label={t('详细住址')}
        value={person.address}
        maxLength={200}
        placeholder={t('街道、小区、门牌号')}
        onInput={(address) => onChange({ address }, 'person.address')}
      />
      {contact ? (
        <div class="pair">
          <TextField
            field="person.emergencyName"
            label={t('紧急联系人')}
            hint={t('选填')}
            value={person.emergencyName}
            maxLength={60}
            onInput={(emergencyName) => onChange({ emergencyName }, 'person.emergencyName')}
          />
          <TextField
            field="person.emergencyMobile"
            label={t('联系人电话')}
            type="tel"
            mode="tel"
            value={person.emergencyMobile}
            maxLength={20}
            onInput={(emergencyMobile) => onChange({ emergencyMobile }, 'person.emergencyMobile')}
          />
        </div>
      ) : (
        <button type="button" class="add-line" onClick={() => setContact(true)}>
          <Icon name="plus" size={20} /> {t('紧急联系人')}
        </button>
      )}
      {choosing && (
        <AreaSheet
          value={person.areaCode}
          onClose={() => setChoosing(false)}
          onPick={(areaCode) => {
            setChoosing(false)
            onChange({ areaCode }, 'person.area')
          }}
        />
      )}
    </>
  )
}

/** Step 2: a returning buyer is confirmed with one tap, a new one is typed. */
export function StepPerson() {
  const counter = useCounter()
  const draft = state.draft.value
  if (draft.buyer === 'searching')
    return (
      <div class="step-body">
        <p class="loading" role="status">
          {t('正在查询是否登记过…')}
        </p>
      </div>
    )
  if (draft.buyer === 'known')
    return (
      <div class="step-body">
        <KnownBuyer />
      </div>
    )
  return (
    <div class="step-body">
      {state.lookupNote.value !== '' && <p class="note">{state.lookupNote.value}</p>}
      <PersonFields
        draft={draft}
        onChange={(change, field) =>
          counter.form.edit((old) => ({ ...old, person: { ...old.person, ...change } }), field)
        }
      />
    </div>
  )
}
