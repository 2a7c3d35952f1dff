import { App, Descriptions } from 'antd'
import { useState } from 'react'
import { formatTime } from '../../kernel/format.ts'
import { keys, queryClient } from '../../kernel/query.ts'
import { useMe } from '../../kernel/session.ts'
import { Page, Panel } from '../../ui/Page.tsx'
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
    <Page title="我的账号">
      <div className="two">
        <Panel title="账号">
          <Descriptions
            column={1}
            items={[
              { key: 'name', label: '姓名', children: me.displayName },
              { key: 'user', label: '用户名', children: me.username },
              {
                key: 'grants',
                label: '授权',
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
              { key: 'totp', label: '动态口令', children: me.totpEnrolled ? '已启用' : '未启用' },
              { key: 'until', label: '本次登录至', children: formatTime(me.sessionExpiresAt) },
            ]}
          />
        </Panel>
        <Panel title="修改密码">
          <PasswordForm onDone={() => void message.success('密码已修改')} />
        </Panel>
        <Panel title="动态口令">
          {me.totpEnrolled && !enrolling ? (
            <p className="hint">已启用。更换手机请联系管理员重置账号。</p>
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
    </Page>
  )
}
