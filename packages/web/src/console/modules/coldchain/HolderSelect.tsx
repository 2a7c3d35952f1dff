import { useQuery } from '@tanstack/react-query'
import { Select } from 'antd'
import { useState } from 'react'
import { t } from '../../../text.ts'
import { call } from '../../kernel/api.ts'
import { keys } from '../../kernel/query.ts'

/** Chooses a business of the cold chain: those of the own area, or any by name or code. */
export function HolderSelect({
  value,
  onChange,
  placeholder = t('输入名称或编号'),
  id,
}: {
  readonly value?: string
  readonly onChange?: (id: string | undefined) => void
  readonly placeholder?: string
  readonly id?: string
}) {
  const [q, setQ] = useState('')
  const wanted = q.trim().length >= 2 ? q.trim() : ''
  const list = useQuery({
    queryKey: [...keys.coldchain, 'holders', wanted],
    queryFn: ({ signal }) => call('cold-holder.list', { query: wanted ? { q: wanted } : {}, signal }),
    staleTime: 60_000,
  })
  return (
    <Select
      {...(id ? { id } : {})}
      {...(value ? { value } : {})}
      {...(onChange ? { onChange } : {})}
      allowClear
      showSearch={{ filterOption: false, onSearch: setQ }}
      placeholder={placeholder}
      loading={list.isFetching}
      style={{ width: '100%' }}
      notFoundContent={list.isFetching ? t('正在查找…') : t('没有找到')}
      options={list.data?.items.map((holder) => ({ value: holder.id, label: `${holder.name} ${holder.code}` })) ?? []}
    />
  )
}
