import type { AlertDetail, AlertStore } from '@vigil/contract'
import { t } from '../../../text.ts'
import { formatShare } from '../../kernel/format.ts'
import { DataTable } from '../../ui/DataTable.tsx'
import { Mark } from '../../ui/Mark.tsx'
import { ScopeLink } from '../../ui/ScopeLink.tsx'

const number = (value: number) => value.toLocaleString('zh-CN', { maximumFractionDigits: 1 })

/** Stores that sold more than usual in the days of the alert, the greatest surplus first. */
export function Stores({ detail }: { readonly detail: AlertDetail }) {
  return (
    <DataTable<AlertStore>
      label={t('贡献药店')}
      rowKey="code"
      rows={detail.stores}
      minWidth={560}
      empty={t('没有高于往常的药店')}
      columns={[
        {
          title: t('药店'),
          key: 'name',
          render: (_, store) => (
            <>
              <ScopeLink to="/stores" change={{ store: store.code }}>
                {store.name}
              </ScopeLink>{' '}
              {store.signalled ? <Mark tone="warn">{t('本身异常')}</Mark> : null}
              <div className="muted">{store.areaName}</div>
            </>
          ),
        },
        { title: t('期内登记'), dataIndex: 'observed', align: 'right', width: 90, render: number },
        { title: t('往常同天数'), dataIndex: 'usual', align: 'right', width: 100, render: number },
        { title: t('多出'), dataIndex: 'excess', align: 'right', width: 80, render: number },
        {
          title: t('占比'),
          dataIndex: 'share',
          align: 'right',
          width: 80,
          render: (share: number) => formatShare(share, 1),
        },
      ]}
    />
  )
}
