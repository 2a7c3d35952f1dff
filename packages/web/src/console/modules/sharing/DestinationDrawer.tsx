import { useMutation } from '@tanstack/react-query'
import type { Destination } from '@vigil/contract'
import { Button, Descriptions, Drawer } from 'antd'
import { t } from '../../../text.ts'
import { call } from '../../kernel/api.ts'
import { formatTime } from '../../kernel/format.ts'
import { keys, queryClient } from '../../kernel/query.ts'
import { useCan } from '../../kernel/session.ts'
import { ConfirmButton } from '../../ui/Confirm.tsx'
import { Mark } from '../../ui/Mark.tsx'
import { ProblemAlert } from '../../ui/states.tsx'
import { DeliveryList } from './DeliveryList.tsx'
import { KeyPanel } from './KeyPanel.tsx'
import { PushButton } from './PushButton.tsx'
import { coverNames, destinationState, formatNames, kindNames, listNames, whenText } from './words.ts'

const refresh = () => void queryClient.invalidateQueries({ queryKey: keys.sharing })

function StateButton({ destination }: { destination: Destination }) {
  const { id, name, state } = destination
  const to = state === 'paused' ? 'active' : 'paused'
  return (
    <ConfirmButton
      label={state === 'paused' ? t('启用') : t('暂停')}
      title={state === 'paused' ? t('启用 {name}', { name }) : t('暂停 {name}', { name })}
      button={{ danger: state === 'active' }}
      onConfirm={() => call('sharing.set-state', { params: { id }, body: { state: to } })}
      onDone={refresh}
    >
      <p>
        {state === 'paused'
          ? t('启用后按 {schedule} 自动推送。', { schedule: whenText(destination) })
          : t('暂停后不再定时推送，未送达的也先停下；启用后继续。')}
      </p>
    </ConfirmButton>
  )
}

/** One recipient: what it gets and when, keys, deliveries with every attempt. */
export function DestinationDrawer({
  destination,
  onClose,
  onEdit,
}: {
  readonly destination: Destination | undefined
  readonly onClose: () => void
  readonly onEdit: () => void
}) {
  const can = useCan()
  const probe = useMutation({
    mutationFn: (id: string) => call('sharing.test', { params: { id } }),
    onSuccess: refresh,
  })
  return (
    <Drawer open={destination !== undefined} onClose={onClose} size={680} title={destination?.name ?? t('接收方')}>
      {destination ? (
        <div className="stack">
          <Descriptions
            column={1}
            bordered
            size="small"
            items={[
              {
                key: 'state',
                label: t('状态'),
                children: <Mark tone={destinationState(destination).tone}>{destinationState(destination).name}</Mark>,
              },
              { key: 'kind', label: t('类别'), children: `${kindNames[destination.kind]} · ${destination.areaName}` },
              { key: 'url', label: t('地址'), children: <span className="break">{destination.url}</span> },
              {
                key: 'what',
                label: t('内容'),
                children: (
                  <div className="in-line">
                    {listNames[destination.list]} {formatNames[destination.format]}
                    {destination.clear ? <Mark tone="bad">{t('明文')}</Mark> : <Mark>{t('脱敏')}</Mark>}
                  </div>
                ),
              },
              {
                key: 'when',
                label: t('时间'),
                children:
                  destination.list === 'followups'
                    ? whenText(destination)
                    : t('{schedule}，{cover}', {
                        schedule: whenText(destination),
                        cover: coverNames[destination.cover],
                      }),
              },
              { key: 'next', label: t('下次推送'), children: formatTime(destination.nextAt) },
              { key: 'last', label: t('最近签收'), children: formatTime(destination.lastAcknowledgedAt) },
            ]}
          />
          <div className="drawer-actions start">
            {can('sharing.send') ? (
              <>
                {destination.list === 'followups' ? null : <PushButton destination={destination} />}
                <Button loading={probe.isPending} onClick={() => probe.mutate(destination.id)}>
                  {t('试推送')}
                </Button>
              </>
            ) : null}
            {can('sharing.manage') ? (
              <>
                <Button onClick={onEdit}>{t('修改')}</Button>
                <StateButton destination={destination} />
              </>
            ) : null}
          </div>
          <ProblemAlert error={probe.error} />
          <section>
            <h2 className="sub">{t('推送记录')}</h2>
            <DeliveryList destinationId={destination.id} />
          </section>
          <KeyPanel destination={destination} />
        </div>
      ) : null}
    </Drawer>
  )
}
