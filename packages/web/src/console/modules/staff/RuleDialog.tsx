import { useMutation, useQuery } from '@tanstack/react-query'
import { Button, Checkbox, DatePicker, Form, Input, InputNumber, Modal } from 'antd'
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
  required: boolean
  cycleDays: number
  warnDays: number
  note?: string
}

function NewRule() {
  const areas = useAreas()
  const [form] = Form.useForm<Values>()
  const isRequired = Form.useWatch('required', form) ?? true
  const run = useMutation({
    mutationFn: ({ areaCode, from, required, cycleDays, warnDays, note }: Values) =>
      call('staff.save-rule', {
        body: {
          areaCode,
          from: from.format('YYYY-MM-DD'),
          cycleDays: required ? cycleDays : null,
          warnDays,
          note: note?.trim() ?? '',
        },
      }),
    onSuccess: () => {
      form.resetFields()
      void queryClient.invalidateQueries({ queryKey: keys.staff })
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
        required: true,
        cycleDays: 15,
        warnDays: 3,
      }}
      onFinish={(values) => run.mutate(values)}
    >
      <h3>{t('新的检测周期')}</h3>
      <p className="hint">
        {t('自生效日起执行，不影响以前各日的应检人数；所在区划有多条时，以最近一级、最晚生效的为准。')}
      </p>
      <Form.Item name="areaCode" label={t('区划')} rules={[{ required: true, message: t('请选择区划') }]}>
        <AreaPicker areas={areas} className="wide" />
      </Form.Item>
      <Form.Item name="required" valuePropName="checked">
        <Checkbox>{t('要求检测（不勾选：自生效日起不再要求）')}</Checkbox>
      </Form.Item>
      <div className="form-row">
        <Form.Item name="from" label={t('生效日期')} rules={[{ required: true, message: t('请选择日期') }]}>
          <DatePicker className="wide" disabledDate={(day) => day.format('YYYY-MM-DD') < today()} />
        </Form.Item>
        <Form.Item name="cycleDays" label={t('周期（天）')}>
          <InputNumber className="wide" min={1} max={90} precision={0} disabled={!isRequired} />
        </Form.Item>
        <Form.Item name="warnDays" label={t('提前提醒（天）')}>
          <InputNumber className="wide" min={0} max={30} precision={0} />
        </Form.Item>
      </div>
      <Form.Item name="note" label={t('依据与说明')}>
        <Input maxLength={200} />
      </Form.Item>
      <ProblemAlert error={run.error} />
      <Button type="primary" htmlType="submit" loading={run.isPending}>
        {t('保存周期')}
      </Button>
    </Form>
  )
}

/** Testing cycles with the day from which each holds; a new one for who may set it. */
export function RuleButton() {
  const can = useCan()
  const [open, setOpen] = useState(false)
  const query = useQuery({
    queryKey: [...keys.staff, 'rules'],
    queryFn: () => call('staff.rules'),
    enabled: open,
  })
  return (
    <>
      <Button onClick={() => setOpen(true)}>{t('检测周期')}</Button>
      <Modal
        open={open}
        title={t('检测周期')}
        width={680}
        footer={<Button onClick={() => setOpen(false)}>{t('关闭')}</Button>}
        onCancel={() => setOpen(false)}
        destroyOnHidden
      >
        <div className="stack">
          <DataTable
            label={t('检测周期')}
            rowKey="id"
            rows={query.data?.items}
            error={query.error}
            retry={() => void query.refetch()}
            minWidth={480}
            empty={t('还没有设定检测周期，暂不要求检测')}
            columns={[
              { title: t('区划'), dataIndex: 'areaName', width: 130 },
              { title: t('生效日期'), dataIndex: 'from', width: 110 },
              {
                title: t('周期'),
                key: 'cycle',
                width: 170,
                render: (_, row) =>
                  row.cycleDays === null
                    ? t('不要求检测')
                    : t('每 {days} 天，提前 {warn} 天提醒', { days: row.cycleDays, warn: row.warnDays }),
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
          {can('staff.manage') ? <NewRule /> : null}
        </div>
      </Modal>
    </>
  )
}
