import { useQuery } from '@tanstack/react-query'
import type { AccountItem } from '@vigil/contract'
import { Drawer } from 'antd'
import { useState } from 'react'
import { type Answer, call } from '../../kernel/api.ts'
import { formatTime } from '../../kernel/format.ts'
import { keys, queryClient } from '../../kernel/query.ts'
import { useCan } from '../../kernel/session.ts'
import { ConfirmButton } from '../../ui/Confirm.tsx'
import { OneTime } from '../../ui/OneTime.tsx'
import { EmptyState, ErrorState, Loading } from '../../ui/states.tsx'
import { GrantList } from './GrantList.tsx'

const refresh = () => void queryClient.invalidateQueries({ queryKey: keys.accounts })

function Devices({ id }: { id: string }) {
  const can = useCan()
  const query = useQuery({
    queryKey: [...keys.accounts, 'devices', id],
    queryFn: () => call('account.devices', { params: { id } }),
  })
  if (query.isError) return <ErrorState error={query.error} retry={() => void query.refetch()} />
  if (!query.data) return <Loading />
  if (query.data.items.length === 0) return <EmptyState text="没有设备或登录" />
  return (
    <ul className="device-list">
      {query.data.items.map((device) => (
        <li key={device.id}>
          <div>
            {device.name}
            <div className="muted">
              {device.revokedAt
                ? `已撤销 ${formatTime(device.revokedAt)}`
                : `最近使用 ${formatTime(device.lastSeenAt)} · 开通 ${formatTime(device.createdAt)}`}
            </div>
          </div>
          {!device.revokedAt && can('account.manage') ? (
            <ConfirmButton
              label="撤销"
              title={`撤销设备：${device.name}`}
              button={{ danger: true, size: 'small' }}
              onConfirm={() => call('device.revoke', { params: { id, deviceId: device.id } })}
              onDone={refresh}
            >
              <p>撤销后该设备立即退出，须重新激活才能使用。</p>
            </ConfirmButton>
          ) : null}
        </li>
      ))}
    </ul>
  )
}

/** One account: grants, devices, disable, enable, reset. */
export function AccountDrawer({ account, onClose }: { account: AccountItem | undefined; onClose: () => void }) {
  const can = useCan()
  const [invitation, setInvitation] = useState<Answer<'account.reset'>>()
  return (
    <Drawer open={account !== undefined} onClose={onClose} size={520} title={account?.displayName ?? '账号'}>
      {account ? (
        <div className="stack">
          <section>
            <h2 className="sub">授权</h2>
            <GrantList grants={account.grants} />
          </section>
          {can('account.manage') ? (
            <div className="drawer-actions start">
              {account.status === 'disabled' ? (
                <ConfirmButton
                  label="启用"
                  title={`启用 ${account.displayName}`}
                  onConfirm={() => call('account.enable', { params: { id: account.id } })}
                  onDone={refresh}
                />
              ) : (
                <ConfirmButton
                  label="停用"
                  title={`停用 ${account.displayName}`}
                  button={{ danger: true }}
                  onConfirm={() => call('account.disable', { params: { id: account.id } })}
                  onDone={refresh}
                >
                  <p>停用后立即退出所有登录。</p>
                </ConfirmButton>
              )}
              <ConfirmButton
                label="重置"
                title={`重置 ${account.displayName}`}
                onConfirm={async () => setInvitation(await call('account.reset', { params: { id: account.id } }))}
                onDone={refresh}
              >
                <p>清除密码、动态口令和所有登录，并生成新的一次性码。</p>
              </ConfirmButton>
            </div>
          ) : null}
          <section>
            <h2 className="sub">设备与登录</h2>
            <Devices id={account.id} />
          </section>
          <OneTime title="重置码" secret={invitation?.code} onClose={() => setInvitation(undefined)}>
            <p>有效期至 {formatTime(invitation?.expiresAt)}。</p>
          </OneTime>
        </div>
      ) : null}
    </Drawer>
  )
}
