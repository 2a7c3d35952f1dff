import { exemptReasons, leaveReasons, testOutcomes } from '@vigil/contract/terms'
import { DatePicker, Form, Input, Radio, Select } from 'antd'
import dayjs, { type Dayjs } from 'dayjs'
import { exemptReasonNames, leaveReasonNames, testOutcomeNames } from '../../../terms.ts'
import { t } from '../../../text.ts'
import { call } from '../../kernel/api.ts'
import { today } from '../../kernel/period.ts'
import { FormButton } from './FormButton.tsx'

const dayText = (day: Dayjs) => day.format('YYYY-MM-DD')

interface ResultValues {
  sampledAt: Dayjs
  outcome: (typeof testOutcomes)[number]
  code?: string
  lab?: string
}

/** Enters a test of a worker; the field of the code takes what a hand scanner types. */
export function ResultButton({ id }: { id: string }) {
  return (
    <FormButton<ResultValues>
      label={t('登记检测')}
      primary
      initial={{ sampledAt: dayjs(), outcome: 'negative' }}
      onSend={({ sampledAt, outcome, code, lab }) =>
        call('staff.result', {
          body: {
            memberId: id,
            outcome,
            sampledAt: sampledAt.toISOString(),
            ...(code?.trim() ? { code: code.trim() } : {}),
            ...(lab?.trim() ? { lab: lab.trim() } : {}),
          },
        })
      }
    >
      <Form.Item name="sampledAt" label={t('采样时间')} rules={[{ required: true, message: t('请选择采样时间') }]}>
        <DatePicker
          className="wide"
          showTime={{ format: 'HH:mm' }}
          format="YYYY-MM-DD HH:mm"
          disabledDate={(day) => dayText(day) > today()}
        />
      </Form.Item>
      <Form.Item name="outcome" label={t('检测结果')}>
        <Radio.Group options={testOutcomes.map((value) => ({ value, label: testOutcomeNames[value] }))} />
      </Form.Item>
      <Form.Item
        name="code"
        label={t('试管或报告编号（可用扫码枪）')}
        rules={[{ pattern: /^[0-9A-Za-z-]{4,40}$/, message: t('编号为 4 至 40 位字母、数字或连字符') }]}
      >
        <Input maxLength={40} autoComplete="off" />
      </Form.Item>
      <Form.Item name="lab" label={t('检测机构')}>
        <Input maxLength={100} autoComplete="off" />
      </Form.Item>
    </FormButton>
  )
}

interface ExemptValues {
  period: [Dayjs, Dayjs]
  reason: (typeof exemptReasons)[number]
  note?: string
}

/** Exempts a worker for a period. */
export function ExemptButton({ id }: { id: string }) {
  return (
    <FormButton<ExemptValues>
      label={t('登记暂免')}
      initial={{ period: [dayjs(today()), dayjs(today())], reason: 'leave' }}
      onSend={({ period, reason, note }) =>
        call('staff.exempt', {
          params: { id },
          body: { from: dayText(period[0]), to: dayText(period[1]), reason, note: note?.trim() ?? '' },
        })
      }
    >
      <Form.Item name="period" label={t('期间')} rules={[{ required: true, message: t('请选择期间') }]}>
        <DatePicker.RangePicker className="wide" />
      </Form.Item>
      <Form.Item name="reason" label={t('原因')}>
        <Select
          aria-label={t('原因')}
          options={exemptReasons.map((value) => ({ value, label: exemptReasonNames[value] }))}
        />
      </Form.Item>
      <Form.Item name="note" label={t('说明')}>
        <Input.TextArea rows={2} maxLength={200} />
      </Form.Item>
    </FormButton>
  )
}

interface LeaveValues {
  leftOn: Dayjs
  reason: (typeof leaveReasons)[number]
}

/** Takes a worker off the roster. */
export function LeaveButton({ id }: { id: string }) {
  return (
    <FormButton<LeaveValues>
      label={t('登记离岗')}
      initial={{ leftOn: dayjs(today()), reason: 'resigned' }}
      onSend={({ leftOn, reason }) =>
        call('staff.leave', { params: { id }, body: { leftOn: dayText(leftOn), reason } })
      }
    >
      <Form.Item name="leftOn" label={t('不再在岗的第一天')} rules={[{ required: true, message: t('请选择日期') }]}>
        <DatePicker className="wide" />
      </Form.Item>
      <Form.Item name="reason" label={t('原因')}>
        <Radio.Group options={leaveReasons.map((value) => ({ value, label: leaveReasonNames[value] }))} />
      </Form.Item>
    </FormButton>
  )
}
