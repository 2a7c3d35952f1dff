import { useQuery } from '@tanstack/react-query'
import type { PurchaseItem } from '@vigil/contract'
import { documentTypeNames, drugClassNames, symptomNames } from '@vigil/contract/terms'
import { Button, Descriptions, Drawer } from 'antd'
import { useState } from 'react'
import { t } from '../../../text.ts'
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
  const gone = t('已销毁')
  return (
    <Descriptions
      column={1}
      bordered
      size="small"
      items={[
        { key: 'status', label: t('状态'), children: <StatusTag status={item.status} /> },
        { key: 'sold', label: t('售出时间'), children: formatTime(item.soldAt) },
        {
          key: 'received',
          label: t('收到时间'),
          children: `${formatTime(item.receivedAt)}${item.offline ? t('（离线登记）') : ''}`,
        },
        ...(item.duringStop
          ? [{ key: 'stop', label: t('停售'), children: t('售出时“{name}”已在执行', { name: item.duringStop }) }]
          : []),
        { key: 'store', label: t('药店'), children: `${item.storeName}（${item.storeCode}） · ${item.areaName}` },
        { key: 'name', label: t('购药人'), children: item.name ?? gone },
        {
          key: 'document',
          label: documentTypeNames[item.documentType],
          children: item.documentNumber ?? gone,
        },
        { key: 'mobile', label: t('手机'), children: item.mobile ?? gone },
        { key: 'residence', label: t('住址'), children: item.residence ?? gone },
        {
          key: 'items',
          label: t('药品'),
          children: item.items.map((drug) => (
            <div key={drug.drugId}>
              {drug.name} × {drug.quantity}
              <span className="muted"> {drugClassNames[drug.class]}</span>
            </div>
          )),
        },
        {
          key: 'symptoms',
          label: t('症状'),
          children: item.symptoms.map((symptom) => symptomNames[symptom]).join('、') || t('无'),
        },
        {
          key: 'temperature',
          label: t('体温'),
          children: `${formatTemperature(item.temperatureTenths)}${item.fever ? t(' · 发热') : ''}${item.referred ? t(' · 已引导至发热门诊') : ''}`,
        },
        { key: 'proxy', label: t('代购'), children: item.proxy ? t('是') : t('否') },
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
      title={data ? t('登记 {receiptNo}', { receiptNo: data.purchase.receiptNo }) : t('登记')}
      footer={
        data ? (
          <div className="drawer-actions">
            {can('purchase.correct') && data.purchase.status !== 'undone' ? (
              <Button onClick={() => setDialog('correct')}>{t('更正')}</Button>
            ) : null}
            {can('purchase.reveal') && data.purchase.name !== null ? (
              <Button type="primary" icon={<Icon name="reveal" />} onClick={() => setDialog('reveal')}>
                {t('查看明文')}
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
              <h2 className="sub">{t('历次版本')}</h2>
              <ol className="revisions">
                {data.revisions.map((revision) => (
                  <li key={revision.revision}>
                    <details>
                      <summary>
                        {t('第 {revision} 版 · {at} · {by}', {
                          revision: revision.revision,
                          at: formatTime(revision.at),
                          by: revision.by,
                        })}
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
