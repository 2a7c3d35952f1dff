import { Link } from '@tanstack/react-router'
import { t } from '../../../text.ts'
import { enter } from '../../kernel/session.ts'
import { Cover } from './Cover.tsx'
import { SignInForm } from './SignInForm.tsx'

/** The first page; shown at whatever address was asked for. */
export function SignInPage() {
  return (
    <Cover title={t('登录监管端')}>
      <SignInForm onDone={enter} />
      <p className="cover-foot">
        {t('收到邀请码？')}
        <Link to="/invite">{t('设置密码')}</Link>
      </p>
    </Cover>
  )
}
