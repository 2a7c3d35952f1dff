import { useQuery } from '@tanstack/react-query'
import type { ChannelTarget } from '@vigil/contract'
import { Alert, Button } from 'antd'
import { useState } from 'react'
import { t } from '../../../text.ts'
import { call } from '../../kernel/api.ts'
import { useAreas } from '../../kernel/areas.ts'
import { keys } from '../../kernel/query.ts'
import { Icon } from '../../ui/icons.tsx'
import { Page, Panel } from '../../ui/Page.tsx'
import { Deliveries } from './Deliveries.tsx'
import { TargetDialog } from './TargetDialog.tsx'
import { TargetTable } from './TargetTable.tsx'

/** Group robots and mailboxes that are told of alerts, and what became of each message. */
export function ChannelPage() {
  const areas = useAreas()
  const [edited, setEdited] = useState<ChannelTarget | 'new'>()
  const query = useQuery({
    queryKey: [...keys.channels, 'list'],
    queryFn: () => call('channel.list'),
    refetchInterval: 30_000,
  })
  return (
    <Page
      title={t('预警推送')}
      note={t('预警推送到企业微信、钉钉群机器人和值班邮箱；消息不含个人信息。个人的接收方式在“我的账号”中设定。')}
      actions={
        <Button
          type="primary"
          icon={<Icon name="plus" />}
          disabled={areas.roots.length === 0}
          onClick={() => setEdited('new')}
        >
          {t('新增推送')}
        </Button>
      }
    >
      {query.data && !query.data.mail ? (
        <Alert
          showIcon
          type="info"
          title={t('尚未配置邮件服务器，邮件会等待；请系统管理员设置 VIGIL_SMTP_URL 和 VIGIL_SMTP_FROM。')}
        />
      ) : null}
      <Panel flush>
        <TargetTable
          rows={query.data?.items}
          error={query.error}
          retry={() => void query.refetch()}
          onEdit={setEdited}
        />
      </Panel>
      <Deliveries />
      <TargetDialog target={edited} onClose={() => setEdited(undefined)} />
    </Page>
  )
}
