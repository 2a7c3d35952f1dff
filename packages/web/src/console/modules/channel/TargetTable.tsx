import { useMutation } from '@tanstack/react-query'
import type { ChannelTarget } from '@vigil/contract'
import { alertGrades } from '@vigil/contract/terms'
import { App, Button } from 'antd'
import { t } from '../../../text.ts'
import { call } from '../../kernel/api.ts'
import { formatTime } from '../../kernel/format.ts'
import { problemOf } from '../../kernel/problem.ts'
import { keys, queryClient } from '../../kernel/query.ts'
import { ConfirmButton } from '../../ui/Confirm.tsx'
import { DataTable } from '../../ui/DataTable.tsx'
import { GradeMark } from '../../ui/GradeMark.tsx'
import { Mark } from '../../ui/Mark.tsx'
import { addressText, deliveryState, quietText, targetState } from './words.ts'

const refresh = () => void queryClient.invalidateQueries({ queryKey: keys.channels })
/** When the outcome of a test is looked for, in ms. */
const soon = [1500, 4000, 9000]

function TestButton({ target, own }: { readonly target: ChannelTarget; readonly own: boolean }) {
  const { message } = App.useApp()
  const run = useMutation({
    mutationFn: () => call(own ? 'channel.test-own' : 'channel.test', { params: { id: target.id } }),
    onSuccess: () => {
      void message.info(t('测试消息已发出，结果见下'))
      for (const pause of soon) setTimeout(refresh, pause)
    },
    onError: (error) => message.error(problemOf(error).detail ?? problemOf(error).title),
  })
  return (
    <Button size="small" loading={run.isPending} onClick={() => run.mutate()}>
      {t('测试')}
    </Button>
  )
}

/** Robots and mailboxes with what they are told, and what became of the last message. */
export function TargetTable({
  rows,
  error,
  retry,
  own = false,
  onEdit,
}: {
  readonly rows: readonly ChannelTarget[] | undefined
  readonly error: unknown
  readonly retry: () => void
  readonly own?: boolean
  readonly onEdit: (target: ChannelTarget) => void
}) {
  return (
    <DataTable<ChannelTarget>
      label={t('推送对象')}
      rowKey="id"
      rows={rows}
      error={error}
      retry={retry}
      minWidth={own ? 620 : 900}
      empty={own ? t('还没有设定，预警只在监管端内显示') : t('还没有群机器人')}
      columns={[
        {
          title: t('名称'),
          key: 'name',
          render: (_, target) => (
            <>
              <strong>{target.name}</strong>
              <div className="muted break">
                {addressText(target)}
                {target.signed ? t('（加签）') : ''}
              </div>
            </>
          ),
        },
        ...(own ? [] : [{ title: t('区划'), dataIndex: 'areaName', width: 120 }]),
        {
          title: t('等级与时段'),
          key: 'what',
          width: 200,
          render: (_, target) => (
            <>
              <div className="in-line">
                {[...alertGrades]
                  .reverse()
                  .filter((grade) => target.grades.includes(grade))
                  .map((grade) => (
                    <GradeMark key={grade} grade={grade} />
                  ))}
              </div>
              <div className="muted">{quietText(target)}</div>
            </>
          ),
        },
        {
          title: t('状态'),
          key: 'state',
          width: 220,
          render: (_, target) => (
            <>
              <Mark tone={targetState(target).tone}>{targetState(target).name}</Mark>
              {target.last ? (
                <div className="muted break">
                  {t('最近：{state} {time}', {
                    state: deliveryState(target.last).name,
                    time: formatTime(target.last.at),
                  })}
                  {target.last.error ? <div>{target.last.error}</div> : null}
                </div>
              ) : null}
            </>
          ),
        },
        {
          title: t('操作'),
          key: 'actions',
          width: 190,
          render: (_, target) => (
            <div className="in-line">
              <TestButton target={target} own={own} />
              <Button size="small" onClick={() => onEdit(target)}>
                {t('修改')}
              </Button>
              <ConfirmButton
                label={t('移除')}
                title={t('移除“{name}”', { name: target.name })}
                button={{ size: 'small', danger: true }}
                onConfirm={() => call(own ? 'channel.remove-own' : 'channel.remove', { params: { id: target.id } })}
                onDone={refresh}
              >
                {t('移除后不再推送，尚未送达的消息一并取消。')}
              </ConfirmButton>
            </div>
          ),
        },
      ]}
    />
  )
}
