import { DatePicker, Select } from 'antd'
import dayjs from 'dayjs'
import { useState } from 'react'
import { t } from '../../text.ts'
import { findPreset, longestPeriod, type Period, type Preset, periodOf, presets, today } from '../kernel/period.ts'

/** Chooses a period: today, yesterday, 7, 14, 30 days or any days up to today. */
export function PeriodPicker({
  value,
  onChange,
}: {
  readonly value: Period
  readonly onChange: (period: Period) => void
}) {
  const preset = findPreset(value)
  const [custom, setCustom] = useState(false)
  const shown = custom || !preset ? 'custom' : preset
  return (
    <div className="period">
      <Select<Preset | 'custom'>
        aria-label={t('时段')}
        className="period-preset"
        value={shown}
        onChange={(key) => {
          setCustom(key === 'custom')
          if (key !== 'custom') onChange(periodOf(key))
        }}
        options={[
          ...presets.map(({ key, name }) => ({ value: key, label: name })),
          { value: 'custom' as const, label: t('自定义') },
        ]}
      />
      {shown === 'custom' ? (
        <DatePicker.RangePicker
          aria-label={t('起止日期')}
          className="period-range"
          allowClear={false}
          value={[dayjs(value.from), dayjs(value.to)]}
          disabledDate={(day, { from }) =>
            day.format('YYYY-MM-DD') > today() || (from ? Math.abs(day.diff(from, 'day')) >= longestPeriod : false)
          }
          onChange={(range) => {
            const [from, to] = range ?? []
            if (from && to) onChange({ from: from.format('YYYY-MM-DD'), to: to.format('YYYY-MM-DD') })
          }}
        />
      ) : (
        <span className="period-days">
          {value.from === value.to ? value.from : t('{from} 至 {to}', { from: value.from, to: value.to })}
        </span>
      )}
    </div>
  )
}
