import { useMutation } from '@tanstack/react-query'
import type { ColdLot, ExportList } from '@vigil/contract'
import { App, Button, Dropdown } from 'antd'
import { t } from '../../../text.ts'
import { saveFile } from '../../kernel/download.ts'
import { problemOf } from '../../kernel/problem.ts'
import { Icon } from '../../ui/icons.tsx'
import { templateItems, useTemplates } from '../export/ListExport.tsx'
import { useOrder } from '../export/order.ts'

export type Reach = 'lot' | 'forward' | 'backward'
const reachNames: Record<Reach, string> = { lot: t('本批次'), forward: t('去向'), backward: t('来源') }

/** What leaves about a lot or its trace: events, sortable sheet, movements, temperatures, and the platform's table. */
export function TraceExport({ lot, reach }: { readonly lot: Pick<ColdLot, 'id' | 'lotNo'>; readonly reach: Reach }) {
  const { message } = App.useApp()
  const { id, lotNo } = lot
  const order = useOrder()
  const templates = useTemplates('cold-lots')
  const events = useMutation({
    mutationFn: () => saveFile('cold-lot.epcis', `${lotNo}.jsonld`, { id }, { reach }),
    onError: (error) => void message.error(problemOf(error).detail ?? problemOf(error).title, 8),
  })
  const choose = (key: string) => {
    const [list = '', format = ''] = key.split(':')
    if (list === 'epcis') events.mutate()
    else if (list === 'template')
      order.mutate({ list: 'cold-lots', filter: { lot: id }, format: 'xlsx', templateId: format })
    else order.mutate({ list: list as ExportList, filter: { lot: id, reach }, format: format as 'csv' | 'xlsx' })
  }
  const range = reachNames[reach]
  return (
    <Dropdown
      trigger={['click']}
      menu={{
        items: [
          { key: 'epcis', label: t('EPCIS 2.0 事件文档（{range}）', { range }) },
          { key: 'cold-sortable:xlsx', label: t('可排序追溯表 XLSX（{range}）', { range }) },
          { key: 'cold-sortable:csv', label: t('可排序追溯表 CSV（{range}）', { range }) },
          { type: 'divider' },
          { key: 'cold-movements:xlsx', label: t('本批次流转 XLSX') },
          { key: 'cold-stock:xlsx', label: t('本批次库存 XLSX') },
          { key: 'cold-temperatures:xlsx', label: t('本批次温度超限 XLSX') },
          ...templateItems(templates),
        ],
        onClick: ({ key }) => choose(key),
      }}
    >
      <Button icon={<Icon name="export" />} loading={order.isPending || events.isPending}>
        {t('导出')}
      </Button>
    </Dropdown>
  )
}
