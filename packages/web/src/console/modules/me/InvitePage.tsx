import { useMutation } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { Button, Form, Input } from 'antd'
import { t } from '../../../text.ts'
import { call } from '../../kernel/api.ts'
import { fieldMessages } from '../../kernel/problem.ts'
import { enter } from '../../kernel/session.ts'
import { ProblemAlert } from '../../ui/states.tsx'
import { Cover } from './Cover.tsx'
import { NewPassword } from './NewPassword.tsx'

interface Values {
  username: string
  code: string
  password: string
}

/** Sets the first password with an invitation or reset code. */
export function InvitePage() {
  const navigate = useNavigate()
  const [form] = Form.useForm<Values>()
  const run = useMutation({
    mutationFn: ({ username, code, password }: Values) =>
      call('session.accept-invitation', { body: { username: username.trim(), code: code.trim(), password } }),
    onSuccess: (me) => {
      enter(me)
      void navigate({ to: '/', search: {} as never })
    },
    onError: (error) => form.setFields(fieldMessages(error) as never),
  })
  return (
    <Cover title={t('设置密码')} note={t('用管理员给你的一次性邀请码或重置码，设置自己的密码。')}>
      <Form form={form} layout="vertical" requiredMark={false} size="large" onFinish={(values) => run.mutate(values)}>
        <Form.Item
          name="username"
          label={t('用户名')}
          rules={[{ required: true, whitespace: true, message: t('请输入用户名') }]}
        >
          <Input autoFocus autoComplete="username" maxLength={60} />
        </Form.Item>
        <Form.Item
          name="code"
          label={t('邀请码')}
          rules={[{ required: true, whitespace: true, message: t('请输入邀请码') }]}
        >
          <Input autoComplete="off" maxLength={40} />
        </Form.Item>
        <NewPassword />
        <ProblemAlert error={run.error} />
        <Button type="primary" htmlType="submit" block loading={run.isPending}>
          {t('设置并登录')}
        </Button>
      </Form>
      <p className="cover-foot">
        <Link to="/">{t('返回登录')}</Link>
      </p>
    </Cover>
  )
}
