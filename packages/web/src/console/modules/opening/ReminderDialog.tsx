import { Checkbox, Form, TimePicker } from 'antd'
import dayjs, { type Dayjs } from 'dayjs'
import { t } from '../../../text.ts'
import { call } from '../../kernel/api.ts'
import { keys } from '../../kernel/query.ts'
import { useCan } from '../../kernel/session.ts'
import { DatedRulesButton } from '../../ui/DatedRules.tsx'

interface Values {
  told: boolean
  at: Dayjs
}

function TimeField() {
  const isTold = (Form.useWatch('told') as boolean | undefined) ?? true
  return (
    <Form.Item name="at" label={t('时间')} rules={[{ required: isTold, message: t('请选择时间') }]}>
      <TimePicker className="wide" format="HH:mm" minuteStep={5} disabled={!isTold} needConfirm={false} />
    </Form.Item>
  )
}

/** From which time of day those in charge are told of the missing, with the day from which each time holds. */
export function ReminderButton() {
  const can = useCan()
  return (
    <DatedRulesButton
      label={t('未签到推送')}
      hint={t('到时间仍未签到的药店，按各人选定的方式推送给县（市、区）和所的值班人员，每天每个区划一次，附名单链接。')}
      query={keys.opening}
      load={() => call('opening.rules')}
      empty={t('没有另行设定，按 10:00 推送')}
      columns={[{ title: t('时间'), key: 'at', width: 90, render: (_, row) => row.at ?? t('不推送') }]}
      setting={
        can('rule.manage')
          ? {
              title: t('新的推送时间'),
              okText: t('保存时间'),
              hint: t('所在区划有多条时，以最近一级、最晚生效的为准。'),
              initial: { told: true, at: dayjs().hour(10).minute(0) },
              above: (
                <Form.Item name="told" valuePropName="checked">
                  <Checkbox>{t('推送（不勾选：自生效日起不再推送）')}</Checkbox>
                </Form.Item>
              ),
              beside: <TimeField />,
              save: (common, { told, at }: Values) =>
                call('opening.save-rule', { body: { ...common, at: told ? at.format('HH:mm') : null } }),
            }
          : undefined
      }
    />
  )
}
