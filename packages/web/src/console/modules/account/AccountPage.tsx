import type { AccountItem } from '@vigil/contract'
import { Button, Input, Select } from 'antd'
import { useState } from 'react'
import { t } from '../../../text.ts'
import { call } from '../../kernel/api.ts'
import { formatTime } from '../../kernel/format.ts'
import { usePaged } from '../../kernel/paged.ts'
import { keys } from '../../kernel/query.ts'
import { useRawSearch, useScope, useSetSearch } from '../../kernel/scope.ts'
import { useCan } from '../../kernel/session.ts'
import { useTyped } from '../../kernel/typed.ts'
import { DataTable } from '../../ui/DataTable.tsx'
import { Mark } from '../../ui/Mark.tsx'
import { Page, Panel } from '../../ui/Page.tsx'
import { ListExport } from '../export/ListExport.tsx'
import { AccountDrawer } from './AccountDrawer.tsx'
import { GrantList } from './GrantList.tsx'
import { InviteButton } from './InviteButton.tsx'
import { InviteHolderButton } from './InviteHolderButton.tsx'

const statusNames = { invited: t('待激活'), active: t('启用'), disabled: t('停用') } as const
const tones = { invited: 'info', active: 'good', disabled: 'idle' } as const

/** Accounts of the chosen area: invite, disable, reset, devices. */
export function AccountPage() {
  const { area } = useScope()
  const search = useRawSearch()
  const setSearch = useSetSearch()
  const can = useCan()
  const [typed, setTyped] = useTyped(search.q)
  const [opened, setOpened] = useState<AccountItem>()
  const kind: AccountItem['kind'] | undefined =
    search.kind === 'store' ? 'store' : search.kind === 'all' ? undefined : 'person'
  const filter = { ...(area ? { area } : {}), ...(search.q ? { q: search.q } : {}), ...(kind ? { kind } : {}) }
  const list = usePaged(
    keys.accounts,
    filter,
    (cursor, signal) =>
      call('account.list', { query: { ...filter, limit: 50, ...(cursor ? { cursor } : {}) }, signal }),
    area !== undefined,
  )
  const current = list.rows?.find(({ id }) => id === opened?.id) ?? opened
  return (
    <Page
      title={t('账号')}
      note={t('人员账号由邀请码开通，多人可在“数据导入”批量邀请；药店账号在“药店”页批量生成。')}
      actions={
        <>
          <ListExport list="accounts" filter={filter} />
          {can('account.manage') && can('coldchain.manage') ? <InviteHolderButton /> : null}
          {can('account.manage') ? <InviteButton /> : null}
        </>
      }
    >
      <search className="filters" aria-label={t('筛选')}>
        <Input.Search
          className="exact"
          aria-label={t('用户名或姓名')}
          placeholder={t('用户名或姓名')}
          maxLength={60}
          allowClear
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
          onSearch={(q) => setSearch({ q: q.trim() || undefined })}
        />
        <Select
          aria-label={t('账号类型')}
          value={kind ?? 'all'}
          onChange={(value) => setSearch({ kind: value === 'person' ? undefined : value })}
          options={[
            { value: 'person', label: t('人员账号') },
            { value: 'store', label: t('药店账号') },
            { value: 'all', label: t('全部账号') },
          ]}
        />
      </search>
      <Panel flush>
        <DataTable<AccountItem>
          label={t('账号')}
          rowKey="id"
          rows={list.rows}
          error={list.error}
          loading={list.loading && list.rows !== undefined}
          retry={list.refetch}
          paged={list}
          minWidth={900}
          empty={t('没有符合条件的账号')}
          onOpen={setOpened}
          columns={[
            {
              title: t('姓名'),
              key: 'name',
              width: 200,
              render: (_, row) => (
                <>
                  <div>{row.displayName}</div>
                  <div className="muted">{row.username}</div>
                </>
              ),
            },
            { title: t('授权'), key: 'grants', render: (_, row) => <GrantList grants={row.grants} /> },
            {
              title: t('状态'),
              key: 'status',
              width: 90,
              render: (_, row) => <Mark tone={tones[row.status]}>{statusNames[row.status]}</Mark>,
            },
            {
              title: t('动态口令'),
              key: 'totp',
              width: 90,
              render: (_, row) => (row.totpEnrolled ? t('已启用') : t('未启用')),
            },
            { title: t('最近登录'), dataIndex: 'lastSignInAt', width: 140, render: formatTime },
            { title: t('创建'), dataIndex: 'createdAt', width: 140, render: formatTime },
            {
              key: 'open',
              title: <span className="visually-hidden">{t('操作')}</span>,
              width: 70,
              render: (_, row) => (
                <Button
                  type="link"
                  size="small"
                  aria-label={t('管理 {displayName}', { displayName: row.displayName })}
                  onClick={(event) => {
                    event.stopPropagation()
                    setOpened(row)
                  }}
                >
                  {t('管理')}
                </Button>
              ),
            },
          ]}
        />
      </Panel>
      <AccountDrawer account={current} onClose={() => setOpened(undefined)} />
    </Page>
  )
}
