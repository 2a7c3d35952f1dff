import { useNavigate } from '@tanstack/react-router'
import type { ImportRun } from '@vigil/contract'
import { Button, Progress } from 'antd'
import { useEffect } from 'react'
import { t } from '../../../text.ts'
import { call } from '../../kernel/api.ts'
import { openFile } from '../../kernel/download.ts'
import { formatBytes, formatCount, formatTime } from '../../kernel/format.ts'
import { usePaged } from '../../kernel/paged.ts'
import { keys } from '../../kernel/query.ts'
import { DataTable } from '../../ui/DataTable.tsx'
import { Mark } from '../../ui/Mark.tsx'
import { Page, Panel } from '../../ui/Page.tsx'
import { ListExport } from '../export/ListExport.tsx'
import './import.css'
import { UploadButton } from './UploadButton.tsx'
import { isBusy, kindNames, percentOf, stateNames, tones } from './words.ts'

const pollMs = 1500

/** Key of the list of own runs. */
export const listKey = [...keys.imports, 'list'] as const

/** Downloads the error file of a run. */
export const openErrors = (run: ImportRun): void =>
  openFile('import.errors', { id: run.id }, t('{name}-错误行', { name: run.filename }))

/** State of a run in a word; while it is under way with its progress. */
export function RunState({ run }: { readonly run: ImportRun }) {
  return isBusy(run) ? (
    <div className="export-progress">
      <Progress percent={percentOf(run)} size="small" aria-label={t('{name} 进度', { name: run.filename })} />
      <span className="muted">
        {stateNames[run.status]}
        {run.rows > 0 ? t('，{rows} 行', { rows: formatCount(run.rows) }) : ''}
      </span>
    </div>
  ) : (
    <Mark tone={tones[run.status]}>{stateNames[run.status]}</Mark>
  )
}

const counts = ({ result }: ImportRun) =>
  result.total === 0
    ? '—'
    : t('新增 {fresh}，更改 {changed}，已有 {unchanged}，未导入 {refused}', {
        fresh: formatCount(result.fresh),
        changed: formatCount(result.changed),
        unchanged: formatCount(result.unchanged),
        refused: formatCount(result.refused),
      })

/** Own imports: what was uploaded, what became of it, and the rows that came back. */
export function ImportPage() {
  const navigate = useNavigate()
  const list = usePaged(listKey, 'own', (cursor) =>
    call('import.list', { query: { limit: 50, ...(cursor ? { cursor } : {}) } }),
  )
  const busy = list.rows?.some(isBusy) ?? false
  const { refetch } = list
  useEffect(() => {
    if (!busy) return
    const timer = setInterval(refetch, pollMs)
    return () => clearInterval(timer)
  }, [busy, refetch])
  const open = (run: ImportRun) => void navigate({ to: '/imports/$id', params: { id: run.id } } as never)
  return (
    <Page
      title={t('数据导入')}
      note={t('上传 XLSX 或 CSV，核对列，试导入，再写入。同一份文件再次导入不会重复；未导入的行可下载，改好后再传。')}
      actions={
        <>
          <ListExport list="imports" filter={{}} />
          <UploadButton />
        </>
      }
    >
      <Panel flush>
        <DataTable<ImportRun>
          label={t('数据导入')}
          rowKey="id"
          rows={list.rows}
          error={list.error}
          loading={list.loading && list.rows === undefined}
          retry={list.refetch}
          paged={list}
          onOpen={open}
          minWidth={980}
          empty={t('还没有导入')}
          columns={[
            {
              title: t('文件'),
              dataIndex: 'filename',
              render: (name: string, run) => (
                <>
                  <Button type="link" className="import-name" onClick={() => open(run)}>
                    {name}
                  </Button>
                  <div className="muted">{formatBytes(run.bytes)}</div>
                </>
              ),
            },
            { title: t('内容'), dataIndex: 'kind', width: 110, render: (kind: ImportRun['kind']) => kindNames[kind] },
            { title: t('状态'), key: 'status', width: 170, render: (_, run) => <RunState run={run} /> },
            { title: t('结果'), key: 'result', width: 260, render: (_, run) => counts(run) },
            {
              title: t('错误文件'),
              key: 'errors',
              width: 110,
              render: (_, run) =>
                run.errorFile ? (
                  <Button
                    size="small"
                    aria-label={t('下载 {name} 的错误行', { name: run.filename })}
                    onClick={(event) => {
                      event.stopPropagation()
                      openErrors(run)
                    }}
                  >
                    {t('下载')}
                  </Button>
                ) : (
                  '—'
                ),
            },
            { title: t('上传时间'), dataIndex: 'createdAt', width: 140, render: formatTime },
          ]}
        />
      </Panel>
    </Page>
  )
}
