import { Checkbox, Form, InputNumber } from 'antd'
import { t } from '../../../text.ts'
import { call } from '../../kernel/api.ts'
import { keys } from '../../kernel/query.ts'
import { useCan } from '../../kernel/session.ts'
import { DatedRulesButton } from '../../ui/DatedRules.tsx'

interface Values {
  required: boolean
  cycleDays: number
  warnDays: number
}

function CycleFields() {
  const isRequired = (Form.useWatch('required') as boolean | undefined) ?? true
  return (
    <>
      <Form.Item name="cycleDays" label={t('周期（天）')}>
        <InputNumber className="wide" min={1} max={90} precision={0} disabled={!isRequired} />
      </Form.Item>
      <Form.Item name="warnDays" label={t('提前提醒（天）')}>
        <InputNumber className="wide" min={0} max={30} precision={0} />
      </Form.Item>
    </>
  )
}

/** Testing cycles with the day from which each holds; a new one for who may set it. */
export function RuleButton() {
  const can = useCan()
  return (
    <DatedRulesButton
      label={t('检测周期')}
      query={keys.staff}
      load={() => call('staff.rules')}
      empty={t('还没有设定检测周期，暂不要求检测')}
      width={680}
      columns={[
        {
          title: t('周期'),
          key: 'cycle',
          width: 170,
          render: (_, row) =>
            row.cycleDays === null
              ? t('不要求检测')
              : t('每 {days} 天，提前 {warn} 天提醒', { days: row.cycleDays, warn: row.warnDays }),
        },
      ]}
      setting={
        can('staff.manage')
          ? {
              title: t('新的检测周期'),
              okText: t('保存周期'),
              hint: t('自生效日起执行，不影响以前各日的应检人数；所在区划有多条时，以最近一级、最晚生效的为准。'),
              initial: { required: true, cycleDays: 15, warnDays: 3 },
              above: (
                <Form.Item name="required" valuePropName="checked">
                  <Checkbox>{t('要求检测（不勾选：自生效日起不再要求）')}</Checkbox>
                </Form.Item>
              ),
              beside: <CycleFields />,
              save: (common, { required, cycleDays, warnDays }: Values) =>
                call('staff.save-rule', { body: { ...common, cycleDays: required ? cycleDays : null, warnDays } }),
            }
          : undefined
      }
    />
  )
}
