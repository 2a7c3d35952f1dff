import type { EvidencePurchase, FollowupDetail } from '@vigil/contract'
import type { TableColumnsType } from 'antd'
import { t } from '../../../text.ts'
import { formatTemperature, formatTime } from '../../kernel/format.ts'
import { DataTable } from '../../ui/DataTable.tsx'
import { Mark } from '../../ui/Mark.tsx'
import { causeNames, eventText, symptomText } from './words.ts'

const columns: TableColumnsType<EvidencePurchase> = [
  {
    title: t('售出时间'),
    key: 'soldAt',
    width: 150,
    render: (_, row) => (
      <>
        {formatTime(row.soldAt)} {row.undone ? <Mark tone="bad">{t('已撤销')}</Mark> : null}
      </>
    ),
  },
  {
    title: t('药店'),
    key: 'store',
    width: 200,
    render: (_, row) => (
      <>
        <div>{row.storeName}</div>
        <div className="muted">{row.areaName}</div>
      </>
    ),
  },
  {
    title: t('药品'),
    key: 'items',
    render: (_, row) =>
      row.items.map((item, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: lines of a sale never change place
        <div key={index}>
          {item.name} × {item.quantity}
        </div>
      )),
  },
  { title: t('症状'), key: 'symptoms', width: 130, render: (_, row) => symptomText(row.symptoms) || t('无') },
  {
    title: t('体温'),
    key: 'temperature',
    width: 100,
    render: (_, row) => (
      <span className={row.fever ? 'fever' : ''}>
        {formatTemperature(row.temperatureTenths)}
        {row.referred ? <div className="fever-note">{t('已引导就诊')}</div> : null}
      </span>
    ),
  },
  {
    title: t('所证原因'),
    key: 'kinds',
    width: 180,
    render: (_, row) => [
      row.kinds.map((kind) => causeNames[kind]).join(t('、')),
      row.proxy ? <div key="proxy">{t('代购')}</div> : null,
    ],
  },
]

/** The purchases behind the causes, newest first. */
export function Purchases({ detail: { purchases, elsewhere } }: { readonly detail: FollowupDetail }) {
  return (
    <>
      <DataTable<EvidencePurchase>
        label={t('相关登记')}
        rowKey="id"
        rows={purchases}
        columns={columns}
        minWidth={900}
        empty={t('没有可显示的登记')}
      />
      {elsewhere > 0 ? (
        <p className="hint follow-elsewhere">{t('另有 {count} 笔在辖区外的药店，不显示。', { count: elsewhere })}</p>
      ) : null}
    </>
  )
}

/** What was done, newest first. */
export function Timeline({ detail: { timeline } }: { readonly detail: FollowupDetail }) {
  return (
    <ol className="plain follow-timeline">
      {timeline.map((event, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: events are only ever added in front, and hold no state
        <li key={timeline.length - index}>
          <span className="muted number">{formatTime(event.at)}</span>
          <div>
            <span>
              {eventText(event)} <span className="muted">{event.actor}</span>
            </span>
            {event.text ? <div className="break">{event.text}</div> : null}
          </div>
        </li>
      ))}
    </ol>
  )
}
