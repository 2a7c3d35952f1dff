import { useMutation } from '@tanstack/react-query'
import type { Destination } from '@vigil/contract'
import { Button, DatePicker, Form, Modal } from 'antd'
import dayjs, { type Dayjs } from 'dayjs'
import { useState } from 'react'
import { t } from '../../../text.ts'
import { call } from '../../kernel/api.ts'
import { today } from '../../kernel/period.ts'
import { fieldMessages } from '../../kernel/problem.ts'
import { keys, queryClient } from '../../kernel/query.ts'
import { ProblemAlert } from '../../ui/states.tsx'

interface Values {
  from: Dayjs
  to: Dayjs
}
const dayText = (day: Dayjs) => day.format('YYYY-MM-DD')

/** Makes the file of a period anew and sends it. */
export function PushButton({ destination }: { destination: Destination }) {
  const [open, setOpen] = useState(false)
  const [form] = Form.useForm<Values>()
  const run = useMutation({
    mutationFn: ({ from, to }: Values) =>
      call('sharing.push', { params: { id: destination.id }, body: { from: dayText(from), to: dayText(to) } }),
    onSuccess: () => {
      setOpen(false)
      void queryClient.invalidateQueries({ queryKey: keys.sharing })
    },
    onError: (error) => form.setFields(fieldMessages(error) as never),
  })
  return (
    <>
      <Button type="primary" disabled={destination.state === 'paused'} onClick={() => setOpen(true)}>
        {t('推送一段时间')}
      </Button>
      <Modal
        open={open}
        title={t('推送：{name}', { name: destination.name })}
        okText={t('推送')}
        confirmLoading={run.isPending}
        onOk={() => form.submit()}
        onCancel={() => setOpen(false)}
        afterClose={() => run.reset()}
        destroyOnHidden
      >
        <p className="hint">{t('按现在的数据重新生成文件，作为该期间的新版本推送。')}</p>
        <Form
          form={form}
          layout="vertical"
          requiredMark={false}
          preserve={false}
          initialValues={{ from: dayjs(today()), to: dayjs(today()) }}
          onFinish={(values) => run.mutate(values)}
        >
          <div className="form-row">
            <Form.Item name="from" label={t('起')} rules={[{ required: true, message: t('请选择开始日期') }]}>
              <DatePicker className="wide" />
            </Form.Item>
            <Form.Item name="to" label={t('止')} rules={[{ required: true, message: t('请选择结束日期') }]}>
              <DatePicker className="wide" />
            </Form.Item>
          </div>
        </Form>
        <ProblemAlert error={run.error} fields />
      </Modal>
    </>
  )
}
