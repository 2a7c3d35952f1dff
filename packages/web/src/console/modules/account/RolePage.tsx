import { useQuery } from '@tanstack/react-query'
import { permissions } from '@vigil/contract/permission'
import { Button } from 'antd'
import { useState } from 'react'
import { t } from '../../../text.ts'
import { type Answer, call } from '../../kernel/api.ts'
import { keys } from '../../kernel/query.ts'
import { useCan } from '../../kernel/session.ts'
import { DataTable } from '../../ui/DataTable.tsx'
import { Icon } from '../../ui/icons.tsx'
import { Mark } from '../../ui/Mark.tsx'
import { Page, Panel } from '../../ui/Page.tsx'
import { RoleDialog } from './RoleDialog.tsx'

export type Role = Answer<'role.list'>['items'][number]

/** Roles as sets of permissions. */
export function RolePage() {
  const can = useCan()
  const [edited, setEdited] = useState<Role | 'new'>()
  const query = useQuery({ queryKey: keys.roles, queryFn: () => call('role.list') })
  return (
    <Page
      title={t('角色')}
      note={t('角色是一组权限；授权把角色与一片区划或一家药店连在一起。')}
      actions={
        can('role.manage') ? (
          <Button type="primary" icon={<Icon name="plus" />} onClick={() => setEdited('new')}>
            {t('新增角色')}
          </Button>
        ) : null
      }
    >
      <Panel flush>
        <DataTable<Role>
          label={t('角色')}
          rowKey="code"
          rows={query.data?.items}
          error={query.error}
          retry={() => void query.refetch()}
          minWidth={760}
          columns={[
            {
              title: t('角色'),
              width: 200,
              dataIndex: 'name',
            },
            {
              title: t('权限'),
              key: 'permissions',
              render: (_, row) => (
                <div className="tags">
                  {row.permissions.map((name) => (
                    <Mark key={name}>{permissions[name]}</Mark>
                  ))}
                </div>
              ),
            },
            {
              title: t('动态口令'),
              key: 'totp',
              width: 100,
              render: (_, row) => (row.requiresTotp ? t('必须') : t('自愿')),
            },
            ...(can('role.manage')
              ? [
                  {
                    key: 'edit',
                    title: <span className="visually-hidden">{t('操作')}</span>,
                    width: 70,
                    render: (_: unknown, row: Role) => (
                      <Button
                        type="link"
                        size="small"
                        aria-label={t('修改角色 {name}', { name: row.name })}
                        onClick={() => setEdited(row)}
                      >
                        {t('修改')}
                      </Button>
                    ),
                  },
                ]
              : []),
          ]}
        />
      </Panel>
      <RoleDialog role={edited} onClose={() => setEdited(undefined)} />
    </Page>
  )
}
