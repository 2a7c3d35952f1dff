import { Form, InputNumber } from 'antd'
import { t } from '../../../text.ts'
import { call } from '../../kernel/api.ts'
import { keys } from '../../kernel/query.ts'
import { useCan } from '../../kernel/session.ts'
import { DatedRulesButton } from '../../ui/DatedRules.tsx'

/** After how many days what is overdue goes to the next level, with the day from which each rule holds. */
export function OverdueButton() {
  const can = useCan()
  return (
    <DatedRulesButton
      label={t('逾期上报')}
      hint={t(
        '限期已到仍未办理的处置，先推送给所在监管所，此后每隔几天再报上一级，直到市局；每级一次，并附下一步建议。',
      )}
      query={keys.compliance}
      load={() => call('compliance.overdue-rules')}
      empty={t('没有另行设定，每级间隔 3 天')}
      columns={[
        { title: t('每级间隔'), key: 'up', width: 100, render: (_, row) => t('{count} 天', { count: row.upDays }) },
      ]}
      setting={
        can('rule.manage')
          ? {
              title: t('新的上报间隔'),
              okText: t('保存间隔'),
              hint: t('所在区划有多条时，以最近一级、最晚生效的为准。'),
              initial: { upDays: 3 },
              beside: (
                <Form.Item
                  name="upDays"
                  label={t('每级间隔（天）')}
                  rules={[{ required: true, message: t('请填写天数') }]}
                >
                  <InputNumber className="wide" min={1} max={30} precision={0} />
                </Form.Item>
              ),
              save: (common, { upDays }: { upDays: number }) =>
                call('compliance.save-overdue-rule', { body: { ...common, upDays } }),
            }
          : undefined
      }
    />
  )
}
