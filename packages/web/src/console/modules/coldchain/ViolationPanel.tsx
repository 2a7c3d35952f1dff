import type { ColdViolation } from '@vigil/contract'
import { coldViolationStates } from '@vigil/contract/terms'
import { Select } from 'antd'
import { useState } from 'react'
import { t } from '../../../text.ts'
import { call } from '../../kernel/api.ts'
import { formatTime } from '../../kernel/format.ts'
import { usePaged } from '../../kernel/paged.ts'
import { keys } from '../../kernel/query.ts'
import { DataTable } from '../../ui/DataTable.tsx'
import { Mark } from '../../ui/Mark.tsx'
import { Panel } from '../../ui/Page.tsx'
import { RowLink } from '../../ui/RowLink.tsx'
import { ListExport } from '../export/ListExport.tsx'
import { ViolationDrawer } from './ViolationDrawer.tsx'
import { violationNames, violationStateNames, violationTones, weight } from './words.ts'

/** Codes that were scanned and should not have been there, newest first. */
export function ViolationPanel({ area }: { readonly area: string }) {
  const [state, setState] = useState<ColdViolation['state']>()
  const [open, setOpen] = useState<string>()
  const filter = { area, ...(state ? { state } : {}), limit: 10 }
  const list = usePaged([...keys.coldchain, 'violations'], filter, (cursor, signal) =>
    call('cold-violation.list', { query: { ...filter, ...(cursor ? { cursor } : {}) }, signal }),
  )
  return (
    <Panel
      title={t('违规')}
      flush
      extra={
        <span className="in-line">
          <Select
            aria-label={t('处置状态')}
            value={state ?? ''}
            onChange={(value) => setState(coldViolationStates.find((known) => known === value))}
            options={[
              { value: '' as const, label: t('全部状态') },
              ...coldViolationStates.map((value) => ({ value, label: violationStateNames[value] })),
            ]}
          />
          <ListExport list="cold-violations" filter={{ area, ...(state ? { status: state } : {}) }} />
        </span>
      }
    >
      <DataTable<ColdViolation>
        label={t('违规')}
        rowKey="id"
        rows={list.rows}
        error={list.error}
        loading={list.loading && list.rows !== undefined}
        retry={list.refetch}
        paged={list}
        onOpen={({ id }) => setOpen(id)}
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
              <RowLink
                mono
                onOpen={() => setOpen(row.id)}
                more={[row.holderName, row.place, row.photos > 0 && t('{n} 张照片', { n: row.photos })]
                  .filter(Boolean)
                  .join(' · ')}
              >
                {row.code}
              </RowLink>
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
      <ViolationDrawer id={open} onClose={() => setOpen(undefined)} />
    </Panel>
  )
}
