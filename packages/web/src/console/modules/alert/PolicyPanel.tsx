import { useQuery } from '@tanstack/react-query'
import type { AlertPolicy } from '@vigil/contract'
import { alertGrades } from '@vigil/contract/terms'
import { DatePicker, Form, InputNumber } from 'antd'
import dayjs, { type Dayjs } from 'dayjs'
import { t } from '../../../text.ts'
import { call } from '../../kernel/api.ts'
import { today } from '../../kernel/period.ts'
import { keys } from '../../kernel/query.ts'
import { DataTable } from '../../ui/DataTable.tsx'
import { grades } from '../../ui/GradeMark.tsx'
import { Panel } from '../../ui/Page.tsx'
import { FormButton, refresh } from './TextButton.tsx'
import { spanText } from './words.ts'

type Values = Omit<AlertPolicy, 'validFrom'> & { validFrom: Dayjs }

/** Deadlines of the first response by grade, with the day from which they count. */
export function PolicyPanel({ manage }: { readonly manage: boolean }) {
  const query = useQuery({ queryKey: [...keys.alerts, 'policies'], queryFn: () => call('alert.policies') })
  const rows = query.data?.items
  const newest = rows?.[0]
  return (
    <Panel
      flush
      title={t('响应时限')}
      extra={
        manage && newest ? (
          <FormButton<Values>
            label={t('调整时限')}
            title={t('调整响应时限')}
            initial={{ ...newest, validFrom: dayjs(today()) }}
            send={({ validFrom, ...values }) =>
              call('alert.set-policy', { body: { ...values, validFrom: validFrom.format('YYYY-MM-DD') } }).then(refresh)
            }
          >
            <Form.Item name="validFrom" label={t('生效日期')} rules={[{ required: true, message: t('请选择日期') }]}>
              <DatePicker allowClear={false} />
            </Form.Item>
            {alertGrades.map((grade) => (
              <Form.Item key={grade} name={grade} label={t('{grade}：分钟', { grade: grades[grade].name })}>
                <InputNumber min={5} max={10_080} precision={0} />
              </Form.Item>
            ))}
            <Form.Item name="quietDays" label={t('连续多少天回落视为消退')}>
              <InputNumber min={1} max={14} precision={0} />
            </Form.Item>
          </FormButton>
        ) : null
      }
    >
      <DataTable<AlertPolicy>
        label={t('响应时限')}
        rowKey="validFrom"
        rows={rows}
        error={query.error}
        retry={() => void query.refetch()}
        minWidth={560}
        columns={[
          { title: t('生效日期'), dataIndex: 'validFrom' },
          ...[...alertGrades].reverse().map((grade) => ({
            title: grades[grade].name,
            dataIndex: grade,
            render: (value: number) => spanText(value),
          })),
          { title: t('消退'), dataIndex: 'quietDays', render: (days: number) => t('{days} 天无异常', { days }) },
        ]}
      />
    </Panel>
  )
}
