import { useQuery } from '@tanstack/react-query'
import { t } from '../../../text.ts'
import { type Answer, call } from '../../kernel/api.ts'
import { formatTime } from '../../kernel/format.ts'
import { keys, queryClient } from '../../kernel/query.ts'
import { ConfirmButton } from '../../ui/Confirm.tsx'
import { DataTable } from '../../ui/DataTable.tsx'
import { Mark, type Tone } from '../../ui/Mark.tsx'
import { Page, Panel } from '../../ui/Page.tsx'
import { ApiKeyButton } from './ApiKeyButton.tsx'
import { GrantList } from './GrantList.tsx'

type ApiKey = Answer<'api-key.list'>['items'][number]

function state(key: ApiKey): { name: string; tone: Tone } {
  if (key.revokedAt) return { name: t('已撤销'), tone: 'idle' }
  return new Date(key.expiresAt) < new Date() ? { name: t('已过期'), tone: 'warn' } : { name: t('有效'), tone: 'good' }
}

/** Keys with which programs, such as those of a chain, call the interface. */
export function ApiKeyPage() {
  const query = useQuery({ queryKey: keys.apiKeys, queryFn: () => call('api-key.list') })
  return (
    <Page
      title={t('接口密钥')}
      note={t('供连锁药店等程序调用接口；密钥只在创建时显示一次。')}
      actions={<ApiKeyButton />}
    >
      <Panel flush>
        <DataTable<ApiKey>
          label={t('接口密钥')}
          rowKey="id"
          rows={query.data?.items}
          error={query.error}
          retry={() => void query.refetch()}
          minWidth={900}
          empty={t('还没有接口密钥')}
          columns={[
            { title: t('名称'), dataIndex: 'name', width: 180 },
            {
              title: t('前缀'),
              dataIndex: 'prefix',
              width: 130,
              render: (prefix: string) => <span className="number">{prefix}…</span>,
            },
            { title: t('授权'), key: 'grants', render: (_, row) => <GrantList grants={row.grants} /> },
            {
              title: t('状态'),
              key: 'state',
              width: 90,
              render: (_, row) => <Mark tone={state(row).tone}>{state(row).name}</Mark>,
            },
            { title: t('到期'), dataIndex: 'expiresAt', width: 140, render: formatTime },
            { title: t('最近使用'), dataIndex: 'lastUsedAt', width: 140, render: formatTime },
            {
              key: 'revoke',
              title: <span className="visually-hidden">{t('操作')}</span>,
              width: 86,
              render: (_, row) =>
                row.revokedAt ? null : (
                  <ConfirmButton
                    label={t('撤销')}
                    title={t('撤销接口密钥：{name}', { name: row.name })}
                    button={{ danger: true, size: 'small', 'aria-label': t('撤销 {name}', { name: row.name }) }}
                    onConfirm={() => call('api-key.revoke', { params: { id: row.id } })}
                    onDone={() => void queryClient.invalidateQueries({ queryKey: keys.apiKeys })}
                  >
                    <p>{t('撤销后，用它的程序立即不能再调用接口。')}</p>
                  </ConfirmButton>
                ),
            },
          ]}
        />
      </Panel>
    </Page>
  )
}
