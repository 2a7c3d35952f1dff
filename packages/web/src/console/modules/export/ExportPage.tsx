import { useMutation } from '@tanstack/react-query'
import type { ExportItem } from '@vigil/contract'
import { exportListNames } from '@vigil/contract/terms'
import { Button, Typography } from 'antd'
import { useState } from 'react'
import { t } from '../../../text.ts'
import { call } from '../../kernel/api.ts'
import { formatBytes, formatCount, formatPeriod, formatTime } from '../../kernel/format.ts'
import { usePaged } from '../../kernel/paged.ts'
import { keys } from '../../kernel/query.ts'
import { DataTable } from '../../ui/DataTable.tsx'
import { Mark } from '../../ui/Mark.tsx'
import { Page, Panel } from '../../ui/Page.tsx'
import { ProblemAlert } from '../../ui/states.tsx'
import { ExportProgress, fetchExport, statusNames } from './files.tsx'
import { TraceDrawer } from './TraceDrawer.tsx'

const tones = { running: 'info', ready: 'good', failed: 'bad', expired: 'idle' } as const

/** Own exports with number, rows and hash. */
export function ExportPage() {
  const list = usePaged(keys.exports, 'own', (cursor) =>
    call('export.list', { query: { limit: 50, ...(cursor ? { cursor } : {}) } }),
  )
  const save = useMutation({ mutationFn: fetchExport })
  const [traced, setTraced] = useState<ExportItem>()
  return (
    <Page
      title={t('数据导出')}
      note={t('每份文件有编号和 SHA-256 校验值，导出与下载都记入审计日志。在各列表页按筛选条件导出，文件保留七天。')}
    >
      <ProblemAlert error={save.error} />
      <Panel flush>
        <DataTable<ExportItem>
          label={t('数据导出')}
          rowKey="id"
          rows={list.rows}
          error={list.error}
          loading={list.loading && list.rows !== undefined}
          retry={list.refetch}
          paged={list}
          minWidth={1140}
          empty={t('还没有导出')}
          columns={[
            {
              title: t('编号'),
              dataIndex: 'number',
              width: 190,
              render: (v: string) => <span className="number">{v}</span>,
            },
            {
              title: t('范围'),
              key: 'scope',
              render: (_, row) => (
                <>
                  <div>
                    {row.areaName} · {row.templateName ?? t(exportListNames[row.list])}
                    {row.templateVersion ? (
                      <span className="muted"> {t('第 {n} 版', { n: row.templateVersion })}</span>
                    ) : null}
                  </div>
                  <div className="muted">{row.from && row.to ? formatPeriod(row.from, row.to) : null}</div>
                </>
              ),
            },
            {
              title: t('格式'),
              key: 'format',
              width: 110,
              render: (_, row) => (
                <div className="in-line">
                  {row.format.toUpperCase()}{' '}
                  {row.clear ? <Mark tone="bad">{t('明文')}</Mark> : <Mark>{t('脱敏')}</Mark>}
                </div>
              ),
            },
            { title: t('行数'), dataIndex: 'rows', align: 'right', width: 90, render: formatCount },
            { title: t('大小'), dataIndex: 'bytes', align: 'right', width: 90, render: formatBytes },
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
            { title: t('时间'), dataIndex: 'createdAt', width: 140, render: formatTime },
            {
              title: t('状态'),
              key: 'status',
              width: 220,
              render: (_, row) =>
                row.status === 'running' ? (
                  <ExportProgress item={row} />
                ) : (
                  <div className="in-line">
                    <Mark tone={tones[row.status]}>{statusNames[row.status]}</Mark>
                    {row.status === 'ready' ? (
                      <Button
                        size="small"
                        aria-label={t('下载 {number}', { number: row.number })}
                        onClick={() => save.mutate(row)}
                      >
                        {t('下载')}
                      </Button>
                    ) : null}
                    {row.traced ? (
                      <Button
                        size="small"
                        aria-label={t('核对 {number}', { number: row.number })}
                        onClick={() => setTraced(row)}
                      >
                        {t('核对')}
                      </Button>
                    ) : null}
                    {row.status === 'failed' ? <div className="muted">{row.error}</div> : null}
                  </div>
                ),
            },
          ]}
        />
      </Panel>
      <TraceDrawer item={traced} onClose={() => setTraced(undefined)} />
    </Page>
  )
}
