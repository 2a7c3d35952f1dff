import { Link } from '@tanstack/react-router'
import { enter } from '../../kernel/session.ts'
import { Cover } from './Cover.tsx'
import { SignInForm } from './SignInForm.tsx'

/** The first page; shown at whatever address was asked for. */
export function SignInPage() {
  return (
    <Cover title="登录监管端">
      <SignInForm onDone={enter} />
      <p className="cover-foot">
        收到邀请码？<Link to="/invite">设置密码</Link>
      </p>
    </Cover>
  )
}
