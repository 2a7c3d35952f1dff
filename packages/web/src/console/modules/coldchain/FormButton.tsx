import { useMutation } from '@tanstack/react-query'
import { Button, type ButtonProps, Form, Modal } from 'antd'
import { type ReactNode, useState } from 'react'
import { fieldMessages } from '../../kernel/problem.ts'
import { keys, queryClient } from '../../kernel/query.ts'
import { ProblemAlert } from '../../ui/states.tsx'

/** Button with a form in a dialog; reads the cold chain anew once it is done. Shows the server's refusal in the dialog. */
export function FormButton<V extends object>({
  label,
  title,
  okText,
  initial,
  submit,
  onDone,
  button,
  width = 520,
  children,
}: {
  readonly label: ReactNode
  readonly title: string
  readonly okText: string
  readonly initial?: Partial<V>
  readonly submit: (values: V) => Promise<unknown>
  readonly onDone?: () => void
  readonly button?: ButtonProps
  readonly width?: number
  readonly children: ReactNode
}) {
  const [open, setOpen] = useState(false)
  const [form] = Form.useForm<V>()
  const run = useMutation({
    mutationFn: submit,
    onSuccess: () => {
      setOpen(false)
      void queryClient.invalidateQueries({ queryKey: keys.coldchain })
      onDone?.()
    },
    onError: (error) => form.setFields(fieldMessages(error) as never),
  })
  return (
    <>
      <Button {...button} onClick={() => setOpen(true)}>
        {label}
      </Button>
      <Modal
        open={open}
        title={title}
        width={width}
        okText={okText}
        okButtonProps={{ danger: button?.danger ?? false }}
        confirmLoading={run.isPending}
        onOk={() => form.submit()}
        onCancel={() => setOpen(false)}
        afterClose={() => {
          run.reset()
          form.resetFields()
        }}
        destroyOnHidden
      >
        <Form<V>
          form={form}
          layout="vertical"
          requiredMark={false}
          preserve={false}
          {...(initial ? { initialValues: initial } : {})}
          onFinish={(values) => run.mutate(values)}
        >
          {children}
        </Form>
        <ProblemAlert error={run.error} />
      </Modal>
    </>
  )
}
