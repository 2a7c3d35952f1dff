import type { ExportItem } from '@vigil/contract'
import { Progress } from 'antd'
import { t } from '../../../text.ts'
import { call } from '../../kernel/api.ts'
import { openFile } from '../../kernel/download.ts'
import { formatCount } from '../../kernel/format.ts'

export const statusNames: Record<ExportItem['status'], string> = {
  running: t('导出中'),
  ready: t('可下载'),
  failed: t('失败'),
  expired: t('已过期'),
}

/** Asks for the state first, so that an ended session is noticed here and not inside the saved file. */
export async function fetchExport(item: ExportItem): Promise<void> {
  const now = await call('export.read', { params: { id: item.id } })
  if (now.status === 'ready') openFile('export.download', { id: item.id }, `${item.number}.${item.format}`)
}

/** How far an export has come. */
export function ExportProgress({ item }: { item: ExportItem }) {
  const percent = item.expectedRows > 0 ? Math.min(99, Math.floor((item.rows / item.expectedRows) * 100)) : 0
  return (
    <div className="export-progress">
      <Progress percent={percent} size="small" aria-label={t('{number} 进度', { number: item.number })} />
      <span className="muted">
        {t('{rows} / {expectedRows} 行', {
          rows: formatCount(item.rows),
          expectedRows: formatCount(item.expectedRows),
        })}
      </span>
    </div>
  )
}
