import { useQuery } from '@tanstack/react-query'
import { Descriptions, Drawer } from 'antd'
import {
  exemptReasonNames,
  staffRoleNames,
  staffStateNames,
  testOutcomeNames,
  testSourceNames,
} from '../../../terms.ts'
import { t } from '../../../text.ts'
import type { Answer } from '../../kernel/api.ts'
import { call } from '../../kernel/api.ts'
import { formatPeriod, formatTime } from '../../kernel/format.ts'
import { keys, queryClient } from '../../kernel/query.ts'
import { useCan } from '../../kernel/session.ts'
import { ConfirmButton } from '../../ui/Confirm.tsx'
import { DataTable } from '../../ui/DataTable.tsx'
import { Mark } from '../../ui/Mark.tsx'
import { ErrorState, Loading } from '../../ui/states.tsx'
import { ExemptButton, LeaveButton, ResultButton } from './MemberDialogs.tsx'
import { RevealButton } from './RevealButton.tsx'
import { stateTones } from './words.ts'

type Data = Answer<'staff.read'>
const refresh = () => void queryClient.invalidateQueries({ queryKey: keys.staff })

function Results({ results, manage }: { results: Data['results']; manage: boolean }) {
  return (
    <DataTable
      label={t('检测记录')}
      rowKey="id"
      rows={results}
      minWidth={520}
      empty={t('还没有检测记录')}
      columns={[
        {
          title: t('采样'),
          key: 'sampled',
          render: (_, row) => (
            <>
              <div>{formatTime(row.sampledAt)}</div>
              <div className="muted">
                {row.lab}
                {row.code ? t(' 编号 {code}', { code: row.code }) : ''}
              </div>
            </>
          ),
        },
        {
          title: t('结果'),
          key: 'outcome',
          width: 100,
          render: (_, row) =>
            row.voidAt ? (
              <Mark tone="idle">{t('已作废')}</Mark>
            ) : (
              <Mark tone={row.outcome === 'positive' ? 'bad' : row.outcome === 'negative' ? 'good' : 'info'}>
                {testOutcomeNames[row.outcome]}
              </Mark>
            ),
        },
        {
          title: t('录入'),
          key: 'entered',
          width: 170,
          render: (_, row) => (
            <>
              <div>
                {formatTime(row.enteredAt)} {row.late ? <Mark tone="warn">{t('补录')}</Mark> : null}
              </div>
              <div className="muted">
                {testSourceNames[row.source]} {row.enteredBy}
              </div>
              {row.voidReason ? <div className="muted">{t('作废：{reason}', { reason: row.voidReason })}</div> : null}
            </>
          ),
        },
        {
          key: 'actions',
          title: <span className="visually-hidden">{t('操作')}</span>,
          width: 72,
          render: (_, row) =>
            manage && !row.voidAt ? (
              <ConfirmButton
                label={t('作废')}
                title={t('作废这次检测')}
                reason
                button={{ size: 'small', danger: true }}
                onConfirm={(reason) => call('staff.void', { params: { id: row.id }, body: { reason } })}
                onDone={refresh}
              >
                <p>{t('作废后不再计入覆盖率；过去某日“当日已知”的覆盖率不受影响。')}</p>
              </ConfirmButton>
            ) : null,
        },
      ]}
    />
  )
}

/** One worker: how he stands, all tests and exemptions, and what can be done. */
export function StaffDrawer({ id, onClose }: { id: string | undefined; onClose: () => void }) {
  const can = useCan()
  const query = useQuery({
    queryKey: [...keys.staff, 'one', id],
    queryFn: () => call('staff.read', { params: { id: id ?? '' } }),
    enabled: id !== undefined,
  })
  const data = id ? query.data : undefined
  const manage = can('staff.manage')
  return (
    <Drawer open={id !== undefined} onClose={onClose} size={640} title={data?.member.name ?? t('从业人员')}>
      {query.isError ? <ErrorState error={query.error} retry={() => void query.refetch()} /> : null}
      {!data && !query.isError ? <Loading /> : null}
      {data ? (
        <div className="stack">
          <Descriptions
            column={1}
            bordered
            size="small"
            items={[
              { key: 'store', label: t('药店'), children: `${data.member.storeName}（${data.member.areaName}）` },
              { key: 'role', label: t('岗位'), children: staffRoleNames[data.member.role] },
              { key: 'document', label: t('证件号码'), children: data.member.document ?? t('已销毁') },
              { key: 'mobile', label: t('手机'), children: data.member.mobile ?? t('已销毁') },
              {
                key: 'state',
                label: t('检测状态'),
                children: data.member.leftOn ? (
                  t('{day} 起离岗', { day: data.member.leftOn })
                ) : (
                  <Mark tone={stateTones[data.member.state]}>{staffStateNames[data.member.state]}</Mark>
                ),
              },
              { key: 'due', label: t('最迟采样'), children: data.member.dueOn ?? '—' },
              {
                key: 'joined',
                label: t('到岗'),
                children: t('{day}（{time} 由{name}登记）', {
                  day: data.member.joinedOn,
                  time: formatTime(data.recordedAt),
                  name: data.recordedBy,
                }),
              },
            ]}
          />
          {manage ? (
            <div className="drawer-actions start">
              {data.member.leftOn ? null : (
                <>
                  <ResultButton id={data.member.id} />
                  <ExemptButton id={data.member.id} />
                  <LeaveButton id={data.member.id} />
                </>
              )}
              {data.member.name ? <RevealButton id={data.member.id} /> : null}
            </div>
          ) : null}
          <h3>{t('检测记录')}</h3>
          <Results results={data.results} manage={manage} />
          <h3>{t('暂免记录')}</h3>
          <DataTable
            label={t('暂免记录')}
            rowKey="id"
            rows={data.exemptions}
            minWidth={480}
            empty={t('没有暂免记录')}
            columns={[
              {
                title: t('期间'),
                key: 'period',
                render: (_, row) => (
                  <>
                    <div>{formatPeriod(row.from, row.to)}</div>
                    <div className="muted">
                      {exemptReasonNames[row.reason]} {row.note}
                    </div>
                  </>
                ),
              },
              {
                title: t('登记'),
                key: 'entered',
                width: 170,
                render: (_, row) => (
                  <>
                    <div>{formatTime(row.enteredAt)}</div>
                    <div className="muted">{row.enteredBy}</div>
                  </>
                ),
              },
              {
                key: 'actions',
                title: <span className="visually-hidden">{t('操作')}</span>,
                width: 72,
                render: (_, row) =>
                  row.voidAt ? (
                    <Mark>{t('已撤销')}</Mark>
                  ) : manage ? (
                    <ConfirmButton
                      label={t('撤销')}
                      title={t('撤销这条暂免')}
                      button={{ size: 'small' }}
                      onConfirm={() => call('staff.end-exemption', { params: { id: row.id } })}
                      onDone={refresh}
                    />
                  ) : null,
              },
            ]}
          />
        </div>
      ) : null}
    </Drawer>
  )
}
