import { useQuery } from '@tanstack/react-query'
import type { AccountItem } from '@vigil/contract'
import { Drawer } from 'antd'
import { useState } from 'react'
import { t } from '../../../text.ts'
import { type Answer, call } from '../../kernel/api.ts'
import { formatTime } from '../../kernel/format.ts'
import { keys, queryClient } from '../../kernel/query.ts'
import { useCan } from '../../kernel/session.ts'
import { ConfirmButton } from '../../ui/Confirm.tsx'
import { OneTime } from '../../ui/OneTime.tsx'
import { EmptyState, ErrorState, Loading } from '../../ui/states.tsx'
import { deviceName } from './device.ts'
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
  if (query.data.items.length === 0) return <EmptyState text={t('没有设备或登录')} />
  return (
    <ul className="device-list">
      {query.data.items.map((device) => (
        <li key={device.id}>
          <div>
            <span title={device.name}>{deviceName(device.name)}</span>
            <div className="muted">
              {device.revokedAt
                ? t('已撤销 {revokedAt}', { revokedAt: formatTime(device.revokedAt) })
                : t('最近使用 {lastSeenAt} · 开通 {createdAt}', {
                    lastSeenAt: formatTime(device.lastSeenAt),
                    createdAt: formatTime(device.createdAt),
                  })}
            </div>
          </div>
          {!device.revokedAt && can('account.manage') ? (
            <ConfirmButton
              label={t('撤销')}
              title={t('撤销设备：{name}', { name: deviceName(device.name) })}
              button={{ danger: true, size: 'small' }}
              onConfirm={() => call('device.revoke', { params: { id, deviceId: device.id } })}
              onDone={refresh}
            >
              <p>{t('撤销后该设备立即退出，须重新激活才能使用。')}</p>
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
    <Drawer open={account !== undefined} onClose={onClose} size={520} title={account?.displayName ?? t('账号')}>
      {account ? (
        <div className="stack">
          <section>
            <h2 className="sub">{t('授权')}</h2>
            <GrantList grants={account.grants} />
          </section>
          {can('account.manage') ? (
            <div className="drawer-actions start">
              {account.status === 'disabled' ? (
                <ConfirmButton
                  label={t('启用')}
                  title={t('启用 {displayName}', { displayName: account.displayName })}
                  onConfirm={() => call('account.enable', { params: { id: account.id } })}
                  onDone={refresh}
                />
              ) : (
                <ConfirmButton
                  label={t('停用')}
                  title={t('停用 {displayName}', { displayName: account.displayName })}
                  button={{ danger: true }}
                  onConfirm={() => call('account.disable', { params: { id: account.id } })}
                  onDone={refresh}
                >
                  <p>{t('停用后立即退出所有登录。')}</p>
                </ConfirmButton>
              )}
              <ConfirmButton
                label={t('重置')}
                title={t('重置 {displayName}', { displayName: account.displayName })}
                onConfirm={async () => setInvitation(await call('account.reset', { params: { id: account.id } }))}
                onDone={refresh}
              >
                <p>{t('清除密码、动态口令和所有登录，并生成新的一次性码。')}</p>
              </ConfirmButton>
            </div>
          ) : null}
          <section>
            <h2 className="sub">{t('设备与登录')}</h2>
            <Devices id={account.id} />
          </section>
          <OneTime title={t('重置码')} secret={invitation?.code} onClose={() => setInvitation(undefined)}>
            <p>{t('有效期至 {expiresAt}。', { expiresAt: formatTime(invitation?.expiresAt) })}</p>
          </OneTime>
        </div>
      ) : null}
    </Drawer>
  )
}
