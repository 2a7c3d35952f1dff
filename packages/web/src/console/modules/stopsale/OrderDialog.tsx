import { useMutation } from '@tanstack/react-query'
import type { StopSale, StopSaleItem } from '@vigil/contract'
import { DatePicker, Form, Input, Modal } from 'antd'
import dayjs, { type Dayjs } from 'dayjs'
import { t } from '../../../text.ts'
import { call } from '../../kernel/api.ts'
import { useAreas } from '../../kernel/areas.ts'
import { today } from '../../kernel/period.ts'
import { fieldMessages } from '../../kernel/problem.ts'
import { keys, queryClient } from '../../kernel/query.ts'
import { AreaPicker } from '../../ui/AreaPicker.tsx'
import { ProblemAlert } from '../../ui/states.tsx'
import { type Chosen, ItemEditor } from './ItemEditor.tsx'

interface Values {
  name: string
  areaCode: string
  from: Dayjs
  to: Dayjs | null
  reason: string
  documentNo?: string
  items: Chosen[]
}

/** An order with the lines that it has now. */
export interface Edited {
  readonly order: StopSale
  readonly items: readonly StopSaleItem[]
}

const dayText = (day: Dayjs) => day.format('YYYY-MM-DD')

const valuesOf = ({ order, items }: Edited): Values => ({
  name: order.name,
  areaCode: order.areaCode,
  from: dayjs(order.from),
  to: order.to ? dayjs(order.to) : null,
  reason: order.reason,
  documentNo: order.documentNo,
  items: items.filter(({ to }) => to === null).map(({ kind, value, name }) => ({ kind, value, name })),
})

/** Writes an order, or changes one; of an issued one only its end, reason and lines. */
export function OrderDialog({
  order,
  onClose,
  onSaved,
}: {
  readonly order: Edited | 'new' | undefined
  readonly onClose: () => void
  readonly onSaved: (saved: StopSale) => void
}) {
  const areas = useAreas()
  const [form] = Form.useForm<Values>()
  const known = order === 'new' ? undefined : order
  const begun = known !== undefined && known.order.state !== 'draft'
  const run = useMutation({
    mutationFn: (values: Values) => {
      const body = {
        name: values.name.trim(),
        areaCode: values.areaCode,
        from: dayText(values.from),
        to: values.to ? dayText(values.to) : null,
        reason: values.reason.trim(),
        documentNo: values.documentNo?.trim() ?? '',
        items: values.items.map(({ kind, value }) => ({ kind, value })),
      }
      if (!known) return call('stop-sale.create', { body })
      const { id, revision } = known.order
      return call('stop-sale.change', { params: { id }, body: { ...body, revision } })
    },
    onSuccess: (saved) => {
      void queryClient.invalidateQueries({ queryKey: keys.stopSales })
      onSaved(saved)
    },
    onError: (error) => form.setFields(fieldMessages(error) as never),
  })
  return (
    <Modal
      open={order !== undefined}
      title={known ? t('修改目录') : t('起草停售目录')}
      width={720}
      okText={t('保存')}
      confirmLoading={run.isPending}
      onOk={() => form.submit()}
      onCancel={onClose}
      afterClose={() => run.reset()}
      destroyOnHidden
    >
      {begun ? (
        <p className="hint">{t('已发布的目录只能改截止日期、原因和药品；增减药品从现在起生效，不影响以往。')}</p>
      ) : null}
      <Form
        form={form}
        key={known?.order.id ?? 'new'}
        layout="vertical"
        requiredMark={false}
        clearOnDestroy
        initialValues={
          known ? valuesOf(known) : { areaCode: areas.roots[0]?.code, from: dayjs(today()), to: null, items: [] }
        }
        onFinish={(values) => run.mutate(values)}
      >
        <Form.Item
          name="name"
          label={t('目录名称')}
          rules={[{ required: true, whitespace: true, message: t('请填写名称') }]}
        >
          <Input maxLength={60} disabled={begun} placeholder={t('如：暂停销售退烧药品目录')} />
        </Form.Item>
        <Form.Item name="areaCode" label={t('区划')} rules={[{ required: true, message: t('请选择区划') }]}>
          {begun ? <Input disabled /> : <AreaPicker areas={areas} className="wide" />}
        </Form.Item>
        <div className="form-row">
          <Form.Item name="from" label={t('起')} rules={[{ required: true, message: t('请选择开始日期') }]}>
            <DatePicker className="wide" disabled={begun} />
          </Form.Item>
          <Form.Item name="to" label={t('止（不填为另行通知）')}>
            <DatePicker className="wide" minDate={dayjs(today())} />
          </Form.Item>
        </div>
        <Form.Item name="documentNo" label={t('文号（选填）')}>
          <Input maxLength={60} />
        </Form.Item>
        <Form.Item
          name="reason"
          label={t('原因')}
          rules={[{ required: true, whitespace: true, message: t('请写明原因，店员会看到') }]}
        >
          <Input.TextArea rows={2} maxLength={500} showCount />
        </Form.Item>
        <Form.Item
          name="items"
          label={t('药品')}
          rules={[{ required: true, type: 'array', min: 1, message: t('请至少选一种药品') }]}
        >
          <ItemEditor />
        </Form.Item>
      </Form>
      <ProblemAlert error={run.error} fields />
    </Modal>
  )
}
