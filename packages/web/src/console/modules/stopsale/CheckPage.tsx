import { useQuery } from '@tanstack/react-query'
import type { StopCheckTask } from '@vigil/contract'
import { stopCheckResults } from '@vigil/contract/terms'
import { Button, Input, Select } from 'antd'
import { useState } from 'react'
import { t } from '../../../text.ts'
import { type Answer, call } from '../../kernel/api.ts'
import { formatCount, formatShare, formatTime } from '../../kernel/format.ts'
import { usePaged } from '../../kernel/paged.ts'
import { keys, queryClient } from '../../kernel/query.ts'
import { useRawSearch, useSetSearch } from '../../kernel/scope.ts'
import { useTyped } from '../../kernel/typed.ts'
import { ConfirmButton } from '../../ui/Confirm.tsx'
import { DataTable } from '../../ui/DataTable.tsx'
import { Mark } from '../../ui/Mark.tsx'
import { Page, Panel } from '../../ui/Page.tsx'
import { ErrorState, Loading } from '../../ui/states.tsx'
import { ListExport } from '../export/ListExport.tsx'
import { CampaignList } from './CampaignList.tsx'
import { NumberTile } from './Number.tsx'
import './stopsale.css'
import { TaskDrawer } from './TaskDrawer.tsx'
import { pointNames, resultNames, resultTones } from './words.ts'

type Progress = Answer<'stop-check.progress'>
type AreaRow = Progress['areas'][number]

function Figures({ campaign }: { readonly campaign: Progress['campaign'] }) {
  return (
    <div className="figures stop-figures">
      <NumberTile
        name={t('已检查')}
        value={campaign.done}
        unit={t('/ {total} 家', { total: formatCount(campaign.total) })}
        note={t('完成率 {rate}', { rate: formatShare(campaign.done, campaign.total) })}
      />
      <NumberTile
        name={t('合格')}
        value={campaign.passed}
        unit={t('家')}
        note={t('合格率 {rate}', { rate: formatShare(campaign.passed, campaign.done) })}
      />
      <NumberTile name={t('有问题')} value={campaign.failed} unit={t('家')} note={t('须整改')} />
      <NumberTile
        name={t('待检查')}
        value={campaign.total - campaign.done}
        unit={t('家')}
        note={t('{day} 前完成', { day: campaign.dueOn })}
      />
    </div>
  )
}

function ProgressPanels({ progress }: { readonly progress: Progress }) {
  return (
    <div className="two">
      <Panel title={t('各辖区进度')} flush>
        <DataTable<AreaRow>
          label={t('各辖区进度')}
          rowKey="areaCode"
          rows={progress.areas}
          minWidth={420}
          columns={[
            { title: t('区划'), dataIndex: 'areaName' },
            {
              title: t('已检查'),
              key: 'done',
              width: 110,
              align: 'right',
              render: (_, row) => `${formatCount(row.done)} / ${formatCount(row.total)}`,
            },
            {
              title: t('完成率'),
              key: 'rate',
              width: 80,
              align: 'right',
              render: (_, row) => formatShare(row.done, row.total),
            },
            { title: t('有问题'), dataIndex: 'failed', width: 80, align: 'right', render: formatCount },
          ]}
        />
      </Panel>
      <Panel title={t('各检查项')} flush>
        <DataTable<Progress['points'][number]>
          label={t('各检查项')}
          rowKey="point"
          rows={progress.points}
          minWidth={420}
          columns={[
            { title: t('检查项'), key: 'point', render: (_, row) => pointNames[row.point] },
            { title: t('符合'), dataIndex: 'yes', width: 70, align: 'right', render: formatCount },
            { title: t('不符合'), dataIndex: 'no', width: 80, align: 'right', render: formatCount },
            { title: t('不涉及'), dataIndex: 'na', width: 80, align: 'right', render: formatCount },
          ]}
        />
      </Panel>
    </div>
  )
}

function TaskPanel({ id, editable }: { readonly id: string; readonly editable: boolean }) {
  const search = useRawSearch()
  const setSearch = useSetSearch()
  const [typed, setTyped] = useTyped(search.q)
  const [open, setOpen] = useState<StopCheckTask>()
  const result = stopCheckResults.find((known) => known === search.result)
  const query = {
    ...(search.area ? { area: search.area } : {}),
    ...(result ? { result } : {}),
    ...(search.q ? { q: search.q } : {}),
    limit: 20,
  }
  const list = usePaged([...keys.stopChecks, 'tasks', id], query, (cursor, signal) =>
    call('stop-check.tasks', { params: { id }, query: { ...query, ...(cursor ? { cursor } : {}) }, signal }),
  )
  return (
    <>
      <search className="filters" aria-label={t('筛选')}>
        <Input.Search
          className="exact"
          aria-label={t('药店名称、编号或地址')}
          placeholder={t('名称、编号或地址')}
          maxLength={60}
          allowClear
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
          onSearch={(q) => setSearch({ q: q.trim() || undefined })}
        />
        <Select
          aria-label={t('检查结果')}
          value={result ?? ''}
          onChange={(value) => setSearch({ result: value || undefined })}
          options={[
            { value: '', label: t('全部结果') },
            ...stopCheckResults.map((value) => ({ value, label: resultNames[value] })),
          ]}
        />
      </search>
      <Panel flush>
        <DataTable<StopCheckTask>
          label={t('检查任务')}
          rowKey="id"
          rows={list.rows}
          error={list.error}
          loading={list.loading && list.rows !== undefined}
          retry={list.refetch}
          paged={list}
          minWidth={860}
          empty={t('没有符合条件的药店')}
          onOpen={setOpen}
          columns={[
            {
              title: t('药店'),
              key: 'name',
              render: (_, row) => (
                <>
                  <div>{row.storeName}</div>
                  <div className="muted">{row.address}</div>
                </>
              ),
            },
            { title: t('区划'), dataIndex: 'areaName', width: 190 },
            {
              title: t('结果'),
              key: 'result',
              width: 100,
              render: (_, row) => <Mark tone={resultTones[row.result]}>{resultNames[row.result]}</Mark>,
            },
            {
              title: t('检查'),
              key: 'done',
              width: 200,
              render: (_, row) => (row.doneAt ? `${formatTime(row.doneAt)} ${row.officer ?? ''}` : '—'),
            },
            {
              key: 'open',
              title: <span className="visually-hidden">{t('操作')}</span>,
              width: 90,
              render: (_, row) => (
                <Button
                  size="small"
                  aria-label={t('登记 {name}', { name: row.storeName })}
                  onClick={(event) => {
                    event.stopPropagation()
                    setOpen(row)
                  }}
                >
                  {editable && row.result === 'pending' ? t('登记') : t('查看')}
                </Button>
              ),
            },
          ]}
        />
      </Panel>
      <TaskDrawer
        task={open && (list.rows?.find((row) => row.id === open.id) ?? open)}
        editable={editable}
        onClose={() => setOpen(undefined)}
      />
    </>
  )
}

function CampaignView({ id }: { readonly id: string }) {
  const query = useQuery({
    queryKey: [...keys.stopChecks, 'progress', id],
    queryFn: ({ signal }) => call('stop-check.progress', { params: { id }, signal }),
    refetchInterval: 60_000,
  })
  if (!query.data)
    return query.isError ? <ErrorState error={query.error} retry={() => void query.refetch()} /> : <Loading />
  const { campaign } = query.data
  return (
    <>
      <div className="in-line">
        <h2 className="sub">{campaign.name}</h2>
        <Mark tone={campaign.state === 'open' ? 'info' : 'idle'}>
          {campaign.state === 'open' ? t('进行中') : t('已结束')}
        </Mark>
        <ListExport list="stop-checks" filter={{ q: id }} />
        {campaign.manageable && campaign.state === 'open' ? (
          <ConfirmButton
            label={t('结束检查')}
            title={t('结束“{name}”', { name: campaign.name })}
            onConfirm={() => call('stop-check.close', { params: { id } })}
            onDone={() => void queryClient.invalidateQueries({ queryKey: keys.stopChecks })}
          >
            <p>{t('结束后不能再登记；未检查的药店保留为待检查。')}</p>
          </ConfirmButton>
        ) : null}
      </div>
      <Figures campaign={campaign} />
      <TaskPanel id={id} editable={campaign.state === 'open'} />
      <ProgressPanels progress={query.data} />
    </>
  )
}

/** Inspections of all stores of an area while drugs are barred: campaigns, their tasks and figures; for desk and phone. */
export function CheckPage() {
  const { campaign } = useRawSearch()
  const setSearch = useSetSearch()
  return (
    <Page
      title={t('停售检查')}
      note={t('每家在营药店一项任务：停售药品封存、专柜、窗口销售、告示、承诺书。')}
      actions={
        campaign ? (
          <Button onClick={() => setSearch({ campaign: undefined, q: undefined, result: undefined })}>
            {t('全部检查')}
          </Button>
        ) : null
      }
    >
      {campaign ? <CampaignView id={campaign} /> : <CampaignList onOpen={({ id }) => setSearch({ campaign: id })} />}
    </Page>
  )
}
