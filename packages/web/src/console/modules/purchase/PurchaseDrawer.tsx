import { useQuery } from '@tanstack/react-query'
import type { PurchaseItem } from '@vigil/contract'
import { documentTypeNames, drugClassNames, symptomNames } from '@vigil/contract/terms'
import { Button, Descriptions, Drawer } from 'antd'
import { useState } from 'react'
import { call } from '../../kernel/api.ts'
import { formatTemperature, formatTime } from '../../kernel/format.ts'
import { keys } from '../../kernel/query.ts'
import { useCan } from '../../kernel/session.ts'
import { Icon } from '../../ui/icons.tsx'
import { ErrorState, Loading } from '../../ui/states.tsx'
import { CorrectDialog } from './CorrectDialog.tsx'
import { StatusTag } from './columns.tsx'
import { RevealDialog } from './RevealDialog.tsx'

function Masked({ item }: { item: PurchaseItem }) {
  const gone = '已销毁'
  return (
    <Descriptions
      column={1}
      bordered
      size="small"
      items={[
        { key: 'status', label: '状态', children: <StatusTag status={item.status} /> },
        { key: 'sold', label: '售出时间', children: formatTime(item.soldAt) },
        {
          key: 'received',
          label: '收到时间',
          children: `${formatTime(item.receivedAt)}${item.offline ? '（离线登记）' : ''}`,
        },
        { key: 'store', label: '药店', children: `${item.storeName}（${item.storeCode}） · ${item.areaName}` },
        { key: 'name', label: '购药人', children: item.name ?? gone },
        {
          key: 'document',
          label: documentTypeNames[item.documentType],
          children: item.documentNumber ?? gone,
        },
        { key: 'mobile', label: '手机', children: item.mobile ?? gone },
        { key: 'residence', label: '住址', children: item.residence ?? gone },
        {
          key: 'items',
          label: '药品',
          children: item.items.map((drug) => (
            <div key={drug.drugId}>
              {drug.name} × {drug.quantity}
              <span className="muted"> {drugClassNames[drug.class]}</span>
            </div>
          )),
        },
        {
          key: 'symptoms',
          label: '症状',
          children: item.symptoms.map((symptom) => symptomNames[symptom]).join('、') || '无',
        },
        {
          key: 'temperature',
          label: '体温',
          children: `${formatTemperature(item.temperatureTenths)}${item.fever ? ' · 发热' : ''}${item.referred ? ' · 已引导至发热门诊' : ''}`,
        },
        { key: 'proxy', label: '代购', children: item.proxy ? '是' : '否' },
      ]}
    />
  )
}

/** One registration: masked detail, earlier versions, clear text for a purpose, correction. */
export function PurchaseDrawer({ id, onClose }: { id: string | undefined; onClose: () => void }) {
  const can = useCan()
  const [dialog, setDialog] = useState<'reveal' | 'correct'>()
  const query = useQuery({
    queryKey: [...keys.purchases, 'one', id],
    queryFn: () => call('purchase.read', { params: { id: id ?? '' } }),
    enabled: id !== undefined,
  })
  const data = id ? query.data : undefined
  return (
    <Drawer
      open={id !== undefined}
      onClose={onClose}
      size={560}
      title={data ? `登记 ${data.purchase.receiptNo}` : '登记'}
      footer={
        data ? (
          <div className="drawer-actions">
            {can('purchase.correct') && data.purchase.status !== 'undone' ? (
              <Button onClick={() => setDialog('correct')}>更正</Button>
            ) : null}
            {can('purchase.reveal') && data.purchase.name !== null ? (
              <Button type="primary" icon={<Icon name="reveal" />} onClick={() => setDialog('reveal')}>
                查看明文
              </Button>
            ) : null}
          </div>
        ) : null
      }
    >
      {query.isError ? <ErrorState error={query.error} retry={() => void query.refetch()} /> : null}
      {!data && !query.isError ? <Loading /> : null}
      {data ? (
        <div className="stack">
          <Masked item={data.purchase} />
          {data.revisions.length ? (
            <section>
              <h2 className="sub">历次版本</h2>
              <ol className="revisions">
                {data.revisions.map((revision) => (
                  <li key={revision.revision}>
                    <details>
                      <summary>
                        第 {revision.revision} 版 · {formatTime(revision.at)} · {revision.by}
                        <div className="muted">{revision.reason}</div>
                      </summary>
                      <Masked item={revision.purchase} />
                    </details>
                  </li>
                ))}
              </ol>
            </section>
          ) : null}
          <RevealDialog id={data.purchase.id} open={dialog === 'reveal'} onClose={() => setDialog(undefined)} />
          <CorrectDialog item={data.purchase} open={dialog === 'correct'} onClose={() => setDialog(undefined)} />
        </div>
      ) : null}
    </Drawer>
  )
}
