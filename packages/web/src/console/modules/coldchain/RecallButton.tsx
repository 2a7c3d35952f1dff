import { useMutation } from '@tanstack/react-query'
import type { ColdRecall } from '@vigil/contract'
import { Button, Form, Input, Modal, Radio } from 'antd'
import { useState } from 'react'
import { t } from '../../../text.ts'
import { call } from '../../kernel/api.ts'
import { keys, queryClient } from '../../kernel/query.ts'
import { ProblemAlert } from '../../ui/states.tsx'

interface Order {
  readonly kind: ColdRecall['kind']
  readonly reason: string
  readonly orderedBy: string
}

/** Calls out a recall of a lot, in earnest or as an exercise, after asking for reason and who ordered it. */
export function RecallButton({ lotId, lotNo }: { readonly lotId: string; readonly lotNo: string }) {
  const [open, setOpen] = useState(false)
  const [form] = Form.useForm<Order>()
  const kind = Form.useWatch('kind', form)
  const run = useMutation({
    mutationFn: (order: Order) => call('cold-recall.open', { body: { ...order, lotIds: [lotId] } }),
    onSuccess: () => {
      setOpen(false)
      void queryClient.invalidateQueries({ queryKey: keys.coldchain })
    },
  })
  return (
    <>
      <Button danger onClick={() => setOpen(true)}>
        {t('召回')}
      </Button>
      <Modal
        open={open}
        title={t('召回 {lot}', { lot: lotNo })}
        okText={kind === 'mock' ? t('开始演练') : t('启动召回')}
        okButtonProps={{ danger: kind !== 'mock' }}
        confirmLoading={run.isPending}
        onOk={() => form.submit()}
        onCancel={() => setOpen(false)}
        afterClose={() => {
          run.reset()
          form.resetFields()
        }}
      >
        <Form<Order>
          form={form}
          layout="vertical"
          requiredMark={false}
          initialValues={{ kind: 'real' }}
          onFinish={(order) => run.mutate(order)}
        >
          <Form.Item
            name="kind"
            label={t('方式')}
            extra={
              kind === 'mock'
                ? t('只清点、不冻结，完成后按用时和查明比例评分。')
                : t('立即冻结这个批次和用它分装、加工的食品，通知全部持有人清点。')
            }
          >
            <Radio.Group
              options={[
                { value: 'real', label: t('召回') },
                { value: 'mock', label: t('模拟召回') },
              ]}
            />
          </Form.Item>
          <Form.Item
            name="reason"
            label={t('原因')}
            rules={[{ required: true, whitespace: true, message: t('请写明召回原因') }]}
          >
            <Input.TextArea rows={2} maxLength={300} />
          </Form.Item>
          <Form.Item
            name="orderedBy"
            label={t('下达人')}
            rules={[{ required: true, whitespace: true, message: t('请填写下达召回的人') }]}
          >
            <Input maxLength={80} />
          </Form.Item>
        </Form>
        <ProblemAlert error={run.error} fields />
      </Modal>
    </>
  )
}
