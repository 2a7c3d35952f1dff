import { useMutation } from '@tanstack/react-query'
import type { TellDelivery } from '@vigil/contract'
import { channelKindNames, tellStatuses, tellStatusNames } from '@vigil/contract/terms'
import { App, Button, Select } from 'antd'
import { useState } from 'react'
import { t } from '../../../text.ts'
import { call } from '../../kernel/api.ts'
import { formatTime } from '../../kernel/format.ts'
import { usePaged } from '../../kernel/paged.ts'
import { problemOf } from '../../kernel/problem.ts'
import { keys, queryClient } from '../../kernel/query.ts'
import { DataTable } from '../../ui/DataTable.tsx'
import { GradeMark } from '../../ui/GradeMark.tsx'
import { Mark } from '../../ui/Mark.tsx'
import { Panel } from '../../ui/Page.tsx'
import { deliveryState } from './words.ts'

function Resend({ delivery }: { readonly delivery: TellDelivery }) {
  const { message } = App.useApp()
  const run = useMutation({
    mutationFn: () => call('channel.resend', { params: { id: delivery.id } }),
    onError: (error) => message.error(problemOf(error).detail ?? problemOf(error).title),
    onSettled: () => void queryClient.invalidateQueries({ queryKey: keys.channels }),
  })
  if (delivery.status === 'sent') return null
  return (
    <Button size="small" loading={run.isPending} onClick={() => run.mutate()}>
      {t('重新推送')}
    </Button>
  )
}

/** What a message was about, and what became of it: columns of both lists. */
const whatColumn = {
  title: t('消息'),
  key: 'what',
  render: (_: unknown, row: TellDelivery) => (
    <>
      <div className="in-line">
        {row.grade ? <GradeMark grade={row.grade} /> : null}
        <span>{row.title}</span>
      </div>
      <div className="muted">{formatTime(row.createdAt)}</div>
    </>
  ),
}
const stateColumn = {
  title: t('送达'),
  key: 'state',
  width: 260,
  render: (_: unknown, row: TellDelivery) => (
    <>
      <Mark tone={deliveryState(row).tone}>{deliveryState(row).name}</Mark>{' '}
      <span className="muted">
        {row.sentAt ? formatTime(row.sentAt) : t('已试 {count} 次', { count: row.attempts })}
      </span>
      {row.error && row.status !== 'sent' ? <div className="muted break">{row.error}</div> : null}
      {row.nextAt && row.error ? (
        <div className="muted">{t('下次重试 {time}', { time: formatTime(row.nextAt) })}</div>
      ) : null}
    </>
  ),
}

/** What was sent to the area's robots and mailboxes, and what became of it. */
export function Deliveries() {
  const [status, setStatus] = useState<TellDelivery['status']>()
  const list = usePaged<TellDelivery>([...keys.channels, 'deliveries'], { status }, (cursor) =>
    call('channel.deliveries', {
      query: { limit: 20, ...(status ? { status } : {}), ...(cursor ? { cursor } : {}) },
    }),
  )
  return (
    <Panel
      flush
      title={t('推送记录')}
      extra={
        <Select<string>
          aria-label={t('送达')}
          className="class-select"
          value={status ?? ''}
          onChange={(value) => setStatus(tellStatuses.find((each) => each === value))}
          options={[
            { value: '', label: t('全部') },
            ...tellStatuses.map((value) => ({ value: value as string, label: tellStatusNames[value] })),
          ]}
        />
      }
    >
      <DataTable<TellDelivery>
        label={t('推送记录')}
        rowKey="id"
        rows={list.rows}
        error={list.error}
        loading={list.loading}
        retry={list.refetch}
        paged={list}
        minWidth={820}
        empty={t('还没有推送过')}
        columns={[
          whatColumn,
          {
            title: t('推送到'),
            key: 'target',
            width: 180,
            render: (_, row) => (
              <>
                {row.target}
                <div className="muted">{channelKindNames[row.channel]}</div>
              </>
            ),
          },
          stateColumn,
          { title: t('操作'), key: 'again', width: 110, render: (_, row) => <Resend delivery={row} /> },
        ]}
      />
    </Panel>
  )
}

/** The last messages to oneself. */
export function OwnDeliveries({ rows }: { readonly rows: readonly TellDelivery[] }) {
  return (
    <DataTable<TellDelivery>
      label={t('最近推送')}
      rowKey="id"
      rows={rows.slice(0, 5)}
      minWidth={520}
      columns={[whatColumn, stateColumn]}
    />
  )
}
