import { useMutation } from '@tanstack/react-query'
import { Button, Form, Modal } from 'antd'
import { type ReactNode, useState } from 'react'
import { t } from '../../../text.ts'
import { fieldMessages } from '../../kernel/problem.ts'
import { keys, queryClient } from '../../kernel/query.ts'
import { ProblemAlert } from '../../ui/states.tsx'

/** Button that opens a small form; what the server refuses is told in it. */
export function FormButton<V extends object>({
  label,
  primary = false,
  initial,
  onSend,
  children,
}: {
  readonly label: string
  readonly primary?: boolean
  readonly initial: Partial<V>
  readonly onSend: (values: V) => Promise<unknown>
  readonly children: ReactNode
}) {
  const [open, setOpen] = useState(false)
  const [form] = Form.useForm<V>()
  const run = useMutation({
    mutationFn: onSend,
    onSuccess: () => {
      setOpen(false)
      void queryClient.invalidateQueries({ queryKey: keys.staff })
    },
    onError: (error) => form.setFields(fieldMessages(error) as never),
  })
  return (
    <>
      <Button type={primary ? 'primary' : 'default'} onClick={() => setOpen(true)}>
        {label}
      </Button>
      <Modal
        open={open}
        title={label}
        okText={t('保存')}
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
          clearOnDestroy
          initialValues={initial}
          onFinish={(values) => run.mutate(values)}
        >
          {children}
        </Form>
        <ProblemAlert error={run.error} />
      </Modal>
    </>
  )
}
