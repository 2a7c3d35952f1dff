import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import type { StopSale } from '@vigil/contract'
import { Button } from 'antd'
import { useState } from 'react'
import { t } from '../../../text.ts'
import { call } from '../../kernel/api.ts'
import { useAreas } from '../../kernel/areas.ts'
import { formatCount } from '../../kernel/format.ts'
import { keys } from '../../kernel/query.ts'
import { useScope } from '../../kernel/scope.ts'
import { useCan } from '../../kernel/session.ts'
import { DataTable } from '../../ui/DataTable.tsx'
import { Icon } from '../../ui/icons.tsx'
import { Mark } from '../../ui/Mark.tsx'
import { Page, Panel } from '../../ui/Page.tsx'
import { OrderDialog } from './OrderDialog.tsx'
import { RefusalPanel } from './RefusalPanel.tsx'
import { periodText, stateNames, stateTones } from './words.ts'

/** Orders that bar drugs from sale: those that bind the chosen area, and what was refused by them. */
export function StopSalePage() {
  const can = useCan()
  const areas = useAreas()
  const { area } = useScope()
  const navigate = useNavigate()
  const [writing, setWriting] = useState(false)
  const query = useQuery({
    queryKey: [...keys.stopSales, 'list', area],
    queryFn: ({ signal }) => call('stop-sale.list', { query: area ? { area } : {}, signal }),
    enabled: area !== undefined,
  })
  const open = ({ id }: Pick<StopSale, 'id'>) =>
    void navigate({ to: '/stop-sales/$id', params: { id }, search: (before: object) => before } as never)
  return (
    <Page
      title={t('停售目录')}
      note={t('发布后一分钟内，辖区登记端一律拒绝登记目录内药品，离线设备在下次联网时生效；每家药店收到须签收的通知。')}
      actions={
        can('stopsale.manage') ? (
          <Button
            type="primary"
            icon={<Icon name="plus" />}
            disabled={areas.roots.length === 0}
            onClick={() => setWriting(true)}
          >
            {t('起草目录')}
          </Button>
        ) : null
      }
    >
      <Panel flush>
        <DataTable<StopSale>
          label={t('停售目录')}
          rowKey="id"
          rows={query.data?.items}
          error={query.error}
          retry={() => void query.refetch()}
          minWidth={860}
          empty={t('这个辖区没有停售目录')}
          onOpen={open}
          columns={[
            {
              title: t('目录'),
              key: 'name',
              render: (_, row) => (
                <>
                  <Button type="link" className="link" onClick={() => open(row)}>
                    {row.name}
                  </Button>
                  <div className="muted">{row.documentNo || row.reason}</div>
                </>
              ),
            },
            { title: t('区划'), dataIndex: 'areaName', width: 120 },
            {
              title: t('状态'),
              key: 'state',
              width: 100,
              render: (_, row) => <Mark tone={stateTones[row.state]}>{stateNames[row.state]}</Mark>,
            },
            { title: t('期限'), key: 'period', width: 220, render: (_, row) => periodText(row) },
            { title: t('药品'), dataIndex: 'drugs', width: 80, align: 'right', render: formatCount },
            { title: t('药店'), dataIndex: 'stores', width: 80, align: 'right', render: formatCount },
            { title: t('发布人'), key: 'by', width: 110, render: (_, row) => row.issuedBy ?? '—' },
          ]}
        />
      </Panel>
      {area ? <RefusalPanel area={area} /> : null}
      <OrderDialog
        order={writing ? 'new' : undefined}
        onClose={() => setWriting(false)}
        onSaved={(saved) => {
          setWriting(false)
          open(saved)
        }}
      />
    </Page>
  )
}
