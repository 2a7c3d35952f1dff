import { useMutation, useQuery } from '@tanstack/react-query'
import { Alert, App } from 'antd'
import { t } from '../../../text.ts'
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
      void message.success(t('已用最新主密钥重新加密 {rewrapped} 个月密钥', { rewrapped: formatCount(rewrapped) }))
    },
  })
  return (
    <Page
      title={t('数据密钥')}
      note={t('个人信息按月加密。销毁某月的密钥后，该月的个人信息永远不能再读出，统计数字不受影响。')}
      actions={
        <ConfirmButton label={t('更换主密钥')} title={t('用最新主密钥重新加密')} onConfirm={() => rotate.mutateAsync()}>
          <p>{t('所有月密钥将用配置中最新的主密钥重新加密；数据本身不变，登记不中断。')}</p>
        </ConfirmButton>
      }
    >
      <Panel flush>
        <DataTable<DataKey>
          label={t('数据密钥')}
          rowKey="month"
          rows={query.data?.items}
          error={query.error}
          retry={() => void query.refetch()}
          empty={t('还没有月密钥')}
          columns={[
            {
              title: t('月份'),
              dataIndex: 'month',
              width: 110,
              render: (v: string) => <span className="number">{v}</span>,
            },
            { title: t('算法'), dataIndex: 'suite', width: 180, render: (suite: string) => suite.toUpperCase() },
            {
              title: t('主密钥'),
              dataIndex: 'masterKeyId',
              render: (v: string) => <span className="number">{v}</span>,
            },
            { title: t('建立'), dataIndex: 'createdAt', width: 150, render: formatTime },
            {
              title: t('状态'),
              key: 'state',
              width: 200,
              render: (_, row) =>
                row.shreddedAt ? (
                  <Mark tone="bad">{t('已销毁 {shreddedAt}', { shreddedAt: formatTime(row.shreddedAt) })}</Mark>
                ) : (
                  <Mark tone="good">{t('在用')}</Mark>
                ),
            },
            {
              key: 'shred',
              title: <span className="visually-hidden">{t('操作')}</span>,
              width: 90,
              render: (_, row) =>
                row.shreddedAt || row.month >= today().slice(0, 7) ? null : (
                  <ConfirmButton
                    label={t('销毁')}
                    title={t('销毁 {month} 的数据密钥', { month: row.month })}
                    reason
                    word={row.month}
                    button={{ danger: true, size: 'small', 'aria-label': t('销毁 {month}', { month: row.month }) }}
                    onConfirm={async (reason) => {
                      const done = await call('vault.shred', {
                        params: { month: row.month },
                        body: { confirm: row.month, reason },
                      })
                      void message.success(
                        t('已销毁，{rows} 条记录的个人信息不可再读', { rows: formatCount(done.rows) }),
                      )
                    }}
                    onDone={() => {
                      refresh()
                      void queryClient.invalidateQueries({ queryKey: keys.purchases })
                    }}
                  >
                    <Alert type="error" showIcon title={t('不可恢复：备份中的同一密钥也应一并销毁。')} />
                  </ConfirmButton>
                ),
            },
          ]}
        />
      </Panel>
    </Page>
  )
}
