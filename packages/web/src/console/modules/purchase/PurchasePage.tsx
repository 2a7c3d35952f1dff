import { useState } from 'react'
import { t } from '../../../text.ts'
import { call } from '../../kernel/api.ts'
import { usePaged } from '../../kernel/paged.ts'
import { keys } from '../../kernel/query.ts'
import { useRawSearch, useScope, useSetSearch } from '../../kernel/scope.ts'
import { useCan } from '../../kernel/session.ts'
import { ColumnChoice, DataTable, useColumns } from '../../ui/DataTable.tsx'
import { Page, Panel } from '../../ui/Page.tsx'
import { Views } from '../../ui/Views.tsx'
import { columnChoices, columnsOf, firstColumns } from './columns.tsx'
import { ExportMenu } from './ExportMenu.tsx'
import { FilterBar } from './FilterBar.tsx'
import { type Exact, filterOf } from './filter.ts'
import { PurchaseDrawer } from './PurchaseDrawer.tsx'

/** Registrations of the chosen area and period, newest first, masked. */
export function PurchasePage() {
  const scope = useScope()
  const search = useRawSearch()
  const setSearch = useSetSearch()
  const can = useCan()
  const [exact, setExact] = useState<Exact>()
  const { shown, choose } = useColumns('purchases', columnChoices, firstColumns)
  const filter = filterOf(scope, search, exact)
  const list = usePaged(
    keys.purchases,
    filter,
    (cursor, signal) => call('purchase.search', { body: { filter, limit: 50, ...(cursor ? { cursor } : {}) }, signal }),
    scope.area !== undefined,
  )
  const columns = columnsOf(shown, (row) => setSearch({ open: row.id }))
  const width = columns.reduce((sum, { width: own }) => sum + (typeof own === 'number' ? own : 120), 0)
  return (
    <Page
      title={t('购药登记')}
      note={t('按售出时间倒序；个人信息脱敏显示。')}
      actions={
        <>
          <Views page="purchases" columns={shown} onColumns={choose} />
          <ColumnChoice all={columnChoices} shown={shown} choose={choose} />
          {can('purchase.export') ? <ExportMenu filter={filter} /> : null}
        </>
      }
    >
      <FilterBar onExact={setExact} />
      <Panel flush>
        <DataTable
          label={t('购药登记')}
          rowKey="id"
          columns={columns}
          rows={list.rows}
          error={list.error}
          loading={list.loading && list.rows !== undefined}
          retry={list.refetch}
          paged={list}
          minWidth={width}
          heading="store"
          empty={t('所选区划和时段内没有登记')}
          onOpen={(row) => setSearch({ open: row.id })}
        />
      </Panel>
      <PurchaseDrawer id={search.open} onClose={() => setSearch({ open: undefined })} />
    </Page>
  )
}
