import { useInfiniteQuery } from '@tanstack/react-query'
import type { ExportDifference } from '@vigil/contract'
import { Button, Modal } from 'antd'
import { useState } from 'react'
import { t } from '../../../text.ts'
import { call } from '../../kernel/api.ts'
import { formatCount } from '../../kernel/format.ts'
import { keys } from '../../kernel/query.ts'
import { DataTable } from '../../ui/DataTable.tsx'
import { Mark } from '../../ui/Mark.tsx'

const kindNames: Record<ExportDifference['kind'], string> = {
  corrected: t('已更正'),
  undone: t('已撤销'),
  late: t('推送后补报'),
  left: t('已不在范围'),
}

function List({ exportId }: { exportId: string }) {
  const query = useInfiniteQuery({
    queryKey: [...keys.exports, 'differences', exportId],
    queryFn: ({ pageParam }) =>
      call('export.differences', { params: { id: exportId }, query: pageParam ? { cursor: pageParam } : {} }),
    initialPageParam: '',
    getNextPageParam: ({ next }) => next,
  })
  const pages = query.data?.pages
  const rows = pages?.flatMap(({ items }, page) => items.map((item, at) => ({ ...item, key: `${page}/${at}` })))
  return (
    <>
      <DataTable
        label={t('与现在的差异')}
        rowKey="key"
        rows={rows}
        error={query.error}
        retry={() => void query.refetch()}
        empty={t('推送以来没有变化')}
        columns={[
          { title: t('流水号'), dataIndex: 'receiptNo', width: 110 },
          {
            title: t('变化'),
            dataIndex: 'kind',
            width: 110,
            render: (kind: ExportDifference['kind']) => <Mark tone="warn">{kindNames[kind]}</Mark>,
          },
          { title: t('列'), dataIndex: 'head', render: (head: string | null) => head ?? '—' },
          { title: t('推送的内容'), dataIndex: 'sent', render: (sent: string | null) => sent || '—' },
          { title: t('现在'), dataIndex: 'present', render: (present: string | null) => present || '—' },
        ]}
      />
      {query.hasNextPage ? (
        <Button loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
          {t('继续核对（已核对 {compared} 行，共 {rows} 行）', {
            compared: formatCount(pages?.at(-1)?.compared ?? 0),
            rows: formatCount(pages?.at(-1)?.rows ?? 0),
          })}
        </Button>
      ) : null}
    </>
  )
}

/** What has been corrected, undone or reported late since a file was sent; sending the period again brings it. */
export function DifferencesButton({ exportId, number }: { exportId: string; number: string }) {
  const [open, setOpen] = useState(false)
  return (
    <>
      <Button size="small" onClick={() => setOpen(true)}>
        {t('与现在的差异')}
      </Button>
      <Modal
        open={open}
        title={t('推送以来的变化：{number}', { number })}
        width={860}
        footer={<Button onClick={() => setOpen(false)}>{t('关闭')}</Button>}
        onCancel={() => setOpen(false)}
        destroyOnHidden
      >
        <p className="hint">{t('内容已脱敏。需要让接收方更新时，请用“推送一段时间”推送同一期间。')}</p>
        <List exportId={exportId} />
      </Modal>
    </>
  )
}
