import type { OpeningFigures, OpeningStore } from '@vigil/contract'
import { openingStandings } from '@vigil/contract/terms'
import { Button, Checkbox, Select } from 'antd'
import { useState } from 'react'
import { callResultNames, closingReasonNames, openingSourceNames, openingStandingNames } from '../../../terms.ts'
import { t } from '../../../text.ts'
import { call } from '../../kernel/api.ts'
import { formatCount, formatTime } from '../../kernel/format.ts'
import { usePaged } from '../../kernel/paged.ts'
import { keys } from '../../kernel/query.ts'
import { useRawSearch, useScope, useSetSearch } from '../../kernel/scope.ts'
import { useCan } from '../../kernel/session.ts'
import { DataTable } from '../../ui/DataTable.tsx'
import { Mark } from '../../ui/Mark.tsx'
import { Panel } from '../../ui/Page.tsx'
import { CallDialog } from './CallDialog.tsx'
import { OpeningDrawer } from './OpeningDrawer.tsx'

type Standing = OpeningStore['standing']
/** The call list first: it is what one comes for in the morning. */
const order: readonly Standing[] = ['missing', 'closed', 'sold', 'open']

function Said({ store }: { store: OpeningStore }) {
  return (
    <>
      {store.reason ? <div>{closingReasonNames[store.reason]}</div> : null}
      {store.note ? <div className="muted">{store.note}</div> : null}
      {store.backOn ? <div className="muted">{t('预计 {day} 恢复', { day: store.backOn })}</div> : null}
      {store.saidAt ? (
        <div className="muted">
          {formatTime(store.saidAt)} {store.source ? openingSourceNames[store.source] : ''}
        </div>
      ) : null}
      {store.contradicts ? <Mark tone="bad">{t('报停业但有销售')}</Mark> : null}
      {!store.reason && !store.saidAt ? '—' : null}
    </>
  )
}

function LastCall({ store }: { store: OpeningStore }) {
  const { lastCall } = store
  if (!lastCall) return <span className="muted">{t('未联系')}</span>
  return (
    <>
      <div>{callResultNames[lastCall.result]}</div>
      <div className="muted">
        {formatTime(lastCall.at)} {lastCall.actor}
        {store.calls > 1 ? t('（共 {count} 次）', { count: store.calls }) : ''}
      </div>
      {lastCall.note ? <div className="muted">{lastCall.note}</div> : null}
    </>
  )
}

/** Stores of the area by how they stand on a day; the missing can be called, and what came of it is kept. */
export function OpeningStores({ day, today, counts }: { day: string; today: string; counts: OpeningFigures }) {
  const { area } = useScope()
  const search = useRawSearch()
  const setSearch = useSetSearch()
  const can = useCan()
  const [called, setCalled] = useState<OpeningStore>()
  const standing = openingStandings.find((known) => known === search.standing) ?? 'missing'
  const uncalled = standing === 'missing' && search.uncalled === 'yes'
  const filter = { day, standing, ...(area ? { area } : {}), ...(uncalled ? { uncalled } : {}) }
  const list = usePaged(
    [...keys.opening, 'stores'],
    filter,
    (cursor, signal) =>
      call('opening.stores', { query: { ...filter, limit: 20, ...(cursor ? { cursor } : {}) }, signal }),
    area !== undefined,
  )
  const mayCall = can('compliance.handle') && day === today
  const title = standing === 'missing' ? t('待联系名单') : openingStandingNames[standing]
  return (
    <Panel
      title={title}
      extra={
        <div className="filters">
          {standing === 'missing' ? (
            <Checkbox
              checked={uncalled}
              onChange={({ target }) => setSearch({ uncalled: target.checked ? 'yes' : undefined })}
            >
              {t('只看还没有联系的')}
            </Checkbox>
          ) : null}
          <Select<Standing>
            aria-label={t('营业情况')}
            value={standing}
            onChange={(value) => setSearch({ standing: value === 'missing' ? undefined : value, uncalled: undefined })}
            options={order.map((value) => ({
              value,
              label: `${openingStandingNames[value]} ${formatCount(counts[value])}`,
            }))}
          />
        </div>
      }
      flush
    >
      <DataTable<OpeningStore>
        label={title}
        rowKey="code"
        rows={list.rows}
        error={list.error}
        loading={list.loading && list.rows !== undefined}
        retry={list.refetch}
        paged={list}
        minWidth={900}
        empty={standing === 'missing' ? t('没有要联系的药店') : t('没有这样的药店')}
        onOpen={(row) => setSearch({ open: row.code })}
        columns={[
          {
            title: t('药店'),
            key: 'name',
            render: (_, row) => (
              <>
                <div>{row.name}</div>
                <div className="muted">{row.address}</div>
              </>
            ),
          },
          {
            title: t('区划'),
            key: 'area',
            width: 190,
            render: (_, row) => (
              <>
                <div>{row.areaName}</div>
                <div className="muted">{row.countyName}</div>
              </>
            ),
          },
          {
            title: t('电话'),
            dataIndex: 'phone',
            width: 140,
            render: (phone: string | null) =>
              phone ? (
                <a className="number" href={`tel:${phone}`} onClick={(event) => event.stopPropagation()}>
                  {phone}
                </a>
              ) : (
                <span className="muted">{t('未登记')}</span>
              ),
          },
          { title: t('所报情况'), key: 'said', width: 190, render: (_, row) => <Said store={row} /> },
          { title: t('最近联系'), key: 'call', width: 200, render: (_, row) => <LastCall store={row} /> },
          {
            key: 'actions',
            title: <span className="visually-hidden">{t('操作')}</span>,
            width: 100,
            render: (_, row) =>
              mayCall && (row.standing === 'missing' || row.standing === 'sold') ? (
                <Button
                  size="small"
                  aria-label={t('登记联系 {name}', { name: row.name })}
                  onClick={(event) => {
                    event.stopPropagation()
                    setCalled(row)
                  }}
                >
                  {t('登记联系')}
                </Button>
              ) : (
                <Button
                  type="link"
                  size="small"
                  aria-label={t('查看 {name}', { name: row.name })}
                  onClick={(event) => {
                    event.stopPropagation()
                    setSearch({ open: row.code })
                  }}
                >
                  {t('详情')}
                </Button>
              ),
          },
        ]}
      />
      <CallDialog store={called} onClose={() => setCalled(undefined)} />
      <OpeningDrawer code={search.open} day={day} onClose={() => setSearch({ open: undefined })} />
    </Panel>
  )
}
