import type { ColdViolation } from '@vigil/contract'
import { t } from '../../../text.ts'
import { call } from '../../kernel/api.ts'
import { formatTime } from '../../kernel/format.ts'
import { usePaged } from '../../kernel/paged.ts'
import { keys } from '../../kernel/query.ts'
import { DataTable } from '../../ui/DataTable.tsx'
import { Mark } from '../../ui/Mark.tsx'
import { Panel } from '../../ui/Page.tsx'
import { violationNames, violationStateNames, violationTones, weight } from './words.ts'

/** Codes that were scanned and should not have been there, newest first. */
export function ViolationPanel({ area }: { readonly area: string }) {
  const filter = { area, limit: 10 }
  const list = usePaged([...keys.coldchain, 'violations'], filter, (cursor, signal) =>
    call('cold-violation.list', { query: { ...filter, ...(cursor ? { cursor } : {}) }, signal }),
  )
  return (
    <Panel title={t('违规')} flush>
      <DataTable<ColdViolation>
        label={t('违规')}
        rowKey="id"
        rows={list.rows}
        error={list.error}
        loading={list.loading && list.rows !== undefined}
        retry={list.refetch}
        paged={list}
        minWidth={760}
        heading="code"
        empty={t('没有发现违规')}
        columns={[
          { title: t('发现时间'), dataIndex: 'at', width: 140, render: formatTime },
          { title: t('问题'), key: 'kind', width: 110, render: (_, row) => violationNames[row.kind] },
          {
            title: t('编码与地点'),
            key: 'code',
            render: (_, row) => (
              <>
                <div className="mono">{row.code}</div>
                <div className="muted">{[row.holderName, row.place].filter(Boolean).join(' · ')}</div>
              </>
            ),
          },
          {
            title: t('重量'),
            key: 'grams',
            width: 110,
            align: 'right',
            render: (_, row) => (row.grams === null ? '—' : weight(row.grams)),
          },
          {
            title: t('状态'),
            key: 'state',
            width: 100,
            render: (_, row) => <Mark tone={violationTones[row.state]}>{violationStateNames[row.state]}</Mark>,
          },
        ]}
      />
    </Panel>
  )
}
