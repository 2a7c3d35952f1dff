import type { DrugClass } from '@vigil/contract'
import { drugClasses, drugClassNames } from '@vigil/contract/terms'
import { Select } from 'antd'
import { t } from '../../text.ts'
import { useSetSearch } from '../kernel/scope.ts'

const options = [
  { value: '', label: t('全部类别') },
  ...drugClasses.map((value) => ({ value: value as string, label: drugClassNames[value] })),
]

/** Drug class of the page, in the address bar. */
export function ClassSelect({ value }: { value: DrugClass | undefined }) {
  const setSearch = useSetSearch()
  return (
    <Select<string>
      aria-label={t('药品类别')}
      className="class-select"
      value={value ?? ''}
      onChange={(chosen) => setSearch({ class: drugClasses.find((known) => known === chosen) })}
      options={options}
    />
  )
}
