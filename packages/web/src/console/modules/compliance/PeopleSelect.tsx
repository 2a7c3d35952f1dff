import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Select } from 'antd'
import { useDeferredValue, useState } from 'react'
import { t } from '../../../text.ts'
import { call } from '../../kernel/api.ts'
import { keys } from '../../kernel/query.ts'
import { ProblemAlert } from '../../ui/states.tsx'

/** Account of somebody who may inspect a store, found by name. */
export function PeopleSelect({
  store,
  ...field
}: {
  readonly store: string
  readonly id?: string
  readonly value?: string
  readonly onChange?: (value: string) => void
}) {
  const [typed, setTyped] = useState('')
  const q = useDeferredValue(typed.trim())
  const query = useQuery({
    queryKey: [...keys.compliance, 'people', store, q],
    queryFn: ({ signal }) => call('compliance.people', { query: { store, ...(q ? { q } : {}) }, signal }),
    placeholderData: keepPreviousData,
    enabled: store !== '',
  })
  return (
    <>
      <ProblemAlert error={query.error} />
      <Select
        {...field}
        aria-label={t('执法人员')}
        placeholder={t('输入姓名查找')}
        loading={query.isFetching}
        showSearch={{ filterOption: false, onSearch: setTyped }}
        notFoundContent={query.isFetching ? t('正在查找') : t('没有这样的执法人员')}
        options={(query.data?.items ?? []).map(({ id, name, areaName }) => ({
          value: id,
          label: t('{name}（{areaName}）', { name, areaName }),
        }))}
      />
    </>
  )
}
