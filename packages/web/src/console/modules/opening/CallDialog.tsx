import { useMutation } from '@tanstack/react-query'
import type { OpeningStore } from '@vigil/contract'
import { callResults, closingReasons } from '@vigil/contract/terms'
import { DatePicker, Form, Input, Modal, Radio, Select } from 'antd'
import type { Dayjs } from 'dayjs'
import { callResultNames, closingReasonNames } from '../../../terms.ts'
import { t } from '../../../text.ts'
import { call } from '../../kernel/api.ts'
import { keys, queryClient } from '../../kernel/query.ts'
import { ProblemAlert } from '../../ui/states.tsx'

interface Values {
  result: (typeof callResults)[number]
  reason?: (typeof closingReasons)[number]
  note?: string
  backOn?: Dayjs | null
}

/** What a call to a missing store came to; open and closed are stated for the store. */
export function CallDialog({ store, onClose }: { store: OpeningStore | undefined; onClose: () => void }) {
  const [form] = Form.useForm<Values>()
  const result = Form.useWatch('result', form)
  const run = useMutation({
    mutationFn: ({ result: found, reason, note, backOn }: Values) =>
      call('opening.call', {
        body: {
          storeCode: store!.code,
          result: found,
          note: note?.trim() ?? '',
          ...(found === 'closed'
            ? { reason: reason ?? null, backOn: backOn ? backOn.format('YYYY-MM-DD') : null }
            : {}),
        },
      }),
    onSuccess: () => {
      void queryClient.invalidateQueries({ queryKey: keys.opening })
      onClose()
    },
  })
  return (
    <Modal
      open={store !== undefined}
      title={t('登记联系：{name}', { name: store?.name ?? '' })}
      okText={t('保存')}
      confirmLoading={run.isPending}
      onOk={() => form.submit()}
      onCancel={onClose}
      afterClose={() => run.reset()}
      destroyOnHidden
    >
      <p className="hint">
        {store?.phone ? t('电话 {phone}', { phone: store.phone }) : t('没有登记电话，可在“药店”中补充')}
      </p>
      <Form<Values>
        form={form}
        layout="vertical"
        requiredMark={false}
        clearOnDestroy
        onFinish={(values) => run.mutate(values)}
      >
        <Form.Item name="result" label={t('联系结果')} rules={[{ required: true, message: t('请选择联系结果') }]}>
          <Radio.Group
            className="vertical-choice"
            options={callResults.map((value) => ({ value, label: callResultNames[value] }))}
          />
        </Form.Item>
        {result === 'closed' ? (
          <>
            <Form.Item name="reason" label={t('停业原因')} rules={[{ required: true, message: t('请选择停业原因') }]}>
              <Select
                aria-label={t('停业原因')}
                options={closingReasons.map((value) => ({ value, label: closingReasonNames[value] }))}
              />
            </Form.Item>
            <Form.Item name="backOn" label={t('预计恢复营业')}>
              <DatePicker className="wide" />
            </Form.Item>
          </>
        ) : null}
        <Form.Item name="note" label={t('说明')}>
          <Input.TextArea rows={2} maxLength={200} showCount />
        </Form.Item>
      </Form>
      <ProblemAlert error={run.error} fields />
    </Modal>
  )
}
