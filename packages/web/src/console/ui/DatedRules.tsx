import { useMutation, useQuery } from '@tanstack/react-query'
import { Button, DatePicker, Form, Input, Modal, type TableColumnsType } from 'antd'
import dayjs, { type Dayjs } from 'dayjs'
import { type ReactNode, useState } from 'react'
import { t } from '../../text.ts'
import { useAreas } from '../kernel/areas.ts'
import { formatTime } from '../kernel/format.ts'
import { today } from '../kernel/period.ts'
import { fieldMessages } from '../kernel/problem.ts'
import { queryClient } from '../kernel/query.ts'
import { AreaPicker } from './AreaPicker.tsx'
import { DataTable } from './DataTable.tsx'
import { ProblemAlert } from './states.tsx'

/** A rule that holds in an area from a day on. */
interface DatedRule {
  readonly id: string
  readonly areaName: string
  readonly from: string
  readonly createdBy: string
  readonly createdAt: string
  readonly note: string
}

/** What every such rule is set by, as a server takes it. */
export interface DatedBody {
  readonly areaCode: string
  readonly from: string
  readonly note: string
}

type Common = { areaCode: string; from: Dayjs; note?: string }

interface Setting<V, R> {
  /** Heading of the form, and what its button says. */
  readonly title: string
  readonly okText: string
  readonly hint: string
  readonly initial: Partial<V>
  /** Fields above the row with the date, and in it. */
  readonly above?: ReactNode
  readonly beside: ReactNode
  readonly save: (common: DatedBody, values: V) => Promise<R>
}

function NewRule<V extends object, R>({
  query,
  setting: { title, okText, hint, initial, above, beside, save },
}: {
  readonly query: readonly unknown[]
  readonly setting: Setting<V, R>
}) {
  const areas = useAreas()
  const [form] = Form.useForm<V & Common>()
  const run = useMutation({
    mutationFn: (values: V & Common) => {
      const { areaCode, from, note } = values
      return save({ areaCode, from: from.format('YYYY-MM-DD'), note: note?.trim() ?? '' }, values)
    },
    onSuccess: () => {
      form.resetFields()
      void queryClient.invalidateQueries({ queryKey: [...query] })
    },
    onError: (error) => form.setFields(fieldMessages(error) as never),
  })
  const start = { areaCode: areas.roots[0]?.code, from: dayjs(today()), ...initial }
  return (
    <Form<V & Common>
      form={form}
      layout="vertical"
      requiredMark={false}
      initialValues={start}
      onFinish={(values) => run.mutate(values)}
    >
      <h3>{title}</h3>
      <p className="hint dated-hint">{hint}</p>
      <Form.Item name={'areaCode' as never} label={t('区划')} rules={[{ required: true, message: t('请选择区划') }]}>
        <AreaPicker areas={areas} className="wide" />
      </Form.Item>
      {above}
      <div className="form-row">
        <Form.Item name={'from' as never} label={t('生效日期')} rules={[{ required: true, message: t('请选择日期') }]}>
          <DatePicker className="wide" disabledDate={(day) => day.format('YYYY-MM-DD') < today()} />
        </Form.Item>
        {beside}
      </div>
      <Form.Item name={'note' as never} label={t('依据与说明')}>
        <Input maxLength={200} />
      </Form.Item>
      <ProblemAlert error={run.error} />
      <Button type="primary" htmlType="submit" loading={run.isPending}>
        {okText}
      </Button>
    </Form>
  )
}

/**
 * A button that opens the dated rules of a module: those that were set, and a form for a new one.
 * @param query key of the module; the rules are kept below it, and all of it is read anew after a change
 * @param setting left out for who may not set one
 */
export function DatedRulesButton<T extends DatedRule, V extends object, R>({
  label,
  hint,
  query,
  load,
  empty,
  columns,
  setting,
  width = 640,
}: {
  readonly label: string
  readonly hint?: string
  readonly query: readonly unknown[]
  readonly load: () => Promise<{ readonly items: readonly T[] }>
  readonly empty: string
  readonly columns: TableColumnsType<T>
  readonly setting: Setting<V, R> | undefined
  readonly width?: number
}) {
  const [open, setOpen] = useState(false)
  const list = useQuery({ queryKey: [...query, 'dated-rules'], queryFn: load, enabled: open })
  return (
    <>
      <Button onClick={() => setOpen(true)}>{label}</Button>
      <Modal
        open={open}
        title={label}
        width={width}
        footer={<Button onClick={() => setOpen(false)}>{t('关闭')}</Button>}
        onCancel={() => setOpen(false)}
        destroyOnHidden
      >
        <div className="stack">
          {hint ? <p className="hint">{hint}</p> : null}
          {list.data?.items.length === 0 ? (
            <p>{empty}</p>
          ) : (
            <DataTable<T>
              label={label}
              rowKey="id"
              rows={list.data?.items}
              error={list.error}
              retry={() => void list.refetch()}
              minWidth={460}
              columns={[
                { title: t('区划'), key: 'area', width: 130, render: (_, row) => row.areaName },
                { title: t('生效日期'), key: 'from', width: 110, render: (_, row) => row.from },
                ...columns,
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
          )}
          {setting ? <NewRule query={query} setting={setting} /> : null}
        </div>
      </Modal>
    </>
  )
}
