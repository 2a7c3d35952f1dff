import { useQuery } from '@tanstack/react-query'
import { Badge } from 'antd'
import { t } from '../../../text.ts'
import { call } from '../../kernel/api.ts'
import { keys } from '../../kernel/query.ts'

/** How many alerts wait for a first response, beside the menu entry; nothing when none does. */
export function AlertBadge() {
  const { data } = useQuery({
    queryKey: [...keys.alerts, 'count'],
    queryFn: () => call('alert.count'),
    refetchInterval: 60_000,
  })
  if (!data || data.waiting === 0) return null
  return (
    <>
      <Badge count={data.waiting} size="small" color={data.late > 0 ? '#b3261e' : '#8a5a00'} aria-hidden />
      <span className="visually-hidden">
        {t('，{waiting} 个待响应，其中 {late} 个已超时', { waiting: data.waiting, late: data.late })}
      </span>
    </>
  )
}
