import { useMutation } from '@tanstack/react-query'
import type { ColdRecallLine } from '@vigil/contract'
import { Button, Form, Input, InputNumber, Modal } from 'antd'
import { useState } from 'react'
import { t } from '../../../text.ts'
import { call } from '../../kernel/api.ts'
import { keys, queryClient } from '../../kernel/query.ts'
import { ProblemAlert } from '../../ui/states.tsx'
import { weight } from './words.ts'

/** Records what a holder found of a recalled lot. */
export function CountButton({ recallId, line }: { readonly recallId: string; readonly line: ColdRecallLine }) {
  const [open, setOpen] = useState(false)
  const [form] = Form.useForm<{ grams: number; note?: string }>()
  const { holderId, lotId } = line
  const run = useMutation({
    mutationFn: ({ grams, note }: { grams: number; note?: string }) =>
      call('cold-recall.count', { params: { id: recallId }, body: { holderId, lotId, grams, note: note ?? '' } }),
    onSuccess: () => {
      setOpen(false)
      void queryClient.invalidateQueries({ queryKey: keys.coldchain })
    },
  })
  return (
    <>
      <Button size="small" onClick={() => setOpen(true)}>
        {t('登记清点')}
      </Button>
      <Modal
        open={open}
        title={t('{holder} 清点 {lot}', { holder: line.holderName, lot: line.lotNo })}
        okText={t('确定')}
        confirmLoading={run.isPending}
        onOk={() => form.submit()}
        onCancel={() => setOpen(false)}
        afterClose={() => {
          run.reset()
          form.resetFields()
        }}
      >
        <p>{t('账面整批 {mass}；少于账面的部分将记为去向不明。', { mass: weight(line.mass) })}</p>
        <Form form={form} layout="vertical" requiredMark={false} onFinish={(found) => run.mutate(found)}>
          <Form.Item
            name="grams"
            label={t('实际清点（克）')}
            rules={[{ required: true, message: t('请填写清点到的重量') }]}
          >
            <InputNumber min={0} max={1_000_000_000_000} precision={0} style={{ width: '100%' }} />
          </Form.Item>
          <Form.Item name="note" label={t('说明')}>
            <Input maxLength={300} />
          </Form.Item>
        </Form>
        <ProblemAlert error={run.error} fields />
      </Modal>
    </>
  )
}
