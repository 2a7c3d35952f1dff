import { useQuery } from '@tanstack/react-query'
import { Cascader } from 'antd'
import { useMemo } from 'react'
import { t } from '../../text.ts'
import { Icon } from './icons.tsx'

/** The areas of the whole country (GB/T 2260), fetched when first asked for. */
export function useCountry() {
  return useQuery({
    queryKey: ['country'],
    queryFn: () => import('@vigil/codes/areas'),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: Number.POSITIVE_INFINITY,
  })
}

interface Option {
  value: string
  label: string
  children?: Option[]
}

/** Province, city and county of a home, as its six-digit code. */
export function HomePicker({
  id,
  value,
  onChange,
}: {
  readonly id?: string
  readonly value?: string
  readonly onChange?: (code: string | undefined) => void
}) {
  const country = useCountry()
  const { data } = country
  // The same array as long as the choice is the same: a new one closes the columns that are open.
  const chosen = useMemo(() => (value && data ? data.areaPath(value).map(({ code }) => code) : []), [value, data])
  const options = useMemo(() => {
    const build = (code: string): Option[] =>
      (data?.childrenOf(code) ?? []).map((area) => {
        const below = build(area.code)
        return { value: area.code, label: area.name, ...(below.length ? { children: below } : {}) }
      })
    return data ? build('') : []
  }, [data])
  return (
    <Cascader<Option>
      {...(id ? { id } : {})}
      className="wide"
      classNames={{ popup: { root: 'home-columns' } }}
      options={options}
      loading={country.isPending}
      status={country.isError ? 'error' : ''}
      value={chosen}
      onChange={(path) => onChange?.(path?.at(-1))}
      showSearch={{
        filter: (typed, path) =>
          path
            .map(({ label }) => label)
            .join('')
            .includes(typed.replaceAll(' ', '')),
        limit: 30,
      }}
      expandIcon={<Icon name="forward" size={12} />}
      displayRender={(names) => names.join(' ')}
      placeholder={country.isError ? t('区划没有加载，请刷新页面') : t('省 / 市 / 县（市、区），可输入名称查找')}
    />
  )
}
