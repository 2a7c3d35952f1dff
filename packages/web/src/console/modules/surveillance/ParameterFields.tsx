import type { RuleSettings } from '@vigil/contract'
import { Form, InputNumber, Select } from 'antd'
import { t } from '../../../text.ts'

interface Field {
  readonly key: keyof RuleSettings['parameters']
  readonly label: string
  readonly extra: string
  readonly step?: number
}

const fields: Readonly<Record<RuleSettings['detector'], readonly Field[]>> = {
  daily: [
    {
      key: 'falseAlarmRate',
      label: t('常态误报率'),
      extra: t('平常日子里允许越过上限的比例，决定区间宽窄'),
      step: 0.005,
    },
    { key: 'warmUp', label: t('起步天数'), extra: t('有这么多天数据后才开始判断') },
  ],
  'ears-c2': [
    { key: 'baseline', label: t('基线天数'), extra: t('与此前多少天的平均值相比') },
    { key: 'alpha', label: t('误报概率'), extra: t('上限的单侧概率'), step: 0.005 },
  ],
  'farrington-flexible': [
    { key: 'years', label: t('回看年数'), extra: t('与往年同期比较几年') },
    { key: 'halfWindow', label: t('窗口半宽（周）'), extra: t('同期前后各取几周') },
    { key: 'alpha', label: t('误报概率'), extra: t('上限的单侧概率'), step: 0.005 },
  ],
  cusum: [
    { key: 'k', label: t('参考值 k'), extra: t('每天超出多少个标准差才开始累加'), step: 0.1 },
    { key: 'h', label: t('决策限 h'), extra: t('累加到多少算越限'), step: 0.1 },
  ],
}

/** Parameters of the chosen detector, each with what it does. */
export function ParameterFields({ detector }: { readonly detector: RuleSettings['detector'] }) {
  return (
    <div className="form-row">
      {fields[detector].map(({ key, label, extra, step }) => (
        <Form.Item key={key} name={['parameters', key]} label={label} extra={extra}>
          <InputNumber className="wide" {...(step ? { step } : {})} />
        </Form.Item>
      ))}
      {detector === 'daily' ? (
        <Form.Item name={['parameters', 'windows']} label={t('合并天数')} extra={t('除当天外，还看连续几天的合计')}>
          <Select
            mode="multiple"
            options={[1, 2, 3, 5, 7].map((days) => ({ value: days, label: t('{days} 天', { days }) }))}
          />
        </Form.Item>
      ) : null}
    </div>
  )
}
