import type { RuleRecord } from '@vigil/contract'
import { t } from '../../../text.ts'
import { formatShare } from '../../kernel/format.ts'
import { DataTable } from '../../ui/DataTable.tsx'

const share = (value: number | null) => (value === null ? t('尚无') : formatShare(value, 1))
const decimal = (value: number | null, unit: string) => (value === null ? t('尚无回测') : `${value.toFixed(2)}${unit}`)

/** The rules behind an alert: what their back-test measured, and what became of their alerts so far. */
export function Rules({ rules }: { readonly rules: readonly RuleRecord[] }) {
  return (
    <DataTable<RuleRecord & { key: string }>
      label={t('规则')}
      rowKey="key"
      rows={rules.map((rule) => ({ ...rule, key: `${rule.ruleId} ${rule.ruleVersion}` }))}
      minWidth={560}
      columns={[
        {
          title: t('规则'),
          key: 'name',
          render: (_, rule) => t('{name} 第 {version} 版', { name: rule.ruleName, version: rule.ruleVersion }),
        },
        {
          title: t('实测误报率（回测）'),
          key: 'fpr',
          width: 170,
          render: (_, rule) => (
            <>
              {rule.falseAlarmRate === null ? t('尚无回测') : formatShare(rule.falseAlarmRate, 1)}
              {rule.falsePerCountyWeek === null ? null : (
                <div className="muted">{t('每县每周 {value} 次', { value: rule.falsePerCountyWeek.toFixed(2) })}</div>
              )}
            </>
          ),
        },
        { title: t('检出率'), key: 'pod', width: 80, render: (_, rule) => share(rule.detection) },
        { title: t('平均延迟'), key: 'delay', width: 90, render: (_, rule) => decimal(rule.delayDays, t(' 天')) },
        {
          title: t('以往结论'),
          key: 'record',
          width: 170,
          render: (_, rule) => (
            <>
              {t('属实率 {rate}', { rate: share(rule.trueRate) })}
              <div className="muted">
                {t('预警 {alerts}：属实 {yes}、误报 {no}、可解释 {explained}', {
                  alerts: rule.alerts,
                  yes: rule.true,
                  no: rule.false,
                  explained: rule.explained,
                })}
              </div>
            </>
          ),
        },
      ]}
    />
  )
}
