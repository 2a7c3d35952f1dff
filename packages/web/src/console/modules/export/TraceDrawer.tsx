import { useInfiniteQuery, useMutation } from '@tanstack/react-query'
import type { ExportDifference, ExportItem } from '@vigil/contract'
import { Alert, Button, Drawer, Form, InputNumber } from 'antd'
import { t } from '../../../text.ts'
import { call } from '../../kernel/api.ts'
import { formatCount } from '../../kernel/format.ts'
import { keys } from '../../kernel/query.ts'
import { DataTable } from '../../ui/DataTable.tsx'
import { Mark } from '../../ui/Mark.tsx'
import { ScopeLink } from '../../ui/ScopeLink.tsx'
import { Loading, ProblemAlert } from '../../ui/states.tsx'

const kindNames: Record<ExportDifference['kind'], string> = {
  corrected: t('已更正'),
  undone: t('已撤销'),
  late: t('迟报'),
  left: t('移出范围'),
}
const tones = { corrected: 'warn', undone: 'bad', late: 'info', left: 'idle' } as const

const RecordLink = ({ id, receiptNo }: { readonly id: string; readonly receiptNo: string }) => (
  <ScopeLink to="/purchases" change={{ open: id }}>
    {receiptNo}
  </ScopeLink>
)

/** Finds the registration behind a row of the file. */
function RowLookup({ item }: { readonly item: ExportItem }) {
  const find = useMutation({
    mutationFn: (row: number) => call('export.row', { params: { id: item.id }, query: { row } }),
  })
  return (
    <section aria-label={t('按行查登记')}>
      <h3>{t('按行查登记')}</h3>
      <Form<{ row: number }> layout="inline" requiredMark={false} onFinish={({ row }) => find.mutate(row)}>
        <Form.Item name="row" label={t('第几行数据')} rules={[{ required: true, message: t('请填行号') }]}>
          <InputNumber min={1} max={Math.max(1, item.rows)} precision={0} />
        </Form.Item>
        <Button htmlType="submit" loading={find.isPending}>
          {t('查找')}
        </Button>
      </Form>
      <p className="hint">{t('不含表头，从 1 数起，共 {rows} 行。', { rows: formatCount(item.rows) })}</p>
      <ProblemAlert error={find.error} />
      {find.data ? (
        <p role="status">
          {t('第 {row} 行（表格中第 {sheetRow} 行）来自登记', { row: find.data.row, sheetRow: find.data.sheetRow })}{' '}
          <RecordLink id={find.data.recordId} receiptNo={find.data.receiptNo} />
        </p>
      ) : null}
    </section>
  )
}

/** What was corrected, undone or reported late since the file was made. */
function Differences({ item }: { readonly item: ExportItem }) {
  const list = useInfiniteQuery({
    queryKey: [...keys.exports, 'differences', item.id],
    queryFn: ({ pageParam, signal }) =>
      call('export.differences', {
        params: { id: item.id },
        query: pageParam ? { cursor: pageParam } : {},
        signal,
      }),
    initialPageParam: '',
    getNextPageParam: (last) => last.next,
    staleTime: 0,
  })
  const rows = list.data?.pages.flatMap(({ items }, page) =>
    items.map((each, at) => ({ ...each, key: `${page}/${at}` })),
  )
  const last = list.data?.pages.at(-1)
  return (
    <section aria-label={t('与现有数据的差异')}>
      <h3>{t('与现有数据的差异')}</h3>
      <p className="hint">{t('导出后的更正、撤销和迟报，逐格对比；个人信息脱敏显示。')}</p>
      {list.isPending ? <Loading /> : null}
      <ProblemAlert error={list.error} />
      {last ? (
        <Alert
          showIcon
          type={rows?.length ? 'warning' : 'success'}
          title={
            last.next
              ? t('已核对 {compared} / {rows} 行，发现 {count} 处不同', {
                  compared: formatCount(last.compared),
                  rows: formatCount(last.rows),
                  count: formatCount(rows?.length ?? 0),
                })
              : t('全部 {rows} 行已核对，{count} 处不同', {
                  rows: formatCount(last.rows),
                  count: formatCount(rows?.length ?? 0),
                })
          }
        />
      ) : null}
      {rows?.length ? (
        <DataTable<(typeof rows)[number]>
          label={t('与现有数据的差异')}
          rowKey="key"
          rows={rows}
          minWidth={620}
          columns={[
            { title: t('行'), key: 'row', width: 70, align: 'right', render: (_, row) => row.row ?? '—' },
            {
              title: t('登记'),
              key: 'record',
              width: 110,
              render: (_, row) => <RecordLink id={row.recordId} receiptNo={row.receiptNo} />,
            },
            {
              title: t('变化'),
              key: 'kind',
              width: 96,
              render: (_, row) => <Mark tone={tones[row.kind]}>{kindNames[row.kind]}</Mark>,
            },
            { title: t('列'), key: 'head', render: (_, row) => row.head ?? t('整行') },
            { title: t('导出时'), key: 'sent', render: (_, row) => row.sent || '—' },
            { title: t('现在'), key: 'present', render: (_, row) => row.present || '—' },
          ]}
        />
      ) : null}
      {last?.next ? (
        <Button block loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          {t('继续核对')}
        </Button>
      ) : null}
    </section>
  )
}

/** Rows of a file traced to their registrations, and what has changed since. */
export function TraceDrawer({
  item,
  onClose,
}: {
  readonly item: ExportItem | undefined
  readonly onClose: () => void
}) {
  return (
    <Drawer
      open={item !== undefined}
      onClose={onClose}
      title={item ? t('核对 {number}', { number: item.number }) : ''}
      size={760}
      destroyOnHidden
    >
      {item ? (
        <div className="stack">
          <RowLookup item={item} />
          <Differences item={item} />
        </div>
      ) : null}
    </Drawer>
  )
}
