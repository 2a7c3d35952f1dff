import { useMutation } from '@tanstack/react-query'
import type { ImportReport } from '@vigil/contract'
import { Alert, Button, Modal, Table, Upload } from 'antd'
import { useState } from 'react'
import { t } from '../../text.ts'
import { call } from '../kernel/api.ts'
import { saveFile } from '../kernel/download.ts'
import { formatCount } from '../kernel/format.ts'
import { queryClient } from '../kernel/query.ts'
import { Icon } from './icons.tsx'
import { ProblemAlert } from './states.tsx'

export type ImportRoute = 'store.import' | 'drug.import' | 'clinic.import' | 'area.import' | 'party.import'

/** What an import did: counts, the first problems, and the file with every refused row. */
export function ImportResult({ report }: { readonly report: ImportReport }) {
  const save = useMutation({ mutationFn: (id: string) => saveFile('file.download', t('错误行.xlsx'), { id }) })
  const { errorFileId } = report
  return (
    <div className="import-result" role="status">
      <Alert
        showIcon
        type={report.rejected ? 'warning' : 'success'}
        title={t('共 {total} 行：导入 {accepted} 行，未导入 {rejected} 行', {
          total: formatCount(report.total),
          accepted: formatCount(report.accepted),
          rejected: formatCount(report.rejected),
        })}
        {...(errorFileId
          ? {
              action: (
                <Button size="small" loading={save.isPending} onClick={() => save.mutate(errorFileId)}>
                  {t('下载错误行')}
                </Button>
              ),
            }
          : {})}
      />
      <ProblemAlert error={save.error} />
      {report.problems.length ? (
        <Table
          size="small"
          rowKey={(row) => `${row.row}/${row.column}/${row.detail}`}
          dataSource={report.problems}
          pagination={{ pageSize: 8, size: 'small', hideOnSinglePage: true }}
          columns={[
            { title: t('行'), dataIndex: 'row', width: 52, align: 'right' },
            { title: t('列'), dataIndex: 'column', width: '28%' },
            { title: t('问题'), dataIndex: 'detail' },
          ]}
        />
      ) : null}
    </div>
  )
}

/** Button and dialog of a bulk import: choose a file, see what went in and what did not. */
export function ImportButton({
  route,
  title,
  columns,
  refresh,
}: {
  readonly route: ImportRoute
  readonly title: string
  /** Sentence that names the columns of the file. */
  readonly columns: string
  /** Lists that the import changes. */
  readonly refresh: readonly (readonly string[])[]
}) {
  const [open, setOpen] = useState(false)
  const run = useMutation({
    mutationFn: (chosen: File) => {
      const body = new FormData()
      body.set('file', chosen, chosen.name)
      return call(route, { body })
    },
    onSuccess: () => {
      for (const queryKey of refresh) void queryClient.invalidateQueries({ queryKey })
    },
  })
  return (
    <>
      <Button icon={<Icon name="upload" />} onClick={() => setOpen(true)}>
        {title}
      </Button>
      <Modal
        open={open}
        title={title}
        width={680}
        footer={<Button onClick={() => setOpen(false)}>{t('关闭')}</Button>}
        onCancel={() => setOpen(false)}
        afterClose={() => run.reset()}
        destroyOnHidden
      >
        <p className="hint">{columns}</p>
        <Upload.Dragger
          accept=".xlsx,.csv"
          maxCount={1}
          showUploadList={false}
          disabled={run.isPending}
          beforeUpload={(chosen) => {
            run.mutate(chosen)
            return false
          }}
        >
          <p className="upload-lead">{run.isPending ? t('正在导入，请稍候…') : t('点击选择文件，或拖到这里')}</p>
          <p className="hint">{t('XLSX 或 CSV（UTF-8、GB18030）。正确的行导入，有误的行逐行说明。')}</p>
        </Upload.Dragger>
        <ProblemAlert error={run.error} fields />
        {run.data ? <ImportResult report={run.data} /> : null}
      </Modal>
    </>
  )
}
