import { useQuery } from '@tanstack/react-query'
import type { ColdGap } from '@vigil/contract'
import { DatePicker } from 'antd'
import dayjs from 'dayjs'
import { useState } from 'react'
import { t } from '../../../text.ts'
import { call } from '../../kernel/api.ts'
import { formatCount } from '../../kernel/format.ts'
import { keys } from '../../kernel/query.ts'
import { DataTable } from '../../ui/DataTable.tsx'
import { Mark } from '../../ui/Mark.tsx'
import { Panel } from '../../ui/Page.tsx'
import { ScopeLink } from '../../ui/ScopeLink.tsx'
import { ListExport } from '../export/ListExport.tsx'
import { gapNames, weight } from './words.ts'

/** What should have happened and did not: now, or as it was kept for a past day. */
export function GapPanel({ area }: { readonly area: string }) {
  const [day, setDay] = useState<string>()
  const query = useQuery({
    queryKey: [...keys.coldchain, 'gaps', area, day],
    queryFn: ({ signal }) => call('cold-chain.gaps', { query: { area, ...(day ? { day } : {}) }, signal }),
    retry: false,
    ...(day ? {} : { refetchInterval: 60_000 }),
  })
  const { total = 0, items } = query.data ?? {}
  const rows = items?.map((gap) => ({ ...gap, key: `${gap.kind} ${gap.lotId} ${gap.holderName} ${gap.due}` }))
  return (
    <Panel
      title={t('缺口清单')}
      flush
      extra={
        <span className="in-line">
          <DatePicker
            aria-label={t('清单日期')}
            placeholder={t('现在')}
            value={day ? dayjs(day) : null}
            maxDate={dayjs()}
            onChange={(value) => setDay(value ? value.format('YYYY-MM-DD') : undefined)}
          />
          <ListExport list="cold-gaps" filter={{ area, ...(day ? { from: day, to: day } : {}) }} />
        </span>
      }
    >
      {rows && total > rows.length ? (
        <p className="hint recall">
          {t('共 {total} 条，只显示逾期最久的 {n} 条，导出可得全部。', { total: formatCount(total), n: rows.length })}
        </p>
      ) : null}
      <DataTable<ColdGap & { key: string }>
        label={t('缺口清单')}
        rowKey="key"
        rows={rows}
        error={query.error}
        retry={() => void query.refetch()}
        minWidth={640}
        heading="lot"
        empty={day ? t('这一天没有缺口') : t('没有缺口')}
        columns={[
          {
            title: t('问题'),
            key: 'kind',
            width: 140,
            render: (_, row) => <Mark tone="warn">{gapNames[row.kind]}</Mark>,
          },
          {
            title: t('批次'),
            key: 'lot',
            render: (_, row) => (
              <>
                <ScopeLink to={`/coldchain/${row.lotId}`} className="link">
                  {row.goodsName}
                </ScopeLink>
                <div className="muted">
                  {row.lotNo} ·{' '}
                  {row.otherName ? t('{from} 发往 {to}', { from: row.holderName, to: row.otherName }) : row.holderName}
                </div>
              </>
            ),
          },
          { title: t('重量'), key: 'grams', width: 120, align: 'right', render: (_, row) => weight(row.grams) },
          {
            title: t('已逾'),
            key: 'days',
            width: 80,
            align: 'right',
            render: (_, row) => t('{n} 天', { n: row.days }),
          },
        ]}
      />
    </Panel>
  )
}
