import { useMutation } from '@tanstack/react-query'
import type { ExportItem } from '@vigil/contract'
import { Button, Typography } from 'antd'
import { call } from '../../kernel/api.ts'
import { formatBytes, formatCount, formatPeriod, formatTime } from '../../kernel/format.ts'
import { usePaged } from '../../kernel/paged.ts'
import { keys } from '../../kernel/query.ts'
import { DataTable } from '../../ui/DataTable.tsx'
import { Mark } from '../../ui/Mark.tsx'
import { Page, Panel } from '../../ui/Page.tsx'
import { ProblemAlert } from '../../ui/states.tsx'
import { ExportProgress, fetchExport, statusNames } from './files.tsx'

const tones = { running: 'info', ready: 'good', failed: 'bad', expired: 'idle' } as const

/** Own exports with number, rows and hash. */
export function ExportPage() {
  const list = usePaged(keys.exports, 'own', (cursor) =>
    call('export.list', { query: { limit: 50, ...(cursor ? { cursor } : {}) } }),
  )
  const save = useMutation({ mutationFn: fetchExport })
  return (
    <Page
      title="数据导出"
      note="每份文件有编号和 SHA-256 校验值，导出与下载都记入审计日志。在“购药登记”页按筛选条件导出。"
    >
      <ProblemAlert error={save.error} />
      <Panel flush>
        <DataTable<ExportItem>
          label="数据导出"
          rowKey="id"
          rows={list.rows}
          error={list.error}
          loading={list.loading && list.rows !== undefined}
          retry={list.refetch}
          paged={list}
          minWidth={1060}
          empty="还没有导出"
          columns={[
            {
              title: '编号',
              dataIndex: 'number',
              width: 190,
              render: (v: string) => <span className="number">{v}</span>,
            },
            {
              title: '范围',
              key: 'scope',
              render: (_, row) => (
                <>
                  <div>{row.areaName}</div>
                  <div className="muted">{formatPeriod(row.from, row.to)}</div>
                </>
              ),
            },
            {
              title: '格式',
              key: 'format',
              width: 110,
              render: (_, row) => (
                <div className="in-line">
                  {row.format.toUpperCase()} {row.clear ? <Mark tone="bad">明文</Mark> : <Mark>脱敏</Mark>}
                </div>
              ),
            },
            { title: '行数', dataIndex: 'rows', align: 'right', width: 90, render: formatCount },
            { title: '大小', dataIndex: 'bytes', align: 'right', width: 90, render: formatBytes },
            {
              title: 'SHA-256',
              dataIndex: 'sha256',
              width: 170,
              render: (hash: string | null) =>
                hash ? (
                  <Typography.Text code copyable={{ text: hash }}>
                    {hash.slice(0, 12)}…
                  </Typography.Text>
                ) : (
                  '—'
                ),
            },
            { title: '时间', dataIndex: 'createdAt', width: 140, render: formatTime },
            {
              title: '状态',
              key: 'status',
              width: 170,
              render: (_, row) =>
                row.status === 'running' ? (
                  <ExportProgress item={row} />
                ) : (
                  <div className="in-line">
                    <Mark tone={tones[row.status]}>{statusNames[row.status]}</Mark>
                    {row.status === 'ready' ? (
                      <Button size="small" aria-label={`下载 ${row.number}`} onClick={() => save.mutate(row)}>
                        下载
                      </Button>
                    ) : null}
                    {row.status === 'failed' ? <div className="muted">{row.error}</div> : null}
                  </div>
                ),
            },
          ]}
        />
      </Panel>
    </Page>
  )
}
