import { useMutation } from '@tanstack/react-query'
import { Button, Form, Input, Modal } from 'antd'
import { useState } from 'react'
import { t } from '../../../text.ts'
import { call } from '../../kernel/api.ts'
import { useAreas } from '../../kernel/areas.ts'
import { formatTime } from '../../kernel/format.ts'
import { fieldMessages } from '../../kernel/problem.ts'
import { keys, queryClient } from '../../kernel/query.ts'
import { Icon } from '../../ui/icons.tsx'
import { OneTime } from '../../ui/OneTime.tsx'
import { ProblemAlert } from '../../ui/states.tsx'
import { GrantFields, type GrantValues, grantsOf } from './GrantFields.tsx'

interface Values {
  username: string
  displayName: string
  grants: GrantValues[]
}

/** Invites a person: account, grants, and a code that is shown once. */
export function InviteButton() {
  const areas = useAreas()
  const [open, setOpen] = useState(false)
  const [form] = Form.useForm<Values>()
  const run = useMutation({
    mutationFn: ({ username, displayName, grants }: Values) =>
      call('account.invite', {
        body: { username: username.trim(), displayName: displayName.trim(), grants: grantsOf(grants) },
      }),
    gcTime: 0,
    onSuccess: () => {
      setOpen(false)
      void queryClient.invalidateQueries({ queryKey: keys.accounts })
    },
    onError: (error) => form.setFields(fieldMessages(error) as never),
  })
  return (
    <>
      <Button type="primary" icon={<Icon name="plus" />} onClick={() => setOpen(true)}>
        {t('邀请人员')}
      </Button>
      <Modal
        // The own area is filled in: the form waits until it is known.
        open={open && areas.roots.length > 0}
        title={t('邀请人员')}
        width={720}
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
          initialValues={{ grants: [{ areaCode: areas.roots[0]?.code }] }}
          onFinish={(values) => run.mutate(values)}
        >
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
                {
                  required: true,
                  pattern: /^[A-Za-z0-9._-]{3,60}$/,
                  message: t('3–60 位字母、数字、点、横线或下划线'),
                },
              ]}
            >
              <Input maxLength={60} autoComplete="off" />
            </Form.Item>
          </div>
          <GrantFields />
        </Form>
        <ProblemAlert error={run.error} />
      </Modal>
      <OneTime title={t('邀请码')} secret={run.data?.code} onClose={() => run.reset()}>
        <p>
          {t('有效期至 {expiresAt}。请本人打开 ', { expiresAt: formatTime(run.data?.expiresAt) })}
          <code>/invite</code>
          {t(' 设置密码。')}
        </p>
      </OneTime>
    </>
  )
}
