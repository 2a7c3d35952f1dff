import { useQuery } from '@tanstack/react-query'
import { Badge } from 'antd'
import { t } from '../../../text.ts'
import { call } from '../../kernel/api.ts'
import { keys } from '../../kernel/query.ts'

/** How many deliveries need somebody, beside the menu entry; nothing when none does. */
export function StuckBadge() {
  const { data } = useQuery({
    queryKey: [...keys.sharing, 'stuck'],
    queryFn: () => call('sharing.stuck'),
    refetchInterval: 30_000,
  })
  const count = (data?.dead ?? 0) + (data?.failing ?? 0)
  if (count === 0) return null
  return (
    <>
      <Badge count={count} size="small" color={data?.dead ? '#c0392b' : '#8a5a00'} aria-hidden />
      <span className="visually-hidden">{t('，{count} 次推送没有送达', { count })}</span>
    </>
  )
}
