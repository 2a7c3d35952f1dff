import { useQuery } from '@tanstack/react-query'
import type { Destination } from '@vigil/contract'
import { Button } from 'antd'
import { useState } from 'react'
import { t } from '../../../text.ts'
import { call } from '../../kernel/api.ts'
import { useAreas } from '../../kernel/areas.ts'
import { formatPeriod, formatTime } from '../../kernel/format.ts'
import { keys } from '../../kernel/query.ts'
import { useCan } from '../../kernel/session.ts'
import { DataTable } from '../../ui/DataTable.tsx'
import { Icon } from '../../ui/icons.tsx'
import { Mark } from '../../ui/Mark.tsx'
import { Page, Panel } from '../../ui/Page.tsx'
import { DestinationDialog } from './DestinationDialog.tsx'
import { DestinationDrawer } from './DestinationDrawer.tsx'
import { deliveryState, destinationState, formatNames, kindNames, whenText } from './words.ts'

function Last({ destination }: { destination: Destination }) {
  const { last } = destination
  if (!last) return <span className="muted">{t('还没有推送过')}</span>
  const { name, tone } = deliveryState(last)
  return (
    <>
      <div className="in-line">
        <Mark tone={tone}>{name}</Mark>
        <span>{formatPeriod(last.from, last.to)}</span>
      </div>
      <div className="muted break">{last.error ?? formatTime(last.acknowledgedAt ?? last.createdAt)}</div>
    </>
  )
}

/** Recipients of the city's data: what they get, when, how the last push went, what failed and why. */
export function SharingPage() {
  const can = useCan()
  const areas = useAreas()
  const [openId, setOpenId] = useState<string>()
  const [edited, setEdited] = useState<Destination | 'new'>()
  const query = useQuery({
    queryKey: [...keys.sharing, 'list'],
    queryFn: () => call('sharing.list'),
    refetchInterval: 30_000,
  })
  const rows = query.data?.items
  return (
    <Page
      title={t('数据共享')}
      note={t('按时把登记数据推送给省局、数字办、医保等接收方；每次推送都要有对方回执，没有送达的会标出。')}
      actions={
        can('sharing.manage') ? (
          // The form begins with the top of the own area, which must be known by then.
          <Button
            type="primary"
            icon={<Icon name="plus" />}
            disabled={areas.roots.length === 0}
            onClick={() => setEdited('new')}
          >
            {t('新增接收方')}
          </Button>
        ) : null
      }
    >
      <Panel flush>
        <DataTable<Destination>
          label={t('数据共享')}
          rowKey="id"
          rows={rows}
          error={query.error}
          retry={() => void query.refetch()}
          minWidth={1000}
          empty={t('还没有接收方')}
          onOpen={({ id }) => setOpenId(id)}
          columns={[
            {
              title: t('接收方'),
              key: 'name',
              width: 220,
              render: (_, row) => (
                <>
                  <Button type="link" className="link" onClick={() => setOpenId(row.id)}>
                    {row.name}
                  </Button>
                  <div className="muted">
                    {kindNames[row.kind]} · {row.areaName}
                  </div>
                </>
              ),
            },
            {
              title: t('内容'),
              key: 'what',
              width: 130,
              render: (_, row) => (
                <div className="in-line">
                  {formatNames[row.format]}
                  {row.clear ? <Mark tone="bad">{t('明文')}</Mark> : <Mark>{t('脱敏')}</Mark>}
                </div>
              ),
            },
            { title: t('时间'), key: 'when', width: 120, render: (_, row) => whenText(row) },
            {
              title: t('状态'),
              key: 'state',
              width: 130,
              render: (_, row) => <Mark tone={destinationState(row).tone}>{destinationState(row).name}</Mark>,
            },
            { title: t('最近推送'), key: 'last', render: (_, row) => <Last destination={row} /> },
            { title: t('下次推送'), dataIndex: 'nextAt', width: 140, render: formatTime },
          ]}
        />
      </Panel>
      <DestinationDrawer
        destination={rows?.find(({ id }) => id === openId)}
        onClose={() => setOpenId(undefined)}
        onEdit={() => setEdited(rows?.find(({ id }) => id === openId))}
      />
      <DestinationDialog
        destination={edited}
        onClose={() => setEdited(undefined)}
        onSaved={({ id }) => {
          setEdited(undefined)
          setOpenId(id)
        }}
      />
    </Page>
  )
}
