import { useMutation } from '@tanstack/react-query'
import type { PurchaseItem } from '@vigil/contract'
import { App, Checkbox, Form, Input, Modal } from 'antd'
import { t } from '../../../text.ts'
import { call } from '../../kernel/api.ts'
import { fieldMessages } from '../../kernel/problem.ts'
import { keys, queryClient } from '../../kernel/query.ts'
import { ProblemAlert } from '../../ui/states.tsx'
import { DocumentFields, HealthFields, HistoryField, ItemFields, PersonFields, ProxyFields } from './CorrectFields.tsx'
import { type CorrectionValues, changesOf, parts, startOf } from './correction.ts'

const renamed = (path: (string | number)[]) => {
  const inner = path[0] === 'changes' ? path.slice(1) : path
  return inner[0] === 'temperatureTenths' ? ['temperature'] : inner
}

/** Corrects an entry: only the ticked parts, with a reason; the original is kept. */
export function CorrectDialog({
  item,
  open,
  onClose,
}: {
  readonly item: PurchaseItem
  readonly open: boolean
  readonly onClose: () => void
}) {
  const { message } = App.useApp()
  const [form] = Form.useForm<CorrectionValues>()
  const ticked = Form.useWatch('parts', form) ?? []
  const run = useMutation({
    mutationFn: (values: CorrectionValues) =>
      call('purchase.correct', {
        params: { id: item.id },
        body: { revision: item.revision, reason: values.reason.trim(), changes: changesOf(values) },
      }),
    onSuccess: () => {
      void queryClient.invalidateQueries({ queryKey: keys.purchases })
      void queryClient.invalidateQueries({ queryKey: keys.overview })
      void message.success(t('已更正，原记录保留'))
      onClose()
    },
    onError: (error) => form.setFields(fieldMessages(error, renamed) as never),
  })
  return (
    <Modal
      open={open}
      title={t('更正登记 {receiptNo}', { receiptNo: item.receiptNo })}
      width={640}
      okText={t('提交更正')}
      confirmLoading={run.isPending}
      onOk={() => form.submit()}
      onCancel={onClose}
      afterClose={() => run.reset()}
      destroyOnHidden
    >
      <p className="hint">{t('勾选要更正的部分；未勾选的不变。原记录保留，可随时查看。')}</p>
      <Form
        form={form}
        layout="vertical"
        requiredMark={false}
        clearOnDestroy
        initialValues={startOf(item)}
        onFinish={(values) => run.mutate(values)}
      >
        <Form.Item
          name="parts"
          label={t('更正内容')}
          rules={[{ required: true, type: 'array', min: 1, message: t('请至少勾选一项') }]}
        >
          <Checkbox.Group options={parts.map(({ value, label }) => ({ value, label }))} />
        </Form.Item>
        {ticked.includes('document') ? <DocumentFields /> : null}
        {ticked.includes('person') ? <PersonFields /> : null}
        {ticked.includes('items') ? <ItemFields known={item.items} /> : null}
        {ticked.includes('health') ? <HealthFields /> : null}
        {ticked.includes('proxy') ? <ProxyFields /> : null}
        {ticked.includes('history') ? <HistoryField /> : null}
        <Form.Item
          name="reason"
          label={t('更正理由')}
          rules={[{ required: true, whitespace: true, message: t('请写明更正理由') }]}
        >
          <Input.TextArea rows={2} maxLength={300} showCount />
        </Form.Item>
      </Form>
      <ProblemAlert error={run.error} />
    </Modal>
  )
}
