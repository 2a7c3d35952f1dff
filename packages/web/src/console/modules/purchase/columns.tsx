import type { PurchaseItem } from '@vigil/contract'
import { documentTypeNames, drugClassNames, statusNames, symptomNames } from '@vigil/contract/terms'
import type { TableColumnsType } from 'antd'
import { t } from '../../../text.ts'
import { formatTemperature, formatTime } from '../../kernel/format.ts'
import { Mark } from '../../ui/Mark.tsx'

const gone = <span className="muted">{t('已销毁')}</span>

export function StatusTag({ status }: { status: PurchaseItem['status'] }) {
  const tone = status === 'valid' ? 'idle' : status === 'corrected' ? 'info' : 'bad'
  return <Mark tone={tone}>{statusNames[status]}</Mark>
}

const all = {
  soldAt: { title: t('售出时间'), width: 138, render: (_, row) => formatTime(row.soldAt) },
  store: {
    title: t('药店'),
    width: 164,
    render: (_, row) => (
      <>
        <div>{row.storeName}</div>
        <div className="muted">{row.areaName}</div>
      </>
    ),
  },
  name: { title: t('购药人'), width: 72, render: (_, row) => row.name ?? gone },
  document: {
    title: t('证件号码'),
    width: 164,
    render: (_, row) => (
      <>
        <div className="number">{row.documentNumber ?? gone}</div>
        {row.documentType === 'citizen-id' ? null : <div className="muted">{documentTypeNames[row.documentType]}</div>}
      </>
    ),
  },
  mobile: { title: t('手机'), width: 108, render: (_, row) => <span className="number">{row.mobile ?? gone}</span> },
  residence: { title: t('住址'), width: 200, render: (_, row) => row.residence ?? gone },
  items: {
    title: t('药品'),
    width: 206,
    render: (_, row) => (
      <>
        {row.items.map((item) => (
          <div key={item.drugId}>
            {item.name} × {item.quantity}
          </div>
        ))}
        {row.duringStop ? <Mark tone="bad">{t('停售期间售出')}</Mark> : null}
      </>
    ),
  },
  classes: {
    title: t('类别'),
    width: 80,
    render: (_, row) => [...new Set(row.items.map((item) => drugClassNames[item.class]))].join('、'),
  },
  symptoms: {
    title: t('症状'),
    width: 92,
    render: (_, row) => row.symptoms.map((symptom) => symptomNames[symptom]).join('、') || t('无'),
  },
  temperature: {
    title: t('体温'),
    width: 100,
    render: (_, row) => (
      <span className={row.fever ? 'fever' : ''}>
        {formatTemperature(row.temperatureTenths)}
        {row.fever ? (
          <div className="fever-note">{t('发热{value}', { value: row.referred ? t('·已引导') : '' })}</div>
        ) : null}
      </span>
    ),
  },
  proxy: { title: t('代购'), width: 64, render: (_, row) => (row.proxy ? t('是') : t('否')) },
  offline: { title: t('离线'), width: 64, render: (_, row) => (row.offline ? t('是') : t('否')) },
  receivedAt: { title: t('收到时间'), width: 138, render: (_, row) => formatTime(row.receivedAt) },
  receiptNo: { title: t('登记号'), width: 104, render: (_, row) => <span className="number">{row.receiptNo}</span> },
  status: { title: t('状态'), width: 78, render: (_, row) => <StatusTag status={row.status} /> },
} satisfies Record<string, TableColumnsType<PurchaseItem>[number] & { title: string }>

export const columnChoices = Object.entries(all).map(([key, { title }]) => ({ key, title }))
export const firstColumns = [
  'soldAt',
  'store',
  'name',
  'document',
  'mobile',
  'items',
  'symptoms',
  'temperature',
  'status',
]

/** The chosen columns in their fixed order; the first one holds the button that opens the row. */
export function columnsOf(shown: readonly string[], open: (row: PurchaseItem) => void): TableColumnsType<PurchaseItem> {
  const chosen: TableColumnsType<PurchaseItem> = Object.entries(all)
    .filter(([key]) => shown.includes(key))
    .map(([key, column]) => ({ key, ...column }))
  return [
    ...chosen,
    {
      key: 'open',
      title: <span className="visually-hidden">{t('操作')}</span>,
      width: 64,
      fixed: 'right',
      render: (_, row) => (
        <button
          type="button"
          className="link"
          aria-label={t('查看 {receiptNo} {storeName}', { receiptNo: row.receiptNo, storeName: row.storeName })}
          onClick={(event) => {
            event.stopPropagation()
            open(row)
          }}
        >
          {t('详情')}
        </button>
      ),
    },
  ]
}
