import { useMutation } from '@tanstack/react-query'
import { Button, type ButtonProps, Form, Modal } from 'antd'
import { type ReactNode, useState } from 'react'
import { fieldMessages } from '../../kernel/problem.ts'
import { ProblemAlert } from '../../ui/states.tsx'

/** Button that opens a form; the server's refusal is shown at its fields or above the button. */
export function FormDialog<V extends object, R>({
  label,
  title,
  okText,
  button,
  initial,
  width,
  submit,
  onDone,
  children,
}: {
  readonly label: ReactNode
  readonly title: string
  readonly okText: string
  readonly button?: ButtonProps
  readonly initial?: Partial<V>
  readonly width?: number
  readonly submit: (values: V) => Promise<R>
  readonly onDone?: (result: R) => void
  readonly children: ReactNode
}) {
  const [open, setOpen] = useState(false)
  const [form] = Form.useForm<V>()
  const run = useMutation({
    mutationFn: submit,
    onSuccess: (result) => {
      setOpen(false)
      onDone?.(result)
    },
    onError: (problem) => form.setFields(fieldMessages(problem) as never),
  })
  return (
    <>
      <Button {...button} onClick={() => setOpen(true)}>
        {label}
      </Button>
      <Modal
        open={open}
        title={title}
        okText={okText}
        confirmLoading={run.isPending}
        onOk={() => form.submit()}
        onCancel={() => setOpen(false)}
        afterClose={run.reset}
        destroyOnHidden
        {...(width ? { width } : {})}
      >
        <Form<V>
          form={form}
          layout="vertical"
          requiredMark={false}
          clearOnDestroy
          {...(initial ? { initialValues: initial } : {})}
          onFinish={(values) => run.mutate(values)}
        >
          {children}
          <ProblemAlert error={run.error} />
        </Form>
      </Modal>
    </>
  )
}
