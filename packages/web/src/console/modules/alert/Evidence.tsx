import { useQuery } from '@tanstack/react-query'
import type { AlertDetail } from '@vigil/contract'
import { alertUnitKindNames } from '@vigil/contract/terms'
import { Select } from 'antd'
import { useState } from 'react'
import { t } from '../../../text.ts'
import { call } from '../../kernel/api.ts'
import { keys } from '../../kernel/query.ts'
import { BandChart } from '../../ui/BandChart.tsx'
import { EmptyState, ErrorState, Loading } from '../../ui/states.tsx'

/** The series of a unit of the alert with its expected value and band; the widest unit first. */
export function Evidence({ detail }: { readonly detail: AlertDetail }) {
  const { units, alert } = detail
  const [chosen, setChosen] = useState<string>()
  const unit = units.find(({ kind, code }) => `${kind} ${code}` === chosen) ?? units[0]
  const query = useQuery({
    queryKey: [...keys.alerts, 'series', alert.id, unit?.kind, unit?.code, alert.lastDay],
    queryFn: () => call('alert.series', { params: { id: alert.id }, query: { kind: unit!.kind, code: unit!.code } }),
    enabled: unit !== undefined,
  })
  if (!unit) return <EmptyState text={t('没有可显示的数据')} />
  return (
    <div className="stack">
      {units.length > 1 ? (
        <div className="filters">
          <Select<string>
            aria-label={t('区划或药店')}
            className="wide-select"
            value={`${unit.kind} ${unit.code}`}
            onChange={setChosen}
            options={units.map(({ kind, code, name }) => ({
              value: `${kind} ${code}`,
              label: t('{name}（{kind}）', { name, kind: alertUnitKindNames[kind] }),
            }))}
          />
        </div>
      ) : null}
      {query.error ? <ErrorState error={query.error} retry={() => void query.refetch()} /> : null}
      {!query.data && !query.error ? <Loading /> : null}
      {query.data ? <BandChart days={query.data.points} summary={unit.reason} /> : null}
      {unit.completeness < 0.95 ? (
        <p className="hint">
          {t('当日数据完整度 {share}%，未到的按历史比例推算，不按零计。', {
            share: Math.round(unit.completeness * 100),
          })}
        </p>
      ) : null}
    </div>
  )
}
