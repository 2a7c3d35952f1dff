import { useMutation } from '@tanstack/react-query'
import { Button, type ButtonProps, Form, Input, Modal } from 'antd'
import { type ReactNode, useState } from 'react'
import { t } from '../../../text.ts'
import { formatTime } from '../../kernel/format.ts'
import { fieldMessages } from '../../kernel/problem.ts'
import { keys, queryClient } from '../../kernel/query.ts'
import { OneTime } from '../../ui/OneTime.tsx'
import { ProblemAlert } from '../../ui/states.tsx'

/** Who is invited. */
export interface Invited {
  readonly username: string
  readonly displayName: string
}

/** Button with the form of an invitation; the code of the new account is shown once. */
export function InviteDialog<V extends Invited>({
  title,
  button,
  width = 520,
  ready = true,
  initial,
  invite,
  place,
  then,
  children,
}: {
  readonly title: string
  readonly button?: ButtonProps
  readonly width?: number
  /** Whether what the form starts with is known. */
  readonly ready?: boolean
  readonly initial?: Partial<V>
  readonly invite: (values: V) => Promise<{ readonly code: string; readonly expiresAt: string }>
  /** Where the code is used, and what is done there. */
  readonly place: string
  readonly then: string
  readonly children: ReactNode
}) {
  const [open, setOpen] = useState(false)
  const [form] = Form.useForm<V>()
  const run = useMutation({
    mutationFn: (values: V) =>
      invite({ ...values, username: values.username.trim(), displayName: values.displayName.trim() }),
    gcTime: 0,
    onSuccess: () => {
      setOpen(false)
      void queryClient.invalidateQueries({ queryKey: keys.accounts })
    },
    onError: (error) => form.setFields(fieldMessages(error) as never),
  })
  return (
    <>
      <Button {...button} onClick={() => setOpen(true)}>
        {title}
      </Button>
      <Modal
        open={open && ready}
        title={title}
        width={width}
        okText={t('生成邀请码')}
        confirmLoading={run.isPending}
        onOk={() => form.submit()}
        onCancel={() => setOpen(false)}
        destroyOnHidden
      >
        <Form<V>
          form={form}
          layout="vertical"
          requiredMark={false}
          clearOnDestroy
          {...(initial ? { initialValues: initial } : {})}
          onFinish={(values) => run.mutate(values)}
        >
          {children}
        </Form>
        <ProblemAlert error={run.error} />
      </Modal>
      <OneTime title={t('邀请码')} secret={run.data?.code} onClose={() => run.reset()}>
        <p>
          {t('有效期至 {expiresAt}。请本人打开 ', { expiresAt: formatTime(run.data?.expiresAt) })}
          <code>{place}</code>
          {then}
        </p>
      </OneTime>
    </>
  )
}

/** Name and user name of whoever is invited. */
export function InvitedFields() {
  return (
    <div className="form-row">
      <Form.Item
        name="displayName"
        label={t('姓名')}
        rules={[{ required: true, whitespace: true, message: t('请输入姓名') }]}
      >
        <Input maxLength={60} autoComplete="off" />
      </Form.Item>
      <Form.Item
        name="username"
        label={t('用户名')}
        rules={[
          { required: true, pattern: /^[A-Za-z0-9._-]{3,60}$/, message: t('3–60 位字母、数字、点、横线或下划线') },
        ]}
      >
        <Input maxLength={60} autoComplete="off" />
      </Form.Item>
    </div>
  )
}
