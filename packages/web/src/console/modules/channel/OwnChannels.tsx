import { useQuery } from '@tanstack/react-query'
import type { ChannelTarget } from '@vigil/contract'
import { Button } from 'antd'
import { useState } from 'react'
import { t } from '../../../text.ts'
import { call } from '../../kernel/api.ts'
import { keys } from '../../kernel/query.ts'
import { Panel } from '../../ui/Page.tsx'
import { OwnDeliveries } from './Deliveries.tsx'
import { TargetDialog } from './TargetDialog.tsx'
import { TargetTable } from './TargetTable.tsx'

/** How one is told of alerts oneself: which grades, in which way, at which hours. */
export function OwnChannels() {
  const [edited, setEdited] = useState<ChannelTarget | 'new'>()
  const query = useQuery({ queryKey: [...keys.channels, 'own'], queryFn: () => call('channel.own') })
  const sent = useQuery({
    queryKey: [...keys.channels, 'own-deliveries'],
    queryFn: () => call('channel.own-deliveries'),
  })
  return (
    <Panel flush title={t('接收预警')} extra={<Button onClick={() => setEdited('new')}>{t('新增接收方式')}</Button>}>
      <TargetTable
        own
        rows={query.data?.items}
        error={query.error}
        retry={() => void query.refetch()}
        onEdit={setEdited}
      />
      {sent.data && sent.data.items.length > 0 ? <OwnDeliveries rows={sent.data.items} /> : null}
      <TargetDialog own target={edited} onClose={() => setEdited(undefined)} />
    </Panel>
  )
}
