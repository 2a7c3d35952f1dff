import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import type { StopSaleDetail, StopSaleItem, StopSaleSale } from '@vigil/contract'
import { Button, Descriptions } from 'antd'
import { useState } from 'react'
import { t } from '../../../text.ts'
import { call } from '../../kernel/api.ts'
import { formatCount, formatShare, formatTime } from '../../kernel/format.ts'
import { keys, queryClient } from '../../kernel/query.ts'
import { ConfirmButton } from '../../ui/Confirm.tsx'
import { DataTable } from '../../ui/DataTable.tsx'
import { Mark } from '../../ui/Mark.tsx'
import { Page, Panel } from '../../ui/Page.tsx'
import { ScopeLink } from '../../ui/ScopeLink.tsx'
import { ErrorState, Loading } from '../../ui/states.tsx'
import { CampaignList } from './CampaignList.tsx'
import { DocumentPanel } from './DocumentPanel.tsx'
import { NumberTile } from './Number.tsx'
import { type Edited, OrderDialog } from './OrderDialog.tsx'
import { RefusalPanel } from './RefusalPanel.tsx'
import './stopsale.css'
import { kindNames, periodText, stateNames, stateTones } from './words.ts'

const refresh = () => void queryClient.invalidateQueries({ queryKey: keys.stopSales })

function Actions({ detail, onEdit }: { readonly detail: StopSaleDetail; readonly onEdit: () => void }) {
  const { order } = detail
  const { id, name, state } = order
  if (!order.manageable || state === 'over' || state === 'dropped') return null
  return (
    <>
      {state === 'draft' ? (
        <ConfirmButton
          label={t('发布')}
          title={t('发布“{name}”', { name })}
          button={{ type: 'primary' }}
          onConfirm={() => call('stop-sale.issue', { params: { id } })}
          onDone={refresh}
        >
          <p>
            {t(
              '{area}的 {stores} 家药店将收到须签收的通知，{period}登记端拒绝登记目录内 {drugs} 种药品。发布后名称、区划和起始日期不能再改。',
              {
                area: order.areaName,
                stores: formatCount(order.stores),
                period: periodText(order),
                drugs: formatCount(order.drugs),
              },
            )}
          </p>
        </ConfirmButton>
      ) : null}
      <Button onClick={onEdit}>{t('修改')}</Button>
      <ConfirmButton
        label={state === 'draft' ? t('作废') : t('解除')}
        title={state === 'draft' ? t('作废“{name}”', { name }) : t('解除“{name}”', { name })}
        button={{ danger: true }}
        reason
        onConfirm={(reason) => call('stop-sale.lift', { params: { id }, body: { reason } })}
        onDone={refresh}
      >
        {state === 'draft' ? null : <p>{t('从现在起恢复销售，并通知辖区每家药店。以往的停售不受影响。')}</p>}
      </ConfirmButton>
    </>
  )
}

function Facts({ detail: { order } }: { readonly detail: StopSaleDetail }) {
  return (
    <Descriptions
      column={{ xs: 1, md: 2 }}
      size="small"
      items={[
        {
          key: 'area',
          label: t('区划'),
          children: t('{area}（{stores} 家药店）', { area: order.areaName, stores: formatCount(order.stores) }),
        },
        { key: 'period', label: t('期限'), children: periodText(order) },
        { key: 'no', label: t('文号'), children: order.documentNo || '—' },
        { key: 'reason', label: t('原因'), children: order.reason },
        {
          key: 'issued',
          label: t('发布'),
          children: order.issuedAt ? `${formatTime(order.issuedAt)} ${order.issuedBy ?? ''}` : t('未发布'),
        },
        ...(order.lifted
          ? [
              {
                key: 'lifted',
                label: order.state === 'dropped' ? t('作废') : t('解除'),
                children: `${formatTime(order.lifted.at)} ${order.lifted.by}：${order.lifted.reason}`,
              },
            ]
          : []),
      ]}
    />
  )
}

function Figures({ detail }: { readonly detail: StopSaleDetail }) {
  const { notices, refusals, sales, order } = detail
  return (
    <div className="figures stop-figures">
      <NumberTile name={t('停售药品')} value={order.drugs} unit={t('种')} note={t('按今日药品目录')} />
      <NumberTile
        name={t('通知签收')}
        value={notices?.signed ?? 0}
        unit={t('/ {sent} 家', { sent: formatCount(notices?.sent ?? 0) })}
        note={
          notices
            ? t('签收率 {rate}，已读 {read}，逾期 {overdue}', {
                rate: formatShare(notices.signed, notices.sent),
                read: formatCount(notices.read),
                overdue: formatCount(notices.overdue),
              })
            : t('发布后通知')
        }
      />
      <NumberTile name={t('拒售')} value={refusals} unit={t('次')} note={t('登记端、接口和导入')} />
      <NumberTile
        name={t('停售期间售出')}
        value={sales.count}
        unit={t('笔')}
        note={sales.count > 0 ? t('离线设备未及得知，须核查') : t('没有')}
      />
    </div>
  )
}

const fewStores = 8

function UnsignedPanel({ stores }: { readonly stores: StopSaleDetail['unsigned'] }) {
  const [all, setAll] = useState(false)
  return (
    <Panel
      title={t('尚未签收的药店')}
      extra={
        stores.length > fewStores ? (
          <Button type="link" size="small" onClick={() => setAll(!all)}>
            {all ? t('收起') : t('显示全部 {n} 家', { n: formatCount(stores.length) })}
          </Button>
        ) : undefined
      }
      flush
    >
      <DataTable
        label={t('尚未签收的药店')}
        rowKey="storeCode"
        rows={all ? stores : stores.slice(0, fewStores)}
        minWidth={360}
        empty={t('全部已签收')}
        columns={[
          {
            title: t('药店'),
            key: 'name',
            render: (_, row) => (
              <>
                <div>{row.storeName}</div>
                <div className="muted">{row.storeCode}</div>
              </>
            ),
          },
          { title: t('区划'), dataIndex: 'areaName', width: 190 },
        ]}
      />
    </Panel>
  )
}

/** One order: figures, catalogue, documents, who has not signed, refusals, sales while it was in force, inspections. */
export function OrderPage() {
  const { id } = useParams({ strict: false }) as { id: string }
  const [edited, setEdited] = useState<Edited>()
  const query = useQuery({
    queryKey: [...keys.stopSales, 'order', id],
    queryFn: ({ signal }) => call('stop-sale.read', { params: { id }, signal }),
    refetchInterval: 30_000,
  })
  const detail = query.data
  if (!detail)
    return (
      <Page title={t('停售目录')}>
        {query.isError ? <ErrorState error={query.error} retry={() => void query.refetch()} /> : <Loading />}
      </Page>
    )
  const { order } = detail
  return (
    <Page
      title={order.name}
      note={
        <span className="in-line">
          <Mark tone={stateTones[order.state]}>{stateNames[order.state]}</Mark>
          <ScopeLink to="/stop-sales" className="link">
            {t('全部停售目录')}
          </ScopeLink>
        </span>
      }
      actions={<Actions detail={detail} onEdit={() => setEdited({ order, items: detail.items })} />}
    >
      <Figures detail={detail} />
      <Panel>
        <Facts detail={detail} />
      </Panel>
      <div className="two">
        <Panel title={t('目录')} flush>
          <DataTable<StopSaleItem & { key: string }>
            label={t('目录药品')}
            rowKey="key"
            rows={detail.items.map((item) => ({ ...item, key: `${item.kind}:${item.value}:${item.from ?? ''}` }))}
            minWidth={420}
            columns={[
              {
                title: t('药品'),
                key: 'name',
                render: (_, row) => (
                  <>
                    {row.name} {row.kind === 'drug' ? null : <Mark tone="info">{kindNames[row.kind]}</Mark>}
                    {row.approvalNo ? <div className="muted">{row.approvalNo}</div> : null}
                    {row.to ? <div className="muted">{t('{to} 起恢复销售', { to: formatTime(row.to) })}</div> : null}
                  </>
                ),
              },
              {
                title: t('涉及'),
                key: 'drugs',
                width: 80,
                align: 'right',
                render: (_, row) => t('{n} 种', { n: row.drugs }),
              },
            ]}
          />
        </Panel>
        <div className="stack">
          <DocumentPanel order={order} documents={detail.documents} />
          {detail.notices ? <UnsignedPanel stores={detail.unsigned} /> : null}
        </div>
      </div>
      {order.issuedAt ? (
        <>
          <Panel title={t('停售期间售出')} flush>
            <DataTable<StopSaleSale & { key: string }>
              label={t('停售期间售出')}
              rowKey="key"
              rows={detail.sales.items.map((sale) => ({ ...sale, key: `${sale.purchaseId}:${sale.drug}` }))}
              minWidth={720}
              heading="store"
              empty={t('没有停售期间售出的登记')}
              columns={[
                { title: t('售出时间'), dataIndex: 'soldAt', width: 140, render: formatTime },
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
                { title: t('药品'), key: 'drug', render: (_, row) => `${row.drug} ×${row.quantity}` },
                {
                  title: t('方式'),
                  key: 'offline',
                  width: 110,
                  render: (_, row) =>
                    row.offline ? <Mark tone="warn">{t('离线登记')}</Mark> : <Mark>{t('联网登记')}</Mark>,
                },
              ]}
            />
          </Panel>
          <RefusalPanel order={order} />
          <CampaignList order={order} />
        </>
      ) : null}
      <OrderDialog order={edited} onClose={() => setEdited(undefined)} onSaved={() => setEdited(undefined)} />
    </Page>
  )
}
