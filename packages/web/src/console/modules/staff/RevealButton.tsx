import { useMutation } from '@tanstack/react-query'
import { revealPurposes } from '@vigil/contract/terms'
import { Button, Descriptions, Form, Input, Modal, Radio } from 'antd'
import { useEffect, useState } from 'react'
import { documentTypeNames, revealPurposeNames } from '../../../terms.ts'
import { t } from '../../../text.ts'
import { call } from '../../kernel/api.ts'
import { fieldMessages } from '../../kernel/problem.ts'
import { Icon } from '../../ui/icons.tsx'
import { ProblemAlert } from '../../ui/states.tsx'

/** For how long the clear text stays on the screen, in ms. */
const shownMs = 60_000

interface Values {
  purpose: (typeof revealPurposes)[number]
  reason: string
}

/** Clear text of one worker: asks purpose and reason, shows it for a minute, keeps nothing. */
export function RevealButton({ id }: { id: string }) {
  const [open, setOpen] = useState(false)
  const [form] = Form.useForm<Values>()
  const { data, error, isPending, mutate, reset } = useMutation({
    gcTime: 0,
    mutationFn: (body: Values) => call('staff.reveal', { params: { id }, body }),
    onError: (problem) => form.setFields(fieldMessages(problem) as never),
  })
  useEffect(() => {
    if (!data) return
    const timer = setTimeout(() => setOpen(false), shownMs)
    return () => clearTimeout(timer)
  }, [data])
  return (
    <>
      <Button icon={<Icon name="reveal" />} onClick={() => setOpen(true)}>
        {t('查看明文')}
      </Button>
      <Modal
        open={open}
        title={t('查看个人信息明文')}
        footer={null}
        onCancel={() => setOpen(false)}
        afterClose={reset}
        destroyOnHidden
      >
        {data ? (
          <div className="stack">
            <Descriptions
              column={1}
              bordered
              size="small"
              items={[
                { key: 'name', label: t('姓名'), children: data.name },
                { key: 'document', label: documentTypeNames[data.documentType], children: data.documentNumber },
                { key: 'mobile', label: t('手机'), children: data.mobile },
              ]}
            />
            <p className="hint">{t('一分钟后自动隐藏')}</p>
          </div>
        ) : (
          <Form
            form={form}
            layout="vertical"
            requiredMark={false}
            clearOnDestroy
            onFinish={({ purpose, reason }) => mutate({ purpose, reason: reason.trim() })}
          >
            <p className="hint">{t('谁、何时、为何查看，都会记入审计日志。')}</p>
            <Form.Item name="purpose" label={t('目的')} rules={[{ required: true, message: t('请选择目的') }]}>
              <Radio.Group options={revealPurposes.map((value) => ({ value, label: revealPurposeNames[value] }))} />
            </Form.Item>
            <Form.Item
              name="reason"
              label={t('理由')}
              rules={[{ required: true, whitespace: true, message: t('请写明理由') }]}
            >
              <Input.TextArea rows={3} maxLength={300} showCount />
            </Form.Item>
            <ProblemAlert error={error} />
            <Button type="primary" htmlType="submit" loading={isPending}>
              {t('查看明文')}
            </Button>
          </Form>
        )}
      </Modal>
    </>
  )
}
