import { drugClasses, drugClassNames, statusNames, symptomNames, symptoms } from '@vigil/contract/terms'
import { Input, Select } from 'antd'
import { useState } from 'react'
import { t } from '../../../text.ts'
import { useRawSearch, useSetSearch } from '../../kernel/scope.ts'
import { type Exact, exactOf } from './filter.ts'

const named = (names: Record<string, string>, keys: readonly string[], every: string) => [
  { value: '', label: every },
  ...keys.map((value) => ({ value, label: names[value] ?? value })),
]
const isClass = (value: string) => drugClasses.find((known) => known === value)

/** Filters of the list beside area and period. */
export function FilterBar({ onExact }: { onExact: (exact: Exact | undefined) => void }) {
  const search = useRawSearch()
  const setSearch = useSetSearch()
  const [typed, setTyped] = useState('')
  return (
    <search className="filters" aria-label={t('筛选')}>
      <Select
        aria-label={t('药品类别')}
        value={search.class ?? ''}
        options={named(drugClassNames, drugClasses, t('全部类别'))}
        onChange={(value) => setSearch({ class: isClass(value) })}
      />
      <Select
        aria-label={t('症状')}
        value={search.symptom ?? ''}
        options={named(symptomNames, symptoms, t('全部症状'))}
        onChange={(value) => setSearch({ symptom: value || undefined })}
      />
      <Select
        aria-label={t('是否发热')}
        value={search.fever ?? ''}
        options={named({ 1: t('发热'), 0: t('未发热') }, ['1', '0'], t('发热与否'))}
        onChange={(value) => setSearch({ fever: value || undefined })}
      />
      <Select
        aria-label={t('状态')}
        value={search.status ?? ''}
        options={named(statusNames, ['valid', 'corrected', 'undone'], t('全部状态'))}
        onChange={(value) => setSearch({ status: value || undefined })}
      />
      <Input.Search
        className="exact"
        aria-label={t('证件号码或手机号（完整号码）')}
        placeholder={t('完整证件号码或手机号')}
        autoComplete="off"
        maxLength={30}
        allowClear
        value={typed}
        onChange={(event) => {
          setTyped(event.target.value)
          if (!event.target.value) onExact(undefined)
        }}
        onSearch={(value) => onExact(exactOf(value))}
      />
    </search>
  )
}
