import type { StoreItem } from '@vigil/contract'
import { Button, Input, Select } from 'antd'
import { useState } from 'react'
import { t } from '../../../text.ts'
import { call } from '../../kernel/api.ts'
import { formatCount, formatTime } from '../../kernel/format.ts'
import { usePaged } from '../../kernel/paged.ts'
import { keys } from '../../kernel/query.ts'
import { useRawSearch, useScope, useSetSearch } from '../../kernel/scope.ts'
import { useCan } from '../../kernel/session.ts'
import { useTyped } from '../../kernel/typed.ts'
import { DataTable } from '../../ui/DataTable.tsx'
import { ImportButton } from '../../ui/ImportDialog.tsx'
import { Mark } from '../../ui/Mark.tsx'
import { Page, Panel } from '../../ui/Page.tsx'
import { Views } from '../../ui/Views.tsx'
import { ListExport } from '../export/ListExport.tsx'
import { AccountsButton } from './AccountsButton.tsx'
import { ChosenStores } from './ChosenStores.tsx'
import { PostersButton } from './PostersButton.tsx'
import { StoreDrawer } from './StoreDrawer.tsx'
import { accountNames, StoreStatus, statusNames } from './words.tsx'

type Status = StoreItem['status']
type Account = 'none' | NonNullable<StoreItem['accountStatus']>
const oneOf = <T extends string>(value: string | undefined, known: readonly T[]): T | undefined =>
  known.find((each) => each === value)

/** Pharmacies of the chosen area: import, accounts, posters, status. */
export function StorePage() {
  const { area } = useScope()
  const search = useRawSearch()
  const setSearch = useSetSearch()
  const can = useCan()
  const [typed, setTyped] = useTyped(search.q)
  const [choice, setChoice] = useState<{ area: string | undefined; codes: readonly string[] }>({ area, codes: [] })
  const chosen = choice.area === area ? choice.codes : []
  const setChosen = (codes: readonly string[]) => setChoice({ area, codes })
  const status = oneOf<Status>(search.status, ['active', 'suspended', 'closed'])
  const account = oneOf<Account>(search.account, ['none', 'invited', 'active', 'disabled'])
  const filter = {
    ...(area ? { area } : {}),
    ...(search.q ? { q: search.q } : {}),
    ...(status ? { status } : {}),
    ...(account ? { account } : {}),
  }
  const list = usePaged(
    keys.stores,
    filter,
    (cursor, signal) => call('store.list', { query: { ...filter, limit: 50, ...(cursor ? { cursor } : {}) }, signal }),
    area !== undefined,
  )
  return (
    <Page
      title={t('药店与一店一码')}
      note={t('一店一码一账号：导入药店后，一次生成整个辖区的账号和二维码海报。')}
      actions={
        <>
          <Views page="stores" />
          <ListExport list="stores" filter={filter} />
          {can('store.manage') ? (
            <ImportButton
              route="store.import"
              title={t('导入药店')}
              columns={t(
                '列：药店名称、地址（必填），药店编号、统一社会信用代码、药品经营许可证号、区县、监管所、电话、连锁企业、经度、纬度。',
              )}
              refresh={[keys.stores, keys.overview]}
            />
          ) : null}
          {area ? <PostersButton area={area} /> : null}
          {can('store.manage') && area ? <AccountsButton area={area} /> : null}
        </>
      }
    >
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
          aria-label={t('营业状态')}
          value={status ?? ''}
          onChange={(value) => setSearch({ status: value || undefined })}
          options={[
            { value: '', label: t('全部状态') },
            ...Object.entries(statusNames).map(([value, label]) => ({ value, label })),
          ]}
        />
        <Select
          aria-label={t('账号状态')}
          value={account ?? ''}
          onChange={(value) => setSearch({ account: value || undefined })}
          options={[
            { value: '', label: t('全部账号') },
            ...Object.entries(accountNames).map(([value, label]) => ({ value, label })),
          ]}
        />
      </search>
      {area ? <ChosenStores area={area} chosen={chosen} onClear={() => setChosen([])} /> : null}
      <Panel flush>
        <DataTable<StoreItem>
          label={t('药店')}
          rowKey="code"
          rows={list.rows}
          error={list.error}
          loading={list.loading && list.rows !== undefined}
          retry={list.refetch}
          paged={list}
          minWidth={1080}
          choice={{ chosen, onChoose: setChosen }}
          empty={t('没有符合条件的药店')}
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
              title: t('编号'),
              dataIndex: 'code',
              width: 150,
              render: (v: string) => <span className="number">{v}</span>,
            },
            {
              title: t('区划'),
              key: 'area',
              width: 190,
              render: (_, row) => (
                <>
                  <div>{row.areaName}</div>
                  {row.countyName === row.areaName ? null : <div className="muted">{row.countyName}</div>}
                </>
              ),
            },
            { title: t('状态'), key: 'status', width: 90, render: (_, row) => <StoreStatus status={row.status} /> },
            {
              title: t('账号'),
              key: 'account',
              width: 90,
              render: (_, row) => <Mark>{accountNames[row.accountStatus ?? 'none']}</Mark>,
            },
            { title: t('今日登记'), dataIndex: 'purchasesToday', width: 96, align: 'right', render: formatCount },
            { title: t('最近登记'), dataIndex: 'lastPurchaseAt', width: 140, render: formatTime },
            {
              key: 'open',
              title: <span className="visually-hidden">{t('操作')}</span>,
              width: 64,
              render: (_, row) => (
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
      </Panel>
      <StoreDrawer code={search.open} onClose={() => setSearch({ open: undefined })} />
    </Page>
  )
}
