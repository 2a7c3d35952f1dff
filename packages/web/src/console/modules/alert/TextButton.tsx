import { useMutation } from '@tanstack/react-query'
import { Button, Form, Input, Modal } from 'antd'
import { type ReactNode, useState } from 'react'
import { t } from '../../../text.ts'
import { keys, queryClient } from '../../kernel/query.ts'
import { ProblemAlert } from '../../ui/states.tsx'

/** Asks the server again for whatever shows alerts. */
export const refresh = (): void => void queryClient.invalidateQueries({ queryKey: keys.alerts })

/** Button with a dialog that holds one form; the server's refusal is shown in it. */
export function FormButton<V extends object>({
  label,
  title,
  initial,
  send,
  primary = false,
  small = false,
  children,
}: {
  readonly label: string
  readonly title: string
  readonly initial: V
  readonly send: (values: V) => Promise<unknown>
  readonly primary?: boolean
  readonly small?: boolean
  readonly children: ReactNode
}) {
  const [open, setOpen] = useState(false)
  const [form] = Form.useForm<V>()
  const run = useMutation({ mutationFn: send, onSuccess: () => setOpen(false) })
  return (
    <>
      <Button
        {...(primary ? { type: 'primary' as const } : {})}
        {...(small ? { size: 'small' as const } : {})}
        onClick={() => setOpen(true)}
      >
        {label}
      </Button>
      <Modal
        open={open}
        title={title}
        okText={t('确定')}
        confirmLoading={run.isPending}
        onOk={() => form.submit()}
        onCancel={() => setOpen(false)}
        afterClose={() => run.reset()}
        destroyOnHidden
      >
        <Form<V>
          form={form}
          layout="vertical"
          requiredMark={false}
          preserve={false}
          initialValues={initial}
          onFinish={(values) => run.mutate(values)}
        >
          {children}
        </Form>
        <ProblemAlert error={run.error} fields />
      </Modal>
    </>
  )
}

/** A text of several lines that must be written. */
export function TextField({
  label,
  placeholder,
  max = 1000,
  required = true,
}: {
  readonly label: string
  readonly placeholder?: string
  readonly max?: number
  readonly required?: boolean
}) {
  const rules = required ? [{ required: true, whitespace: true, message: t('请填写{label}', { label }) }] : []
  return (
    <Form.Item name="text" label={label} rules={rules}>
      <Input.TextArea rows={4} maxLength={max} showCount {...(placeholder ? { placeholder } : {})} />
    </Form.Item>
  )
}

/** Button that asks for one text. */
export function TextButton({
  label,
  title,
  field,
  small = false,
  primary = false,
  required = true,
  send,
}: {
  readonly label: string
  readonly title: string
  readonly field: string
  readonly small?: boolean
  readonly primary?: boolean
  readonly required?: boolean
  readonly send: (text: string) => Promise<unknown>
}) {
  return (
    <FormButton<{ text: string }>
      label={label}
      title={title}
      small={small}
      primary={primary}
      initial={{ text: '' }}
      send={({ text }) => send(text ?? '')}
    >
      <TextField label={field} max={500} required={required} />
    </FormButton>
  )
}
