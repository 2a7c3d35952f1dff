import { useNavigate } from '@tanstack/react-router'
import type { ColdLot } from '@vigil/contract'
import { coldGateStates } from '@vigil/contract/terms'
import { Input, Select } from 'antd'
import { useState } from 'react'
import { t } from '../../../text.ts'
import { call } from '../../kernel/api.ts'
import { usePaged } from '../../kernel/paged.ts'
import { keys } from '../../kernel/query.ts'
import { DataTable } from '../../ui/DataTable.tsx'
import { Mark } from '../../ui/Mark.tsx'
import { Panel } from '../../ui/Page.tsx'
import { RowLink } from '../../ui/RowLink.tsx'
import { ListExport } from '../export/ListExport.tsx'
import { gateNames, gateTones, lotKindNames } from './words.ts'

/** Lots of the own area by state, or by a number that stands on papers. */
export function LotPanel({ area }: { readonly area: string }) {
  const navigate = useNavigate()
  const [gate, setGate] = useState<ColdLot['gate']>()
  const [q, setQ] = useState('')
  const filter = { area, ...(gate ? { gate } : {}), ...(q ? { q } : {}), limit: 10 }
  const list = usePaged([...keys.coldchain, 'lots'], filter, (cursor, signal) =>
    call('cold-lot.list', { query: { ...filter, ...(cursor ? { cursor } : {}) }, signal }),
  )
  const open = ({ id }: Pick<ColdLot, 'id'>) =>
    void navigate({ to: '/coldchain/$id', params: { id }, search: (before: object) => before } as never)
  return (
    <>
      <search className="filters" aria-label={t('筛选')}>
        <Input.Search
          className="exact"
          aria-label={t('批次号、供应商批号、柜号或申报号')}
          placeholder={t('批次号、供应商批号、柜号或申报号')}
          maxLength={60}
          allowClear
          onSearch={(text) => setQ(text.trim())}
        />
        <Select
          aria-label={t('放行状态')}
          value={gate ?? ''}
          onChange={(value) => setGate(coldGateStates.find((known) => known === value))}
          options={[
            { value: '' as const, label: t('全部状态') },
            ...coldGateStates.map((value) => ({ value, label: gateNames[value] })),
          ]}
        />
      </search>
      <Panel
        title={t('批次')}
        flush
        extra={
          <span className="in-line">
            <ListExport list="cold-stock" filter={{ area }} label={t('导出库存')} />
            <ListExport
              list="cold-lots"
              filter={{ area, ...(gate ? { status: gate } : {}), ...(q ? { q } : {}) }}
              label={t('导出批次')}
            />
          </span>
        }
      >
        <DataTable<ColdLot>
          label={t('批次')}
          rowKey="id"
          rows={list.rows}
          error={list.error}
          loading={list.loading && list.rows !== undefined}
          retry={list.refetch}
          paged={list}
          minWidth={760}
          empty={t('没有符合条件的批次')}
          onOpen={open}
          columns={[
            {
              title: t('批次'),
              key: 'lot',
              render: (_, row) => (
                <RowLink
                  onOpen={() => open(row)}
                  more={[lotKindNames[row.kind], row.origin, row.supplierLot, row.containerNo]
                    .filter(Boolean)
                    .join(' · ')}
                >
                  {row.goodsName} {row.lotNo}
                </RowLink>
              ),
            },
            {
              title: t('状态'),
              key: 'gate',
              width: 120,
              render: (_, row) => <Mark tone={gateTones[row.gate]}>{gateNames[row.gate]}</Mark>,
            },
            { title: t('首站'), dataIndex: 'holderName', width: 220 },
            { title: t('保质期至'), key: 'expires', width: 120, render: (_, row) => row.expiresOn ?? '—' },
          ]}
        />
      </Panel>
    </>
  )
}
