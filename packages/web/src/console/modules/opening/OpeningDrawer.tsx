import { useQuery } from '@tanstack/react-query'
import { Descriptions, Drawer } from 'antd'
import {
  callResultNames,
  closingReasonNames,
  openingSourceNames,
  openingStandingNames,
  openingStateNames,
} from '../../../terms.ts'
import { t } from '../../../text.ts'
import { call } from '../../kernel/api.ts'
import { formatTime } from '../../kernel/format.ts'
import { keys } from '../../kernel/query.ts'
import { DataTable } from '../../ui/DataTable.tsx'
import { Mark } from '../../ui/Mark.tsx'
import { ScopeLink } from '../../ui/ScopeLink.tsx'
import { ErrorState, Loading } from '../../ui/states.tsx'
import { standingTones } from './tones.ts'

/** A store's day: everything that was said of it, and every call. */
export function OpeningDrawer({ code, day, onClose }: { code: string | undefined; day: string; onClose: () => void }) {
  const query = useQuery({
    queryKey: [...keys.opening, 'store', code, day],
    queryFn: () => call('opening.store', { params: { code: code ?? '' }, query: { day } }),
    enabled: code !== undefined,
  })
  const data = code ? query.data : undefined
  return (
    <Drawer open={code !== undefined} onClose={onClose} size={560} title={data?.store.name ?? t('药店')}>
      {query.isError ? <ErrorState error={query.error} retry={() => void query.refetch()} /> : null}
      {!data && !query.isError ? <Loading /> : null}
      {data ? (
        <div className="stack">
          <Descriptions
            column={1}
            bordered
            size="small"
            items={[
              { key: 'day', label: t('日期'), children: day },
              {
                key: 'standing',
                label: t('营业情况'),
                children: (
                  <Mark tone={standingTones[data.store.standing]}>{openingStandingNames[data.store.standing]}</Mark>
                ),
              },
              { key: 'area', label: t('区划'), children: `${data.store.countyName} · ${data.store.areaName}` },
              { key: 'address', label: t('地址'), children: data.store.address },
              { key: 'phone', label: t('电话'), children: data.store.phone ?? '—' },
            ]}
          />
          <h3>{t('当日所报（{count} 次）', { count: data.entries.length })}</h3>
          <DataTable
            label={t('当日所报')}
            rowKey="id"
            rows={data.entries}
            minWidth={420}
            empty={t('当日没有签到')}
            columns={[
              {
                title: t('情况'),
                key: 'state',
                render: (_, row) => (
                  <>
                    <div>
                      {openingStateNames[row.state]}
                      {row.reason ? ` · ${closingReasonNames[row.reason]}` : ''}
                    </div>
                    <div className="muted">{row.note}</div>
                  </>
                ),
              },
              { title: t('所报时间'), dataIndex: 'saidAt', width: 140, render: formatTime },
              {
                title: t('来源'),
                key: 'source',
                width: 120,
                render: (_, row) => (
                  <>
                    <div>{openingSourceNames[row.source]}</div>
                    {Date.parse(row.receivedAt) - Date.parse(row.saidAt) > 60_000 ? (
                      <div className="muted">{t('{time} 收到', { time: formatTime(row.receivedAt) })}</div>
                    ) : null}
                  </>
                ),
              },
            ]}
          />
          <h3>{t('联系记录（{count} 次）', { count: data.calls.length })}</h3>
          <DataTable
            label={t('联系记录')}
            rowKey="id"
            rows={data.calls}
            minWidth={420}
            empty={t('当日没有联系记录')}
            columns={[
              { title: t('时间'), dataIndex: 'at', width: 140, render: formatTime },
              { title: t('联系人'), dataIndex: 'actor', width: 110 },
              {
                title: t('结果'),
                key: 'result',
                render: (_, row) => (
                  <>
                    <div>{callResultNames[row.result]}</div>
                    <div className="muted">{row.note}</div>
                  </>
                ),
              },
            ]}
          />
          <div className="links">
            <ScopeLink to="/purchases" change={{ store: data.store.code }}>
              {t('本店登记')}
            </ScopeLink>
            <ScopeLink to="/staff" change={{ store: data.store.code }}>
              {t('本店人员')}
            </ScopeLink>
          </div>
        </div>
      ) : null}
    </Drawer>
  )
}
