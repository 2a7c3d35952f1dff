import type { StaffFigures, StaffMember } from '@vigil/contract'
import { staffStates } from '@vigil/contract/terms'
import { Button, Checkbox, Select } from 'antd'
import { staffRoleNames, staffStateNames, testOutcomeNames } from '../../../terms.ts'
import { t } from '../../../text.ts'
import { call } from '../../kernel/api.ts'
import { formatCount, formatTime } from '../../kernel/format.ts'
import { usePaged } from '../../kernel/paged.ts'
import { keys } from '../../kernel/query.ts'
import { useRawSearch, useScope, useSetSearch } from '../../kernel/scope.ts'
import { DataTable } from '../../ui/DataTable.tsx'
import { Mark } from '../../ui/Mark.tsx'
import { Panel } from '../../ui/Page.tsx'
import { StaffDrawer } from './StaffDrawer.tsx'
import { stateTones } from './words.ts'

const counted = new Set<string>(['overdue', 'due', 'soon', 'exempt'])
const labelOf = (state: StaffMember['state'], counts: StaffFigures) =>
  counted.has(state) ? `${staffStateNames[state]} ${formatCount(counts[state as 'overdue'])}` : staffStateNames[state]

/** Workers of the area or store as they stand on a day, the most urgent first. */
export function StaffList({ day, today, counts }: { day: string; today: string; counts: StaffFigures }) {
  const { area, store } = useScope()
  const search = useRawSearch()
  const setSearch = useSetSearch()
  const state = staffStates.find((known) => known === search.state)
  const past = day < today
  const asKnownThen = past && search.known === 'then'
  const filter = {
    day,
    ...(area ? { area } : {}),
    ...(store ? { store } : {}),
    ...(state ? { state } : {}),
    ...(asKnownThen ? { asKnownThen } : {}),
  }
  const list = usePaged(
    [...keys.staff, 'list'],
    filter,
    (cursor, signal) => call('staff.list', { query: { ...filter, limit: 20, ...(cursor ? { cursor } : {}) }, signal }),
    area !== undefined,
  )
  const title = store ? t('本店名册') : t('人员名册')
  return (
    <Panel
      title={title}
      extra={
        <div className="filters">
          {past ? (
            <Checkbox
              checked={asKnownThen}
              onChange={({ target }) => setSearch({ known: target.checked ? 'then' : undefined })}
            >
              {t('按当日已知')}
            </Checkbox>
          ) : null}
          <Select<StaffMember['state'] | ''>
            aria-label={t('检测状态')}
            className="state-select"
            value={state ?? ''}
            onChange={(value) => setSearch({ state: value || undefined })}
            options={[
              { value: '', label: t('全部状态') },
              ...staffStates.map((value) => ({ value, label: labelOf(value, counts) })),
            ]}
          />
        </div>
      }
      flush
    >
      <DataTable<StaffMember>
        label={title}
        rowKey="id"
        rows={list.rows}
        error={list.error}
        loading={list.loading && list.rows !== undefined}
        retry={list.refetch}
        paged={list}
        minWidth={980}
        empty={t('没有符合条件的人员')}
        onOpen={(row) => setSearch({ open: row.id })}
        columns={[
          {
            title: t('人员'),
            key: 'name',
            render: (_, row) => (
              <>
                <div>
                  {row.name ?? t('已销毁')} · {staffRoleNames[row.role]}
                </div>
                <div className="muted number">{row.document ?? '—'}</div>
              </>
            ),
          },
          {
            title: t('药店'),
            key: 'store',
            width: 250,
            render: (_, row) => (
              <>
                <div>{row.storeName}</div>
                <div className="muted">{row.areaName}</div>
              </>
            ),
          },
          {
            title: t('状态'),
            key: 'state',
            width: 110,
            render: (_, row) => <Mark tone={stateTones[row.state]}>{staffStateNames[row.state]}</Mark>,
          },
          {
            title: t('最迟采样'),
            key: 'due',
            width: 120,
            render: (_, row) => row.dueOn ?? (row.exemptUntil ? t('暂免至 {day}', { day: row.exemptUntil }) : '—'),
          },
          {
            title: t('最近采样'),
            key: 'last',
            width: 150,
            render: (_, row) => (
              <>
                <div>{formatTime(row.lastSampledAt)}</div>
                <div className="muted">{row.lastOutcome ? testOutcomeNames[row.lastOutcome] : ''}</div>
              </>
            ),
          },
          { title: t('手机'), dataIndex: 'mobile', width: 130, render: (value: string | null) => value ?? '—' },
          {
            key: 'open',
            title: <span className="visually-hidden">{t('操作')}</span>,
            width: 64,
            render: (_, row) => (
              <Button
                type="link"
                size="small"
                aria-label={t('查看 {name}', { name: `${row.name ?? ''} ${row.document ?? ''}` })}
                onClick={(event) => {
                  event.stopPropagation()
                  setSearch({ open: row.id })
                }}
              >
                {t('详情')}
              </Button>
            ),
          },
        ]}
      />
      <StaffDrawer id={search.open} onClose={() => setSearch({ open: undefined })} />
    </Panel>
  )
}
