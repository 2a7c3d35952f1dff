import { useMutation } from '@tanstack/react-query'
import type { Measure } from '@vigil/contract'
import { Button, Form, Input, Modal, Radio } from 'antd'
import { useState } from 'react'
import { measureKindNames, measureOutcomeNames } from '../../../terms.ts'
import { t } from '../../../text.ts'
import { call } from '../../kernel/api.ts'
import { ProblemAlert } from '../../ui/states.tsx'
import { refresh } from './words.ts'

interface Values {
  outcome: NonNullable<Measure['outcome']>
  result: string
}

/** Closes a measure with its finding. */
export function SettleButton({ measure }: { readonly measure: Measure }) {
  const [open, setOpen] = useState(false)
  const [form] = Form.useForm<Values>()
  const run = useMutation({
    mutationFn: (body: Values) => call('compliance.settle', { params: { id: measure.id }, body }),
    onSuccess: () => {
      setOpen(false)
      refresh()
    },
  })
  return (
    <>
      <Button size="small" type="primary" onClick={() => setOpen(true)}>
        {t('登记结果')}
      </Button>
      <Modal
        open={open}
        title={t('{kind}结果：{store}', { kind: measureKindNames[measure.kind], store: measure.storeName })}
        okText={t('办结')}
        confirmLoading={run.isPending}
        onOk={() => form.submit()}
        onCancel={() => setOpen(false)}
        afterClose={() => run.reset()}
        destroyOnHidden
      >
        <Form
          form={form}
          layout="vertical"
          requiredMark={false}
          preserve={false}
          onFinish={(values) => run.mutate(values)}
        >
          <Form.Item name="outcome" label={t('问题是否属实')} rules={[{ required: true, message: t('请选择') }]}>
            <Radio.Group options={Object.entries(measureOutcomeNames).map(([value, label]) => ({ value, label }))} />
          </Form.Item>
          <Form.Item
            name="result"
            label={t('办理结果')}
            rules={[{ required: true, whitespace: true, message: t('请填写办理结果') }]}
          >
            <Input.TextArea rows={4} maxLength={1000} showCount />
          </Form.Item>
        </Form>
        <ProblemAlert error={run.error} fields />
      </Modal>
    </>
  )
}
