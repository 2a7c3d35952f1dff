import { useMutation } from '@tanstack/react-query'
import type { Me } from '@vigil/contract'
import { ApiError } from '@vigil/contract/client'
import { Button, Form, Input } from 'antd'
import { useState } from 'react'
import { t } from '../../../text.ts'
import { call } from '../../kernel/api.ts'
import { fieldMessages } from '../../kernel/problem.ts'
import { ProblemAlert } from '../../ui/states.tsx'

interface Values {
  username: string
  password: string
  totp?: string
}

/**
 * User name, password and, when the account has one, the second factor.
 * @param username fixed when a session is taken up again
 */
export function SignInForm({ username, onDone }: { username?: string; onDone: (me: Me) => void }) {
  const [form] = Form.useForm<Values>()
  const [asksTotp, setAsksTotp] = useState(false)
  const run = useMutation({
    mutationFn: (values: Values) =>
      call('session.create', {
        body: {
          username: (username ?? values.username).trim(),
          password: values.password,
          ...(values.totp ? { totp: values.totp.trim() } : {}),
        },
      }),
    onSuccess: onDone,
    onError: (error) => {
      if (error instanceof ApiError && error.problem.code.startsWith('totp')) {
        setAsksTotp(true)
        setTimeout(() => form.getFieldInstance('totp')?.focus(), 50)
      }
      form.setFields(fieldMessages(error) as never)
    },
  })
  const onlyAsks = run.error instanceof ApiError && run.error.problem.code === 'totp-required'
  return (
    <Form form={form} layout="vertical" requiredMark={false} size="large" onFinish={(values) => run.mutate(values)}>
      {username === undefined ? (
        <Form.Item
          name="username"
          label={t('用户名')}
          rules={[{ required: true, whitespace: true, message: t('请输入用户名') }]}
        >
          <Input autoFocus autoComplete="username" maxLength={60} />
        </Form.Item>
      ) : (
        <Input type="hidden" name="username" autoComplete="username" value={username} />
      )}
      <Form.Item name="password" label={t('密码')} rules={[{ required: true, message: t('请输入密码') }]}>
        <Input.Password autoFocus={username !== undefined} autoComplete="current-password" maxLength={200} />
      </Form.Item>
      {asksTotp ? (
        <Form.Item
          name="totp"
          label={t('动态口令')}
          extra={t('打开身份验证器应用查看 6 位数字；手机不在身边时可用恢复码。')}
          rules={[{ required: true, whitespace: true, message: t('请输入动态口令') }]}
        >
          <Input inputMode="numeric" autoComplete="one-time-code" maxLength={10} />
        </Form.Item>
      ) : null}
      {onlyAsks ? null : <ProblemAlert error={run.error} />}
      <Button type="primary" htmlType="submit" block loading={run.isPending}>
        {t('登录')}
      </Button>
    </Form>
  )
}
