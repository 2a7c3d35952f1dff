import { useQuery } from '@tanstack/react-query'
import type { ComplianceRule } from '@vigil/contract'
import { Button } from 'antd'
import { useState } from 'react'
import { t } from '../../../text.ts'
import { call } from '../../kernel/api.ts'
import { formatCount, formatShare, formatTime } from '../../kernel/format.ts'
import { keys } from '../../kernel/query.ts'
import { useCan } from '../../kernel/session.ts'
import { DataTable } from '../../ui/DataTable.tsx'
import { Mark } from '../../ui/Mark.tsx'
import { Page, Panel } from '../../ui/Page.tsx'
import { RuleDialog } from './RuleDialog.tsx'

/** What became of a rule's findings; its hit rate where somebody has looked. */
function Record({ record }: { readonly record: ComplianceRule['record'] }) {
  const { confirmed, unfounded, dismissed } = record
  const looked = confirmed + unfounded + dismissed
  if (looked === 0) return <span className="muted">{t('尚无结论')}</span>
  return (
    <>
      {t('属实 {share}', { share: formatShare(confirmed, looked) })}
      <div className="muted">
        {t('属实 {confirmed} · 不属实 {unfounded} · 排除 {dismissed}', { confirmed, unfounded, dismissed })}
      </div>
    </>
  )
}

/** The rules about stores with parameters, weight and record. */
export function RulePage() {
  const can = useCan()
  const [edited, setEdited] = useState<ComplianceRule>()
  const query = useQuery({
    queryKey: [...keys.compliance, 'rules'],
    queryFn: () => call('compliance.rules'),
  })
  return (
    <Page
      title={t('规范规则')}
      note={t('每条规则的参数和权重都可查、可改；修改留存版本和原因，改后所有药店重新核查。')}
    >
      <Panel flush>
        <DataTable<ComplianceRule>
          label={t('规范规则')}
          rowKey="rule"
          rows={query.data?.items}
          error={query.error}
          retry={() => void query.refetch()}
          minWidth={1080}
          columns={[
            {
              title: t('规则'),
              key: 'name',
              width: 280,
              render: (_, row) => (
                <>
                  <strong>{row.name}</strong> {row.enabled ? null : <Mark>{t('停用')}</Mark>}
                  <div className="muted">{row.meaning}</div>
                </>
              ),
            },
            { title: t('最多扣分'), dataIndex: 'weight', width: 90, align: 'right' },
            {
              title: t('参数'),
              key: 'parameters',
              render: (_, row) =>
                row.parameters.map(({ name, label, value }) => (
                  <div key={name}>
                    {label}：<span className="number">{value}</span>
                  </div>
                )),
            },
            {
              title: t('命中药店'),
              key: 'stores',
              width: 90,
              align: 'right',
              render: (_, row) => formatCount(row.record.stores),
            },
            { title: t('结论'), key: 'record', width: 190, render: (_, row) => <Record record={row.record} /> },
            {
              title: t('版本'),
              key: 'version',
              width: 150,
              render: (_, row) => (
                <>
                  {t('第 {version} 版', { version: row.version })}
                  <div className="muted">
                    {row.changedBy} · {formatTime(row.changedAt)}
                  </div>
                </>
              ),
            },
            {
              key: 'actions',
              title: <span className="visually-hidden">{t('操作')}</span>,
              width: 72,
              render: (_, row) =>
                can('rule.manage') ? (
                  <Button type="link" size="small" onClick={() => setEdited(row)}>
                    {t('修改')}
                  </Button>
                ) : null,
            },
          ]}
        />
      </Panel>
      <RuleDialog rule={edited} onClose={() => setEdited(undefined)} />
    </Page>
  )
}
