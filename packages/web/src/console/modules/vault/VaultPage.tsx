import { useMutation, useQuery } from '@tanstack/react-query'
import { Alert, App } from 'antd'
import { type Answer, call } from '../../kernel/api.ts'
import { formatCount, formatTime } from '../../kernel/format.ts'
import { today } from '../../kernel/period.ts'
import { keys, queryClient } from '../../kernel/query.ts'
import { ConfirmButton } from '../../ui/Confirm.tsx'
import { DataTable } from '../../ui/DataTable.tsx'
import { Mark } from '../../ui/Mark.tsx'
import { Page, Panel } from '../../ui/Page.tsx'

type DataKey = Answer<'vault.keys'>['items'][number]
const refresh = () => void queryClient.invalidateQueries({ queryKey: keys.vault })

/** Data keys by month: wrapping anew, and destroying a past month. */
export function VaultPage() {
  const { message } = App.useApp()
  const query = useQuery({ queryKey: keys.vault, queryFn: () => call('vault.keys') })
  const rotate = useMutation({
    mutationFn: () => call('vault.rotate'),
    onSuccess: ({ rewrapped }) => {
      refresh()
      void message.success(`已用最新主密钥重新加密 ${formatCount(rewrapped)} 个月密钥`)
    },
  })
  return (
    <Page
      title="数据密钥"
      note="个人信息按月加密。销毁某月的密钥后，该月的个人信息永远不能再读出，统计数字不受影响。"
      actions={
        <ConfirmButton label="更换主密钥" title="用最新主密钥重新加密" onConfirm={() => rotate.mutateAsync()}>
          <p>所有月密钥将用配置中最新的主密钥重新加密；数据本身不变，登记不中断。</p>
        </ConfirmButton>
      }
    >
      <Panel flush>
        <DataTable<DataKey>
          label="数据密钥"
          rowKey="month"
          rows={query.data?.items}
          error={query.error}
          retry={() => void query.refetch()}
          empty="还没有月密钥"
          columns={[
            {
              title: '月份',
              dataIndex: 'month',
              width: 110,
              render: (v: string) => <span className="number">{v}</span>,
            },
            { title: '算法', dataIndex: 'suite', width: 180, render: (suite: string) => suite.toUpperCase() },
            { title: '主密钥', dataIndex: 'masterKeyId', render: (v: string) => <span className="number">{v}</span> },
            { title: '建立', dataIndex: 'createdAt', width: 150, render: formatTime },
            {
              title: '状态',
              key: 'state',
              width: 200,
              render: (_, row) =>
                row.shreddedAt ? (
                  <Mark tone="bad">已销毁 {formatTime(row.shreddedAt)}</Mark>
                ) : (
                  <Mark tone="good">在用</Mark>
                ),
            },
            {
              key: 'shred',
              title: <span className="visually-hidden">操作</span>,
              width: 90,
              render: (_, row) =>
                row.shreddedAt || row.month >= today().slice(0, 7) ? null : (
                  <ConfirmButton
                    label="销毁"
                    title={`销毁 ${row.month} 的数据密钥`}
                    reason
                    word={row.month}
                    button={{ danger: true, size: 'small', 'aria-label': `销毁 ${row.month}` }}
                    onConfirm={async (reason) => {
                      const done = await call('vault.shred', {
                        params: { month: row.month },
                        body: { confirm: row.month, reason },
                      })
                      void message.success(`已销毁，${formatCount(done.rows)} 条记录的个人信息不可再读`)
                    }}
                    onDone={() => {
                      refresh()
                      void queryClient.invalidateQueries({ queryKey: keys.purchases })
                    }}
                  >
                    <Alert type="error" showIcon title="不可恢复：备份中的同一密钥也应一并销毁。" />
                  </ConfirmButton>
                ),
            },
          ]}
        />
      </Panel>
    </Page>
  )
}
