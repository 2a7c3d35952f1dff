import { Button, Checkbox, Segmented, Select } from 'antd'
import { useState } from 'react'
import { t } from '../../../text.ts'
import { useRawSearch, useScope, useSetSearch } from '../../kernel/scope.ts'
import { useCan } from '../../kernel/session.ts'
import { Page } from '../../ui/Page.tsx'
import { ScopeLink } from '../../ui/ScopeLink.tsx'
import { ListExport } from '../export/ListExport.tsx'
import { Board } from './Board.tsx'
import { FollowupList } from './FollowupList.tsx'
import { exportFilter, filterOf } from './filter.ts'
import './followup.css'
import { LookupButton } from './LookupButton.tsx'
import { SheetsDrawer } from './SheetsDrawer.tsx'
import { causeNames, causes, gradeNames, grades, stateNames, states } from './words.ts'

const options = <K extends string>(names: Record<K, string>, keys: readonly K[], every: string) => [
  { value: '', label: every },
  ...keys.map((value) => ({ value: value as string, label: names[value] })),
]

function FilterBar({ list }: { readonly list: boolean }) {
  const search = useRawSearch()
  const setSearch = useSetSearch()
  const choice = (name: 'state' | 'cause' | 'grade', label: string, all: { value: string; label: string }[]) => (
    <Select
      aria-label={label}
      className={name === 'cause' ? 'wide-select' : ''}
      value={search[name] ?? ''}
      options={all}
      onChange={(value) => setSearch({ [name]: value || undefined })}
    />
  )
  return (
    <search className="filters" aria-label={t('筛选')}>
      <Segmented
        aria-label={t('显示方式')}
        value={list ? 'list' : 'board'}
        options={[
          { value: 'board', label: t('看板') },
          { value: 'list', label: t('列表') },
        ]}
        onChange={(value) => setSearch({ view: value === 'list' ? 'list' : undefined })}
      />
      {list ? (
        <>
          {choice('state', t('状态'), options(stateNames, states, t('全部未办结')))}
          {choice('cause', t('原因'), options(causeNames, causes, t('全部原因')))}
          {choice('grade', t('等级'), options(gradeNames, grades, t('全部等级')))}
          <Checkbox
            checked={search.overdue === '1'}
            onChange={({ target }) => setSearch({ overdue: target.checked ? '1' : undefined })}
          >
            {t('只看超期')}
          </Checkbox>
          <Checkbox
            checked={search.mine === '1'}
            onChange={({ target }) => setSearch({ mine: target.checked ? '1' : undefined })}
          >
            {t('我承办的')}
          </Checkbox>
        </>
      ) : null}
    </search>
  )
}

/** Persons to follow up in the chosen area: as a board by state, or as a list. */
export function FollowupPage() {
  const scope = useScope()
  const search = useRawSearch()
  const can = useCan()
  const [sheets, setSheets] = useState(false)
  const list = search.view === 'list'
  return (
    <Page
      title={t('随访')}
      note={t('由购药登记按规则自动列入；个人信息脱敏显示，查看明文须写明目的。')}
      actions={
        <>
          <LookupButton />
          <Button onClick={() => setSheets(true)}>{t('转交单')}</Button>
          <ScopeLink to="/followups/rules" className="follow-rules-link">
            {can('rule.manage') ? t('规则设定') : t('规则')}
          </ScopeLink>
          <ListExport list="followups" filter={exportFilter(scope.area, search)} />
        </>
      }
    >
      <FilterBar list={list} />
      {list ? <FollowupList filter={filterOf(scope.area, search)} /> : <Board area={scope.area} />}
      <SheetsDrawer open={sheets} onClose={() => setSheets(false)} />
    </Page>
  )
}
