import { Input } from 'antd'
import { t } from '../../../text.ts'
import { type Answer, call } from '../../kernel/api.ts'
import { formatCount } from '../../kernel/format.ts'
import { usePaged } from '../../kernel/paged.ts'
import { keys } from '../../kernel/query.ts'
import { useRawSearch, useScope, useSetSearch } from '../../kernel/scope.ts'
import { useCan } from '../../kernel/session.ts'
import { useTyped } from '../../kernel/typed.ts'
import { DataTable } from '../../ui/DataTable.tsx'
import { ImportButton } from '../../ui/ImportDialog.tsx'
import { Mark } from '../../ui/Mark.tsx'
import { Page, Panel } from '../../ui/Page.tsx'
import { ListExport } from '../export/ListExport.tsx'

type Party = Answer<'party.list'>['items'][number]
const kindNames: Record<Party['kind'], string> = {
  enterprise: t('企业'),
  'sole-trader': t('个体工商户'),
  other: t('其他'),
}
const statusNames: Record<Party['status'], string> = { active: t('存续'), suspended: t('停业'), closed: t('注销') }
const tones = { active: 'good', suspended: 'warn', closed: 'idle' } as const

/** Market entities of the chosen area. */
export function PartyPage() {
  const { area } = useScope()
  const search = useRawSearch()
  const setSearch = useSetSearch()
  const can = useCan()
  const [typed, setTyped] = useTyped(search.q)
  const filter = { ...(area ? { area } : {}), ...(search.q ? { q: search.q } : {}) }
  const list = usePaged(
    keys.parties,
    filter,
    (cursor, signal) => call('party.list', { query: { ...filter, limit: 50, ...(cursor ? { cursor } : {}) }, signal }),
    area !== undefined,
  )
  return (
    <Page
      title={t('市场主体')}
      note={t('企业、个体工商户及其经营场所。')}
      actions={
        <>
          <ListExport list="parties" filter={filter} />
          {can('party.manage') ? (
            <ImportButton
              route="party.import"
              title={t('导入市场主体')}
              columns={t('列：统一社会信用代码、名称、地址、区划（必填），许可证号、经度、纬度、状态。')}
              refresh={[keys.parties]}
            />
          ) : null}
        </>
      }
    >
      <search className="filters" aria-label={t('筛选')}>
        <Input.Search
          className="exact"
          aria-label={t('名称或统一社会信用代码')}
          placeholder={t('名称或统一社会信用代码')}
          maxLength={60}
          allowClear
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
          onSearch={(q) => setSearch({ q: q.trim() || undefined })}
        />
      </search>
      <Panel flush>
        <DataTable<Party>
          label={t('市场主体')}
          rowKey="id"
          rows={list.rows}
          error={list.error}
          loading={list.loading && list.rows !== undefined}
          retry={list.refetch}
          paged={list}
          minWidth={900}
          empty={t('没有符合条件的市场主体')}
          columns={[
            { title: t('名称'), dataIndex: 'name' },
            {
              title: t('统一社会信用代码'),
              dataIndex: 'creditCode',
              width: 190,
              render: (code: string | null) => <span className="number">{code ?? '—'}</span>,
            },
            { title: t('类型'), dataIndex: 'kind', width: 110, render: (kind: Party['kind']) => kindNames[kind] },
            {
              title: t('许可证号'),
              dataIndex: 'licenceNo',
              width: 160,
              render: (value: string | null) => value ?? '—',
            },
            { title: t('区划'), dataIndex: 'areaName', width: 120 },
            { title: t('经营场所'), dataIndex: 'premises', width: 90, align: 'right', render: formatCount },
            {
              title: t('状态'),
              key: 'status',
              width: 80,
              render: (_, row) => <Mark tone={tones[row.status]}>{statusNames[row.status]}</Mark>,
            },
          ]}
        />
      </Panel>
    </Page>
  )
}
