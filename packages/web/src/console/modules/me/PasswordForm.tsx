import { useMutation } from '@tanstack/react-query'
import { Button, Form, Input } from 'antd'
import { t } from '../../../text.ts'
import { call } from '../../kernel/api.ts'
import { fieldMessages } from '../../kernel/problem.ts'
import { ProblemAlert } from '../../ui/states.tsx'
import { NewPassword } from './NewPassword.tsx'

interface Values {
  current: string
  password: string
}

/** Changes the own password. */
export function PasswordForm({ onDone }: { onDone: () => void }) {
  const [form] = Form.useForm<Values>()
  const run = useMutation({
    mutationFn: ({ current, password }: Values) => call('session.change-password', { body: { current, password } }),
    onSuccess: () => {
      form.resetFields()
      onDone()
    },
    onError: (error) => form.setFields(fieldMessages(error) as never),
  })
  return (
    <Form form={form} layout="vertical" requiredMark={false} onFinish={(values) => run.mutate(values)}>
      <Form.Item name="current" label={t('现在的密码')} rules={[{ required: true, message: t('请输入现在的密码') }]}>
        <Input.Password autoComplete="current-password" maxLength={200} />
      </Form.Item>
      <NewPassword />
      <ProblemAlert error={run.error} />
      <Button type="primary" htmlType="submit" loading={run.isPending}>
        {t('修改密码')}
      </Button>
    </Form>
  )
}
