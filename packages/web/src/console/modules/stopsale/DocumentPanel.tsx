import { useMutation } from '@tanstack/react-query'
import type { StopSale, StopSaleDocument } from '@vigil/contract'
import { Button, Upload } from 'antd'
import { t } from '../../../text.ts'
import { call } from '../../kernel/api.ts'
import { openFile } from '../../kernel/download.ts'
import { formatBytes, formatTime } from '../../kernel/format.ts'
import { keys, queryClient } from '../../kernel/query.ts'
import { Icon } from '../../ui/icons.tsx'
import { Panel } from '../../ui/Page.tsx'
import { ProblemAlert } from '../../ui/states.tsx'

/** Scans of the official document, with their hash; more can be added, none is taken away. */
export function DocumentPanel({
  order: { id, manageable },
  documents,
}: {
  readonly order: StopSale
  readonly documents: readonly StopSaleDocument[]
}) {
  const add = useMutation({
    mutationFn: (file: File) => {
      const body = new FormData()
      body.set('file', file, file.name)
      return call('stop-sale.add-document', { params: { id }, body: body as never })
    },
    onSuccess: () => void queryClient.invalidateQueries({ queryKey: keys.stopSales }),
  })
  return (
    <Panel title={t('通告文件')}>
      {documents.length > 0 ? (
        <ul className="stop-files">
          {documents.map((file) => (
            <li key={file.id}>
              <Button
                type="link"
                className="link"
                onClick={() => openFile('stop-sale.document', { id, documentId: file.id }, file.filename)}
              >
                {file.filename}
              </Button>
              <span className="muted">
                {formatBytes(file.bytes)} · {formatTime(file.at)} {file.by}
              </span>
              <span className="muted break">SHA-256 {file.sha256}</span>
            </li>
          ))}
        </ul>
      ) : (
        <p className="muted">{t('还没有上传通告文件')}</p>
      )}
      {manageable ? (
        <Upload
          accept=".pdf,.png,.jpg,.jpeg"
          maxCount={1}
          showUploadList={false}
          disabled={add.isPending}
          beforeUpload={(file) => {
            add.mutate(file)
            return false
          }}
        >
          <Button icon={<Icon name="upload" />} loading={add.isPending}>
            {t('上传 PDF 或图片')}
          </Button>
        </Upload>
      ) : null}
      <ProblemAlert error={add.error} fields />
    </Panel>
  )
}
