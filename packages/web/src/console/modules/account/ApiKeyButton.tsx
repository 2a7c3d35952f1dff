import { useMutation } from '@tanstack/react-query'
import { Button, Form, Input, InputNumber, Modal } from 'antd'
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
  name: string
  days: number
  grants: GrantValues[]
}

/** Creates a key for a program; the key is shown once. */
export function ApiKeyButton() {
  const areas = useAreas()
  const [open, setOpen] = useState(false)
  const [form] = Form.useForm<Values>()
  const run = useMutation({
    mutationFn: ({ name, days, grants }: Values) =>
      call('api-key.create', { body: { name: name.trim(), days, grants: grantsOf(grants) } }),
    gcTime: 0,
    onSuccess: () => {
      setOpen(false)
      void queryClient.invalidateQueries({ queryKey: keys.apiKeys })
    },
    onError: (error) => form.setFields(fieldMessages(error) as never),
  })
  return (
    <>
      <Button type="primary" icon={<Icon name="plus" />} onClick={() => setOpen(true)}>
        {t('新建密钥')}
      </Button>
      <Modal
        // The own area is filled in: the form waits until it is known.
        open={open && areas.roots.length > 0}
        title={t('新建接口密钥')}
        width={720}
        okText={t('创建')}
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
          initialValues={{ days: 180, grants: [{ areaCode: areas.roots[0]?.code }] }}
          onFinish={(values) => run.mutate(values)}
        >
          <div className="form-row">
            <Form.Item
              name="name"
              label={t('名称')}
              rules={[{ required: true, whitespace: true, message: t('请输入名称') }]}
            >
              <Input maxLength={60} placeholder={t('哪家企业的哪个程序')} autoComplete="off" />
            </Form.Item>
            <Form.Item name="days" label={t('有效天数')} rules={[{ required: true, message: t('请输入 1–730') }]}>
              <InputNumber min={1} max={730} precision={0} className="wide" />
            </Form.Item>
          </div>
          <GrantFields />
        </Form>
        <ProblemAlert error={run.error} />
      </Modal>
      <OneTime title={t('接口密钥')} secret={run.data?.key} onClose={() => run.reset()}>
        <p>{t('有效期至 {expiresAt}。', { expiresAt: formatTime(run.data?.expiresAt) })}</p>
      </OneTime>
    </>
  )
}
