import { useQuery } from '@tanstack/react-query'
import type { ExportFilter, ExportList } from '@vigil/contract'
import type { MenuProps } from 'antd'
import { Button, Dropdown } from 'antd'
import { t } from '../../../text.ts'
import { call } from '../../kernel/api.ts'
import { keys } from '../../kernel/query.ts'
import { Icon } from '../../ui/icons.tsx'
import { useOrder } from './order.ts'

/** The templates that a list can be exported by. */
export const useTemplates = (list: ExportList) =>
  useQuery({
    queryKey: [...keys.exports, 'templates', list],
    queryFn: () => call('template.list', { query: { list } }),
    staleTime: 60_000,
  }).data?.items ?? []

/** Entries of a menu that exports by template; one that no longer fits is shown and cannot be chosen. */
export function templateItems(templates: ReturnType<typeof useTemplates>): NonNullable<MenuProps['items']> {
  if (templates.length === 0) return []
  return [
    { type: 'divider' },
    {
      type: 'group',
      label: t('按模板导出 XLSX（脱敏）'),
      children: templates.map(({ id, name, problems }) => ({
        key: `template:${id}`,
        label: problems.length > 0 ? t('{name}（模板需重新对应）', { name }) : name,
        disabled: problems.length > 0,
      })),
    },
  ]
}

/** Exports what a list shows, with its filter. */
export function ListExport({
  list,
  filter,
  label = t('导出'),
}: {
  readonly list: ExportList
  readonly filter: ExportFilter
  /** Where one place exports several lists. */
  readonly label?: string
}) {
  const order = useOrder()
  const templates = useTemplates(list)
  const choose = (key: string) => {
    const [kind = '', id] = key.split(':')
    if (id) order.mutate({ list, filter, format: 'xlsx', templateId: id })
    else order.mutate({ list, filter, format: kind as 'csv' | 'xlsx' })
  }
  return (
    <Dropdown
      trigger={['click']}
      menu={{
        items: [
          { key: 'xlsx', label: t('导出 XLSX') },
          { key: 'csv', label: t('导出 CSV') },
          ...templateItems(templates),
        ],
        onClick: ({ key }) => choose(key),
      }}
    >
      <Button icon={<Icon name="export" />} loading={order.isPending}>
        {label}
      </Button>
    </Dropdown>
  )
}
