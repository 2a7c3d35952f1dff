import { useMutation } from '@tanstack/react-query'
import type { Measure } from '@vigil/contract'
import { Button, type ButtonProps, Form, Input, InputNumber, Modal } from 'antd'
import { useState } from 'react'
import { measureKindNames } from '../../../terms.ts'
import { t } from '../../../text.ts'
import { call } from '../../kernel/api.ts'
import { formatCount } from '../../kernel/format.ts'
import { ProblemAlert } from '../../ui/states.tsx'
import { PeopleSelect } from './PeopleSelect.tsx'
import { refresh } from './words.ts'

type Kind = Measure['kind']
interface Values {
  note?: string
  dueDays: number
  assigneeId?: string
}

const says: Record<Kind, string> = {
  warning: t('发到药店登记端，店员须说明原因和整改措施。'),
  letter: t('每家一份带编号的提醒告诫书，药店在登记端签收，可下载 PDF。'),
  interview: t('通知药店负责人按时到监管所；约谈后在这里登记记录。'),
  task: t('交给执法人员现场检查，检查后登记结果；结果计入规则的准确记录。'),
  pledge: t('药店在登记端签署承诺，签署后即办结，可下载 PDF。'),
}
const usualDays: Record<Kind, number> = { warning: 3, letter: 5, interview: 5, task: 7, pledge: 5 }

/** Decides a measure for one store or many. Stores with an open one of the kind are passed over. */
export function ActButton({
  kind,
  stores,
  label,
  button,
  onDone,
}: {
  readonly kind: Kind
  readonly stores: readonly string[]
  /** Stands on the button in place of the measure's name. */
  readonly label?: string
  readonly button?: ButtonProps
  readonly onDone?: (created: number) => void
}) {
  const [open, setOpen] = useState(false)
  const [form] = Form.useForm<Values>()
  const run = useMutation({
    mutationFn: ({ note, dueDays, assigneeId }: Values) =>
      call('compliance.act', {
        body: {
          kind,
          storeCodes: [...stores],
          note: note?.trim() ?? '',
          dueDays,
          ...(assigneeId ? { assigneeId } : {}),
        },
      }),
    onSuccess: ({ created }) => {
      setOpen(false)
      refresh()
      onDone?.(created)
    },
  })
  const name = measureKindNames[kind]
  return (
    <>
      <Button {...button} onClick={() => setOpen(true)}>
        {label ?? name}
      </Button>
      <Modal
        open={open}
        title={stores.length > 1 ? t('{name}：{count} 家药店', { name, count: formatCount(stores.length) }) : name}
        okText={t('确定')}
        confirmLoading={run.isPending}
        onOk={() => form.submit()}
        onCancel={() => setOpen(false)}
        afterClose={() => run.reset()}
        destroyOnHidden
      >
        <p className="hint">{says[kind]}</p>
        <Form
          form={form}
          layout="vertical"
          requiredMark={false}
          preserve={false}
          initialValues={{ dueDays: usualDays[kind] }}
          onFinish={(values) => run.mutate(values)}
        >
          {kind === 'task' ? (
            <Form.Item
              name="assigneeId"
              label={t('执法人员')}
              rules={[{ required: true, message: t('请选择由谁检查') }]}
            >
              <PeopleSelect store={stores[0] ?? ''} />
            </Form.Item>
          ) : null}
          <Form.Item name="dueDays" label={t('几天内办理')} rules={[{ required: true, message: t('请填写天数') }]}>
            <InputNumber min={1} max={90} precision={0} />
          </Form.Item>
          <Form.Item name="note" label={t('补充说明（选填）')}>
            <Input.TextArea rows={3} maxLength={1000} showCount />
          </Form.Item>
        </Form>
        <ProblemAlert error={run.error} fields />
      </Modal>
    </>
  )
}

/** All measures for the stores given. */
export function ActButtons({
  stores,
  onDone,
}: {
  readonly stores: readonly string[]
  readonly onDone?: (created: number) => void
}) {
  const done = onDone ? { onDone } : {}
  return (
    <>
      <ActButton kind="warning" stores={stores} button={{ type: 'primary' }} {...done} />
      <ActButton kind="letter" stores={stores} {...done} />
      <ActButton kind="interview" stores={stores} {...done} />
      <ActButton kind="task" stores={stores} {...done} />
      <ActButton kind="pledge" stores={stores} {...done} />
    </>
  )
}
