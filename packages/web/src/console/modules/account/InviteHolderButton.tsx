import { useMutation } from '@tanstack/react-query'
import { Button, Form, Input, Modal } from 'antd'
import { useState } from 'react'
import { t } from '../../../text.ts'
import { call } from '../../kernel/api.ts'
import { formatTime } from '../../kernel/format.ts'
import { fieldMessages } from '../../kernel/problem.ts'
import { keys, queryClient } from '../../kernel/query.ts'
import { OneTime } from '../../ui/OneTime.tsx'
import { ProblemAlert } from '../../ui/states.tsx'
import { HolderSelect } from '../coldchain/HolderSelect.tsx'

interface Values {
  holderId: string
  username: string
  displayName: string
}

/** Invites somebody who acts for one business of the cold chain and sees nothing else. */
export function InviteHolderButton() {
  const [open, setOpen] = useState(false)
  const [form] = Form.useForm<Values>()
  const run = useMutation({
    mutationFn: ({ holderId, username, displayName }: Values) =>
      call('cold-desk.invite', {
        params: { id: holderId },
        body: { username: username.trim(), displayName: displayName.trim() },
      }),
    gcTime: 0,
    onSuccess: () => {
      setOpen(false)
      void queryClient.invalidateQueries({ queryKey: keys.accounts })
    },
    onError: (error) => form.setFields(fieldMessages(error) as never),
  })
  const required = (message: string) => [{ required: true, whitespace: true, message }]
  return (
    <>
      <Button onClick={() => setOpen(true)}>{t('邀请冷链经营主体')}</Button>
      <Modal
        open={open}
        title={t('邀请冷链经营主体')}
        okText={t('生成邀请码')}
        confirmLoading={run.isPending}
        onOk={() => form.submit()}
        onCancel={() => setOpen(false)}
        destroyOnHidden
      >
        <Form
          form={form}
          layout="vertical"
          requiredMark={false}
          clearOnDestroy
          onFinish={(values) => run.mutate(values)}
        >
          <p className="hint">{t('账号只能办理、查看这一家的申报、库存和通知，从 /cold 登录。')}</p>
          <Form.Item name="holderId" label={t('经营主体')} rules={required(t('请选择经营主体'))}>
            <HolderSelect />
          </Form.Item>
          <Form.Item name="displayName" label={t('姓名')} rules={required(t('请输入姓名'))}>
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
        </Form>
        <ProblemAlert error={run.error} />
      </Modal>
      <OneTime title={t('邀请码')} secret={run.data?.code} onClose={() => run.reset()}>
        <p>
          {t('有效期至 {expiresAt}。请本人打开 ', { expiresAt: formatTime(run.data?.expiresAt) })}
          <code>/cold</code>
          {t(' 选“用邀请码设置密码”。')}
        </p>
      </OneTime>
    </>
  )
}
