import type { StopSaleRefusal } from '@vigil/contract'
import { t } from '../../../text.ts'
import { call } from '../../kernel/api.ts'
import { formatTime } from '../../kernel/format.ts'
import { usePaged } from '../../kernel/paged.ts'
import { keys } from '../../kernel/query.ts'
import { DataTable } from '../../ui/DataTable.tsx'
import { Panel } from '../../ui/Page.tsx'
import { ListExport } from '../export/ListExport.tsx'

/** Sales that were refused, newest first, persons masked: of an area, or of one order. */
export function RefusalPanel({
  area,
  order,
}: {
  readonly area?: string
  readonly order?: { readonly id: string; readonly name: string }
}) {
  const filter = { ...(area ? { area } : {}), ...(order ? { order: order.id } : {}), limit: 20 }
  const list = usePaged([...keys.stopSales, 'refusals'], filter, (cursor, signal) =>
    call('stop-sale.refusals', { query: { ...filter, ...(cursor ? { cursor } : {}) }, signal }),
  )
  return (
    <Panel
      title={t('拒售记录')}
      extra={
        <ListExport
          list="stop-sale-refusals"
          filter={{ ...(area ? { area } : {}), ...(order ? { q: order.name } : {}) }}
        />
      }
      flush
    >
      <DataTable<StopSaleRefusal>
        label={t('拒售记录')}
        rowKey="id"
        rows={list.rows}
        error={list.error}
        loading={list.loading && list.rows !== undefined}
        retry={list.refetch}
        paged={list}
        minWidth={820}
        heading="store"
        empty={t('还没有拒售记录')}
        columns={[
          { title: t('时间'), dataIndex: 'at', width: 140, render: formatTime },
          {
            title: t('药店'),
            key: 'store',
            render: (_, row) => (
              <>
                <div>{row.storeName}</div>
                <div className="muted">
                  {row.storeCode} · {row.areaName}
                </div>
              </>
            ),
          },
          { title: t('药品'), key: 'drugs', render: (_, row) => row.drugs.join('、') },
          {
            title: t('购药人'),
            key: 'person',
            width: 190,
            render: (_, row) => [row.name, row.documentNumber].filter(Boolean).join(' ') || '—',
          },
          ...(order ? [] : [{ title: t('目录'), dataIndex: 'orderName', width: 170 }]),
        ]}
      />
    </Panel>
  )
}
