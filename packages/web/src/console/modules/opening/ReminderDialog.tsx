import { useMutation, useQuery } from '@tanstack/react-query'
import { Button, Checkbox, DatePicker, Form, Input, Modal, TimePicker } from 'antd'
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
  told: boolean
  at: Dayjs
  note?: string
}

function NewRule() {
  const areas = useAreas()
  const [form] = Form.useForm<Values>()
  const isTold = Form.useWatch('told', form) ?? true
  const run = useMutation({
    mutationFn: ({ areaCode, from, told, at, note }: Values) =>
      call('opening.save-rule', {
        body: {
          areaCode,
          from: from.format('YYYY-MM-DD'),
          at: told ? at.format('HH:mm') : null,
          note: note?.trim() ?? '',
        },
      }),
    onSuccess: () => {
      form.resetFields()
      void queryClient.invalidateQueries({ queryKey: keys.opening })
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
        told: true,
        at: dayjs().hour(10).minute(0),
      }}
      onFinish={(values) => run.mutate(values)}
    >
      <h3>{t('新的推送时间')}</h3>
      <p className="hint">{t('所在区划有多条时，以最近一级、最晚生效的为准。')}</p>
      <Form.Item name="areaCode" label={t('区划')} rules={[{ required: true, message: t('请选择区划') }]}>
        <AreaPicker areas={areas} className="wide" />
      </Form.Item>
      <Form.Item name="told" valuePropName="checked">
        <Checkbox>{t('推送（不勾选：自生效日起不再推送）')}</Checkbox>
      </Form.Item>
      <div className="form-row">
        <Form.Item name="from" label={t('生效日期')} rules={[{ required: true, message: t('请选择日期') }]}>
          <DatePicker className="wide" disabledDate={(day) => day.format('YYYY-MM-DD') < today()} />
        </Form.Item>
        <Form.Item name="at" label={t('时间')} rules={[{ required: isTold, message: t('请选择时间') }]}>
          <TimePicker className="wide" format="HH:mm" minuteStep={5} disabled={!isTold} needConfirm={false} />
        </Form.Item>
      </div>
      <Form.Item name="note" label={t('依据与说明')}>
        <Input maxLength={200} />
      </Form.Item>
      <ProblemAlert error={run.error} />
      <Button type="primary" htmlType="submit" loading={run.isPending}>
        {t('保存时间')}
      </Button>
    </Form>
  )
}

/** From which time of day those in charge are told of the missing, with the day from which each time holds. */
export function ReminderButton() {
  const can = useCan()
  const [open, setOpen] = useState(false)
  const query = useQuery({
    queryKey: [...keys.opening, 'rules'],
    queryFn: () => call('opening.rules'),
    enabled: open,
  })
  return (
    <>
      <Button onClick={() => setOpen(true)}>{t('未签到推送')}</Button>
      <Modal
        open={open}
        title={t('未签到推送')}
        width={640}
        footer={<Button onClick={() => setOpen(false)}>{t('关闭')}</Button>}
        onCancel={() => setOpen(false)}
        destroyOnHidden
      >
        <div className="stack">
          <p className="hint">
            {t(
              '到时间仍未签到的药店，按各人选定的方式推送给县（市、区）和所的值班人员，每天每个区划一次，附名单链接。',
            )}
          </p>
          <DataTable
            label={t('未签到推送')}
            rowKey="id"
            rows={query.data?.items}
            error={query.error}
            retry={() => void query.refetch()}
            minWidth={460}
            empty={t('没有另行设定，按 10:00 推送')}
            columns={[
              { title: t('区划'), dataIndex: 'areaName', width: 130 },
              { title: t('生效日期'), dataIndex: 'from', width: 110 },
              { title: t('时间'), dataIndex: 'at', width: 90, render: (at: string | null) => at ?? t('不推送') },
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
