import { useMutation } from '@tanstack/react-query'
import type { ComplianceRule } from '@vigil/contract'
import { Form, Input, InputNumber, Modal, Switch } from 'antd'
import { t } from '../../../text.ts'
import { call } from '../../kernel/api.ts'
import { ProblemAlert } from '../../ui/states.tsx'
import { refresh } from './words.ts'

interface Values {
  enabled: boolean
  weight: number
  values: Record<string, number>
  note: string
}

/** Puts a new version of a rule in force. */
export function RuleDialog({
  rule,
  onClose,
}: {
  readonly rule: ComplianceRule | undefined
  readonly onClose: () => void
}) {
  const [form] = Form.useForm<Values>()
  const run = useMutation({
    mutationFn: (body: Values) =>
      call('compliance.change-rule', {
        params: { rule: rule?.rule ?? '' },
        body: {
          ...body,
          values: Object.entries(body.values).map(([name, value]) => ({ name, value })),
          version: rule?.version ?? 0,
        },
      }),
    onSuccess: () => {
      refresh()
      onClose()
    },
  })
  return (
    <Modal
      open={rule !== undefined}
      title={t('修改规则：{name}', { name: rule?.name ?? '' })}
      okText={t('生效')}
      confirmLoading={run.isPending}
      onOk={() => form.submit()}
      onCancel={onClose}
      afterClose={() => run.reset()}
      destroyOnHidden
    >
      <p className="hint">{rule?.meaning}</p>
      {rule ? (
        <Form
          form={form}
          layout="vertical"
          requiredMark={false}
          preserve={false}
          initialValues={{
            enabled: rule.enabled,
            weight: rule.weight,
            values: Object.fromEntries(rule.parameters.map(({ name, value }) => [name, value])),
          }}
          onFinish={(values) => run.mutate(values)}
        >
          <div className="conduct-rule-values">
            <Form.Item name="enabled" label={t('启用')} valuePropName="checked">
              <Switch />
            </Form.Item>
            <Form.Item name="weight" label={t('最多扣分')}>
              <InputNumber min={0} max={100} />
            </Form.Item>
            {rule.parameters.map(({ name, label, min, max }) => (
              <Form.Item key={name} name={['values', name]} label={label} extra={t('{min} 至 {max}', { min, max })}>
                <InputNumber />
              </Form.Item>
            ))}
          </div>
          <Form.Item
            name="note"
            label={t('修改原因')}
            rules={[{ required: true, whitespace: true, message: t('请写明修改原因') }]}
          >
            <Input.TextArea rows={2} maxLength={300} showCount />
          </Form.Item>
        </Form>
      ) : null}
      <ProblemAlert error={run.error} />
    </Modal>
  )
}
