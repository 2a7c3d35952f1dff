import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import type { Measure } from '@vigil/contract'
import { measureKinds } from '@vigil/contract/terms'
import { Alert, Button, Select } from 'antd'
import { measureKindNames, measureOutcomeNames } from '../../../terms.ts'
import { t } from '../../../text.ts'
import { call } from '../../kernel/api.ts'
import { formatCount, formatTime } from '../../kernel/format.ts'
import { usePaged } from '../../kernel/paged.ts'
import { keys } from '../../kernel/query.ts'
import { scopeOf, useRawSearch, useScope, useSetSearch } from '../../kernel/scope.ts'
import { DataTable } from '../../ui/DataTable.tsx'
import { Mark } from '../../ui/Mark.tsx'
import { Page, Panel } from '../../ui/Page.tsx'
import { ListExport } from '../export/ListExport.tsx'
import { MeasureActions } from './MeasureActions.tsx'
import { OverdueButton } from './OverdueDialog.tsx'
import { measureState } from './words.ts'

const states = { open: t('办理中'), overdue: t('已逾期'), done: t('已办结或撤销') } as const
const oneOf = <T extends string>(value: string | undefined, known: readonly T[]): T | undefined =>
  known.find((each) => each === value)

function Outcome({ measure }: { readonly measure: Measure }) {
  if (measure.closedAt)
    return (
      <>
        {measure.outcome ? measureOutcomeNames[measure.outcome] : measureState(measure).name}
        <div className="muted break">{measure.result}</div>
      </>
    )
  if (!measure.reply) return <span className="muted">—</span>
  return (
    <>
      {t('{name} 已回应', { name: measure.reply.signedBy ?? t('药店') })}
      <div className="muted break">{measure.reply.lines.join('；')}</div>
    </>
  )
}

/** To whom an overdue measure has come. */
function EscalatedNote({ measure: { escalated, overdue } }: { readonly measure: Measure }) {
  if (!escalated || !overdue) return null
  const { areaName, at } = escalated
  return <div className="muted">{t('{at} 已报{areaName}', { at: formatTime(at), areaName })}</div>
}

/** Warnings, letters, interviews, tasks and pledges of the area with their due times. */
export function MeasurePage() {
  const { area } = useScope()
  const search = useRawSearch()
  const setSearch = useSetSearch()
  const navigate = useNavigate()
  const kind = oneOf(search.kind, measureKinds)
  const state = oneOf(search.state, ['open', 'overdue', 'done'] as const)
  const filter = { ...(area ? { area } : {}), ...(kind ? { kind } : {}), ...(state ? { state } : {}) }
  const list = usePaged(
    [...keys.compliance, 'measures'],
    filter,
    (cursor, signal) =>
      call('compliance.measures', { query: { ...filter, limit: 50, ...(cursor ? { cursor } : {}) }, signal }),
    area !== undefined,
  )
  const overdue = useQuery({
    queryKey: [...keys.compliance, 'overdue', area],
    queryFn: ({ signal }) => call('compliance.measures', { query: { ...(area ? { area } : {}), limit: 1 }, signal }),
    enabled: area !== undefined,
  }).data?.overdue
  return (
    <Page
      title={t('规范处置')}
      note={t('提醒、告诫、约谈、现场检查和承诺的办理情况；逾期的逐级上报，并提出下一步建议。')}
      actions={
        <>
          <OverdueButton />
          <ListExport list="measures" filter={{ ...(area ? { area } : {}), ...(state ? { status: state } : {}) }} />
        </>
      }
    >
      <search className="filters" aria-label={t('筛选')}>
        <Select
          aria-label={t('类型')}
          value={kind ?? ''}
          onChange={(value) => setSearch({ kind: value || undefined })}
          options={[
            { value: '', label: t('全部类型') },
            ...measureKinds.map((value) => ({ value, label: measureKindNames[value] })),
          ]}
        />
        <Select
          aria-label={t('办理状态')}
          value={state ?? ''}
          onChange={(value) => setSearch({ state: value || undefined })}
          options={[
            { value: '', label: t('全部状态') },
            ...Object.entries(states).map(([value, label]) => ({ value, label })),
          ]}
        />
      </search>
      {overdue && state !== 'overdue' ? (
        <Alert
          showIcon
          type="warning"
          title={t('{count} 项处置已逾期', { count: formatCount(overdue) })}
          action={
            <Button size="small" onClick={() => setSearch({ state: 'overdue' })}>
              {t('只看逾期')}
            </Button>
          }
        />
      ) : null}
      <Panel flush>
        <DataTable<Measure>
          label={t('规范处置')}
          rowKey="id"
          rows={list.rows}
          error={list.error}
          loading={list.loading && list.rows !== undefined}
          retry={list.refetch}
          paged={list}
          minWidth={1080}
          empty={t('还没有处置')}
          columns={[
            {
              title: t('药店'),
              key: 'store',
              width: 230,
              render: (_, row) => (
                <>
                  <Button
                    type="link"
                    className="link"
                    onClick={() =>
                      void navigate({ to: `/compliance/${row.storeCode}`, search: scopeOf(search) } as never)
                    }
                  >
                    {row.storeName}
                  </Button>
                  <div className="muted">{row.areaName}</div>
                </>
              ),
            },
            {
              title: t('类型'),
              key: 'kind',
              width: 180,
              render: (_, row) => (
                <>
                  {measureKindNames[row.kind]}
                  <div className="muted">{row.number ?? row.assignee}</div>
                </>
              ),
            },
            {
              title: t('状态'),
              key: 'state',
              width: 150,
              render: (_, row) => (
                <>
                  <Mark tone={measureState(row).tone}>{measureState(row).name}</Mark>
                  <EscalatedNote measure={row} />
                </>
              ),
            },
            { title: t('作出'), dataIndex: 'createdAt', width: 130, render: formatTime },
            { title: t('限期'), dataIndex: 'dueAt', width: 130, render: formatTime },
            { title: t('回应与结果'), key: 'outcome', render: (_, row) => <Outcome measure={row} /> },
            {
              key: 'actions',
              title: <span className="visually-hidden">{t('操作')}</span>,
              width: 240,
              render: (_, row) => <MeasureActions measure={row} />,
            },
          ]}
        />
      </Panel>
    </Page>
  )
}
