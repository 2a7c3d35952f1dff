import type { ImportCounts, ImportRun } from '@vigil/contract'
import { t } from '../../../text.ts'
import { formatCount } from '../../kernel/format.ts'
import { DataTable } from '../../ui/DataTable.tsx'
import { Panel } from '../../ui/Page.tsx'

/** Rows by what becomes of them. */
export function Counts({ title, counts }: { readonly title: string; readonly counts: ImportCounts }) {
  const parts = [
    { name: t('共'), value: counts.total },
    { name: t('新增'), value: counts.fresh },
    { name: t('更改'), value: counts.changed },
    { name: t('原已存在'), value: counts.unchanged },
    { name: t('未导入'), value: counts.refused },
  ]
  return (
    <section className="import-counts" aria-label={title}>
      <h3>{title}</h3>
      <dl>
        {parts.map(({ name, value }) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{formatCount(value)}</dd>
          </div>
        ))}
      </dl>
    </section>
  )
}

/** The first rows that were refused, with their reasons. */
export function Problems({ run }: { readonly run: ImportRun }) {
  const refused = run.result.total > 0 ? run.result.refused : (run.preview?.refused ?? 0)
  const rows = run.problems.map((problem, at) => ({ ...problem, key: String(at) }))
  return (
    <Panel
      flush
      title={t('未导入的行（前 {shown} 条，共 {refused} 行）', { shown: rows.length, refused: formatCount(refused) })}
    >
      <DataTable
        label={t('未导入的行')}
        rowKey="key"
        rows={rows}
        minWidth={560}
        columns={[
          { title: t('行'), dataIndex: 'row', width: 110, render: (row: number) => t('第 {row} 行', { row }) },
          { title: t('列'), dataIndex: 'column', width: 160, render: (column: string) => column || '—' },
          { title: t('原因'), dataIndex: 'detail' },
        ]}
      />
    </Panel>
  )
}
