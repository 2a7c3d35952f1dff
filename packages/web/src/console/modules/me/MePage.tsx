import { App, Descriptions } from 'antd'
import { useState } from 'react'
import { t } from '../../../text.ts'
import { formatTime } from '../../kernel/format.ts'
import { keys, queryClient } from '../../kernel/query.ts'
import { useMe } from '../../kernel/session.ts'
import { Page, Panel } from '../../ui/Page.tsx'
import { OwnChannels } from '../channel/OwnChannels.tsx'
import { PasswordForm } from './PasswordForm.tsx'
import { TotpForm } from './TotpForm.tsx'

/** The own account: what it may do where, password, second factor. */
export function MePage() {
  const me = useMe()
  const { message } = App.useApp()
  // Keeps the recovery codes on the screen although the account is enrolled by then.
  const [enrolling, setEnrolling] = useState(false)
  if (!me) return null
  return (
    <Page title={t('我的账号')}>
      <div className="two">
        <Panel title={t('账号')}>
          <Descriptions
            column={1}
            items={[
              { key: 'name', label: t('姓名'), children: me.displayName },
              { key: 'user', label: t('用户名'), children: me.username },
              {
                key: 'grants',
                label: t('授权'),
                children: (
                  <ul className="plain">
                    {me.grants.map((grant) => (
                      <li key={`${grant.roleCode}/${grant.areaCode}/${grant.storeCode}`}>
                        {grant.roleName} · {grant.areaName}
                        {grant.storeCode ? ` · ${grant.storeCode}` : ''}
                      </li>
                    ))}
                  </ul>
                ),
              },
              { key: 'totp', label: t('动态口令'), children: me.totpEnrolled ? t('已启用') : t('未启用') },
              { key: 'until', label: t('本次登录至'), children: formatTime(me.sessionExpiresAt) },
            ]}
          />
        </Panel>
        <Panel title={t('修改密码')}>
          <PasswordForm onDone={() => void message.success(t('密码已修改'))} />
        </Panel>
        <Panel title={t('动态口令')}>
          {me.totpEnrolled && !enrolling ? (
            <p className="hint">{t('已启用。更换手机请联系管理员重置账号。')}</p>
          ) : (
            <TotpForm
              onBegin={() => setEnrolling(true)}
              onDone={() => {
                setEnrolling(false)
                void queryClient.invalidateQueries({ queryKey: keys.me })
              }}
            />
          )}
        </Panel>
      </div>
      {me.permissions.includes('alert.read') ? <OwnChannels /> : null}
    </Page>
  )
}
