import { useNavigate } from '@tanstack/react-router'
import type { ColdRecall } from '@vigil/contract'
import { coldRecallKinds, coldRecallStates } from '@vigil/contract/terms'
import { Select } from 'antd'
import { useState } from 'react'
import { t } from '../../../text.ts'
import { call } from '../../kernel/api.ts'
import { formatShare, formatTime } from '../../kernel/format.ts'
import { usePaged } from '../../kernel/paged.ts'
import { keys } from '../../kernel/query.ts'
import { useScope } from '../../kernel/scope.ts'
import { useCan } from '../../kernel/session.ts'
import { DataTable } from '../../ui/DataTable.tsx'
import { Mark } from '../../ui/Mark.tsx'
import { Page, Panel } from '../../ui/Page.tsx'
import { RowLink } from '../../ui/RowLink.tsx'
import { Loading } from '../../ui/states.tsx'
import { RecallButton } from './RecallButton.tsx'
import { recallKindNames, recallStateNames, recallTone, weight } from './words.ts'

const lotsOf = ({ lots }: ColdRecall): string => {
  const names = lots.slice(0, 2).map(({ goodsName, lotNo }) => `${goodsName} ${lotNo}`)
  return lots.length > 2 ? t('{names} 等 {n} 个批次', { names: names.join('、'), n: lots.length }) : names.join('、')
}

/** How far a recall is: holders who have counted, and grams whose fate is known. */
function Progress({ recall: { state, asked, answered, accounted, total } }: { readonly recall: ColdRecall }) {
  if (state === 'draft') return '—'
  return (
    <>
      <div>{t('清点 {answered}/{asked} 家', { answered, asked })}</div>
      <div className="muted">{t('查明 {share}', { share: formatShare(accounted, total) })}</div>
    </>
  )
}

function List({ area }: { readonly area: string }) {
  const navigate = useNavigate()
  const [kind, setKind] = useState<ColdRecall['kind']>()
  const [state, setState] = useState<ColdRecall['state']>()
  const filter = { area, ...(kind ? { kind } : {}), ...(state ? { state } : {}), limit: 20 }
  const list = usePaged([...keys.coldchain, 'recall-list'], filter, (cursor, signal) =>
    call('cold-recall.list', { query: { ...filter, ...(cursor ? { cursor } : {}) }, signal }),
  )
  const open = ({ id }: Pick<ColdRecall, 'id'>) =>
    void navigate({ to: '/coldchain/recalls/$id', params: { id }, search: (before: object) => before } as never)
  return (
    <>
      <search className="filters" aria-label={t('筛选')}>
        <Select
          aria-label={t('方式')}
          value={kind ?? ''}
          onChange={(value) => setKind(coldRecallKinds.find((known) => known === value))}
          options={[
            { value: '' as const, label: t('召回与演练') },
            ...coldRecallKinds.map((value) => ({ value, label: recallKindNames[value] })),
          ]}
        />
        <Select
          aria-label={t('状态')}
          value={state ?? ''}
          onChange={(value) => setState(coldRecallStates.find((known) => known === value))}
          options={[
            { value: '' as const, label: t('全部状态') },
            ...coldRecallStates.map((value) => ({ value, label: recallStateNames[value] })),
          ]}
        />
      </search>
      <Panel flush>
        <DataTable<ColdRecall>
          label={t('冷链召回')}
          rowKey="id"
          rows={list.rows}
          error={list.error}
          loading={list.loading && list.rows !== undefined}
          retry={list.refetch}
          paged={list}
          minWidth={860}
          empty={t('还没有召回。检出阳性时会自动拟定，也可以按批次号、柜号、申报号、编码或存放时段发起。')}
          onOpen={open}
          columns={[
            {
              title: t('召回'),
              key: 'number',
              render: (_, row) => (
                <RowLink onOpen={() => open(row)} more={lotsOf(row)}>
                  {t('{kind} {number}', { kind: recallKindNames[row.kind], number: row.number })}
                </RowLink>
              ),
            },
            { title: t('原因'), dataIndex: 'reason', width: 220 },
            {
              title: t('总量'),
              key: 'total',
              width: 120,
              align: 'right',
              render: (_, row) => (row.total > 0 ? weight(row.total) : '—'),
            },
            { title: t('进度'), key: 'progress', width: 130, render: (_, row) => <Progress recall={row} /> },
            {
              title: t('状态'),
              key: 'state',
              width: 110,
              render: (_, row) => (
                <>
                  <Mark tone={recallTone(row)}>{recallStateNames[row.state]}</Mark>
                  {row.mock ? <div className="muted">{t('{score} 分', { score: row.mock.score })}</div> : null}
                </>
              ),
            },
            {
              title: t('启动'),
              key: 'opened',
              width: 140,
              render: (_, row) => formatTime(row.openedAt ?? row.createdAt),
            },
          ]}
        />
      </Panel>
    </>
  )
}

/** Recalls of an area with their progress, and the way to call one out for any set of lots. */
export function RecallsPage() {
  const { area } = useScope()
  const can = useCan()
  return (
    <Page
      title={t('冷链召回')}
      note={t('召回把每一克食品归入在库、在途、已出市、已售出、已销毁或去向不明，合计与批次相等。')}
      actions={can('coldchain.inspect') ? <RecallButton /> : null}
    >
      {area ? <List area={area} /> : <Loading />}
    </Page>
  )
}
