import { useMutation } from '@tanstack/react-query'
import type { DrugClass, Duty } from '@vigil/contract'
import { drugClasses, drugClassNames } from '@vigil/contract/terms'
import { Checkbox, DatePicker, Form, Input, Modal } from 'antd'
import dayjs, { type Dayjs } from 'dayjs'
import { t } from '../../../text.ts'
import { call } from '../../kernel/api.ts'
import { useAreas } from '../../kernel/areas.ts'
import { today } from '../../kernel/period.ts'
import { fieldMessages } from '../../kernel/problem.ts'
import { keys, queryClient } from '../../kernel/query.ts'
import { AreaPicker } from '../../ui/AreaPicker.tsx'
import { ProblemAlert } from '../../ui/states.tsx'

interface Values {
  areaCode: string
  classes: DrugClass[]
  from: Dayjs
  to: Dayjs | null
  note?: string
}

const dayText = (day: Dayjs) => day.format('YYYY-MM-DD')

/** Adds or changes a registration duty. */
export function DutyDialog({ duty, onClose }: { duty: Duty | 'new' | undefined; onClose: () => void }) {
  const areas = useAreas()
  const [form] = Form.useForm<Values>()
  const known = duty === 'new' ? undefined : duty
  const run = useMutation({
    mutationFn: (values: Values) =>
      call('duty.save', {
        body: {
          ...(known ? { id: known.id } : {}),
          areaCode: values.areaCode,
          classes: values.classes,
          from: dayText(values.from),
          to: values.to ? dayText(values.to) : null,
          note: values.note?.trim() ?? '',
        },
      }),
    onSuccess: () => {
      void queryClient.invalidateQueries({ queryKey: keys.duties })
      onClose()
    },
    onError: (error) => form.setFields(fieldMessages(error) as never),
  })
  return (
    <Modal
      open={duty !== undefined}
      title={known ? t('修改登记范围') : t('新增登记范围')}
      okText={t('保存')}
      confirmLoading={run.isPending}
      onOk={() => form.submit()}
      onCancel={onClose}
      afterClose={() => run.reset()}
      destroyOnHidden
    >
      <Form
        form={form}
        key={known?.id ?? 'new'}
        layout="vertical"
        requiredMark={false}
        clearOnDestroy
        initialValues={
          known
            ? { ...known, from: dayjs(known.from), to: known.to ? dayjs(known.to) : null }
            : { areaCode: areas.roots[0]?.code, classes: [...drugClasses], from: dayjs(today()), to: null }
        }
        onFinish={(values) => run.mutate(values)}
      >
        <Form.Item name="areaCode" label={t('区划')} rules={[{ required: true, message: t('请选择区划') }]}>
          <AreaPicker areas={areas} className="wide" />
        </Form.Item>
        <Form.Item
          name="classes"
          label={t('药品类别')}
          rules={[{ required: true, type: 'array', min: 1, message: t('请至少选择一类') }]}
        >
          <Checkbox.Group options={drugClasses.map((value) => ({ value, label: drugClassNames[value] }))} />
        </Form.Item>
        <div className="form-row">
          <Form.Item name="from" label={t('起')} rules={[{ required: true, message: t('请选择开始日期') }]}>
            <DatePicker className="wide" />
          </Form.Item>
          <Form.Item
            name="to"
            label={t('止（不填为长期）')}
            dependencies={['from']}
            rules={[
              ({ getFieldValue }) => ({
                validator: async (_, to: Dayjs | null) => {
                  if (to?.isBefore(getFieldValue('from'), 'day')) throw new Error(t('不能早于开始日期'))
                },
              }),
            ]}
          >
            <DatePicker className="wide" />
          </Form.Item>
        </div>
        <Form.Item name="note" label={t('依据与说明')}>
          <Input.TextArea rows={2} maxLength={200} showCount placeholder={t('文号、通告名称等')} />
        </Form.Item>
      </Form>
      <ProblemAlert error={run.error} />
    </Modal>
  )
}
