import { useMutation, useQuery } from '@tanstack/react-query'
import { Button, DatePicker, Form, Input, InputNumber, Modal } from 'antd'
import dayjs, { type Dayjs } from 'dayjs'
import { useState } from 'react'
import { t } from '../../../text.ts'
import { call } from '../../kernel/api.ts'
import { useAreas } from '../../kernel/areas.ts'
import { formatTime } from '../../kernel/format.ts'
import { today } from '../../kernel/period.ts'
import { fieldMessages } from '../../kernel/problem.ts'
import { keys, queryClient } from '../../kernel/query.ts'
import { useCan } from '../../kernel/session.ts'
import { AreaPicker } from '../../ui/AreaPicker.tsx'
import { DataTable } from '../../ui/DataTable.tsx'
import { ProblemAlert } from '../../ui/states.tsx'

interface Values {
  areaCode: string
  from: Dayjs
  upDays: number
  note?: string
}

function NewRule() {
  const areas = useAreas()
  const [form] = Form.useForm<Values>()
  const run = useMutation({
    mutationFn: ({ areaCode, from, upDays, note }: Values) =>
      call('compliance.save-overdue-rule', {
        body: {
          areaCode,
          from: from.format('YYYY-MM-DD'),
          upDays,
          note: note?.trim() ?? '',
        },
      }),
    onSuccess: () => {
      form.resetFields()
      void queryClient.invalidateQueries({ queryKey: keys.compliance })
    },
    onError: (error) => form.setFields(fieldMessages(error) as never),
  })
  return (
    <Form<Values>
      form={form}
      layout="vertical"
      requiredMark={false}
      initialValues={{
        areaCode: areas.roots[0]?.code,
        from: dayjs(today()),
        upDays: 3,
      }}
      onFinish={(values) => run.mutate(values)}
    >
      <h3>{t('新的上报间隔')}</h3>
      <p className="hint">{t('所在区划有多条时，以最近一级、最晚生效的为准。')}</p>
      <Form.Item name="areaCode" label={t('区划')} rules={[{ required: true, message: t('请选择区划') }]}>
        <AreaPicker areas={areas} className="wide" />
      </Form.Item>
      <div className="form-row">
        <Form.Item name="from" label={t('生效日期')} rules={[{ required: true, message: t('请选择日期') }]}>
          <DatePicker className="wide" disabledDate={(day) => day.format('YYYY-MM-DD') < today()} />
        </Form.Item>
        <Form.Item name="upDays" label={t('每级间隔（天）')} rules={[{ required: true, message: t('请填写天数') }]}>
          <InputNumber className="wide" min={1} max={30} precision={0} />
        </Form.Item>
      </div>
      <Form.Item name="note" label={t('依据与说明')}>
        <Input maxLength={200} />
      </Form.Item>
      <ProblemAlert error={run.error} />
      <Button type="primary" htmlType="submit" loading={run.isPending}>
        {t('保存间隔')}
      </Button>
    </Form>
  )
}

/** After how many days what is overdue goes to the next level, with the day from which each rule holds. */
export function OverdueButton() {
  const can = useCan()
  const [open, setOpen] = useState(false)
  const query = useQuery({
    queryKey: [...keys.compliance, 'overdue-rules'],
    queryFn: () => call('compliance.overdue-rules'),
    enabled: open,
  })
  return (
    <>
      <Button onClick={() => setOpen(true)}>{t('逾期上报')}</Button>
      <Modal
        open={open}
        title={t('逾期上报')}
        width={640}
        footer={<Button onClick={() => setOpen(false)}>{t('关闭')}</Button>}
        onCancel={() => setOpen(false)}
        destroyOnHidden
      >
        <div className="stack">
          <p className="hint">
            {t(
              '限期已到仍未办理的处置，先推送给所在监管所，此后每隔几天再报上一级，直到市局；每级一次，并附下一步建议。',
            )}
          </p>
          <DataTable
            label={t('逾期上报')}
            rowKey="id"
            rows={query.data?.items}
            error={query.error}
            retry={() => void query.refetch()}
            minWidth={460}
            empty={t('没有另行设定，每级间隔 3 天')}
            columns={[
              { title: t('区划'), dataIndex: 'areaName', width: 130 },
              { title: t('生效日期'), dataIndex: 'from', width: 110 },
              {
                title: t('每级间隔'),
                dataIndex: 'upDays',
                width: 100,
                render: (count: number) => t('{count} 天', { count }),
              },
              {
                title: t('设定'),
                key: 'created',
                render: (_, row) => (
                  <>
                    <div>
                      {row.createdBy} {formatTime(row.createdAt)}
                    </div>
                    <div className="muted">{row.note}</div>
                  </>
                ),
              },
            ]}
          />
          {can('rule.manage') ? <NewRule /> : null}
        </div>
      </Modal>
    </>
  )
}
