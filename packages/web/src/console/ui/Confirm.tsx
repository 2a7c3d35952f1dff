import { useMutation } from '@tanstack/react-query'
import { Button, type ButtonProps, Form, Input, Modal } from 'antd'
import { type ReactNode, useState } from 'react'
import { t } from '../../text.ts'
import { ProblemAlert } from './states.tsx'

/** Button that asks first; asks for a reason too when `reason` is given. Shows the server's refusal in the dialog. */
export function ConfirmButton({
  label,
  title,
  children,
  reason = false,
  onConfirm,
  onDone,
  button,
  word,
}: {
  readonly label: ReactNode
  readonly title: string
  readonly children?: ReactNode
  readonly reason?: boolean
  readonly onConfirm: (reason: string) => Promise<unknown>
  readonly onDone?: () => void
  readonly button?: ButtonProps
  /** Word that must be typed before the button opens. */
  readonly word?: string
}) {
  const [open, setOpen] = useState(false)
  const [form] = Form.useForm<{ reason?: string; word?: string }>()
  const typed = Form.useWatch('word', form)
  const run = useMutation({
    mutationFn: onConfirm,
    onSuccess: () => {
      setOpen(false)
      onDone?.()
    },
  })
  return (
    <>
      <Button
        {...button}
        onClick={(event) => {
          event.stopPropagation()
          setOpen(true)
        }}
      >
        {label}
      </Button>
      <Modal
        open={open}
        title={title}
        okText={t('确定')}
        okButtonProps={{ danger: button?.danger ?? false, disabled: word !== undefined && typed !== word }}
        confirmLoading={run.isPending}
        onOk={() => form.submit()}
        onCancel={() => setOpen(false)}
        afterClose={() => {
          run.reset()
          form.resetFields()
        }}
      >
        {children}
        <Form
          form={form}
          layout="vertical"
          preserve={false}
          requiredMark={false}
          onFinish={({ reason: given }) => run.mutate(given?.trim() ?? '')}
        >
          {reason ? (
            <Form.Item
              name="reason"
              label={t('理由')}
              rules={[{ required: true, whitespace: true, message: t('请写明理由，将记入审计日志') }]}
            >
              <Input.TextArea rows={3} maxLength={300} showCount />
            </Form.Item>
          ) : null}
          {word !== undefined ? (
            <Form.Item name="word" label={t('请输入 {word} 以确认', { word })}>
              <Input autoComplete="off" />
            </Form.Item>
          ) : null}
        </Form>
        <ProblemAlert error={run.error} fields />
      </Modal>
    </>
  )
}
