import { Modal } from 'antd'
import { useSyncExternalStore } from 'react'
import { t } from '../../../text.ts'
import { askedPerson, onReauthentication, settleReauthentication } from '../../kernel/reauth.ts'
import { enter, leave } from '../../kernel/session.ts'
import { SignInForm } from './SignInForm.tsx'

/** Asks for the password when the session has ended; what is open under it stays as it is. */
export function ReauthDialog() {
  const person = useSyncExternalStore(onReauthentication, askedPerson)
  return (
    <Modal
      open={person !== undefined}
      title={t('登录已过期')}
      footer={null}
      mask={{ closable: false }}
      destroyOnHidden
      zIndex={2000}
      onCancel={() => {
        settleReauthentication(false)
        leave()
      }}
    >
      <p className="hint">
        {t('请输入 {displayName}（{username}）的密码，继续刚才的操作；已填写的内容不会丢失。', {
          displayName: person?.displayName ?? '',
          username: person?.username ?? '',
        })}
      </p>
      {person ? (
        <SignInForm
          username={person.username}
          onDone={(me) => {
            enter(me)
            settleReauthentication(true)
          }}
        />
      ) : null}
    </Modal>
  )
}
