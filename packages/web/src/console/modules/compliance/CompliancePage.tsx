import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import type { StoreScore } from '@vigil/contract'
import { complianceGrades } from '@vigil/contract/terms'
import { Alert, Button, Input, Select } from 'antd'
import { useState } from 'react'
import { measureKindNames } from '../../../terms.ts'
import { t } from '../../../text.ts'
import { call } from '../../kernel/api.ts'
import { formatCount, formatTime } from '../../kernel/format.ts'
import { usePaged } from '../../kernel/paged.ts'
import { keys } from '../../kernel/query.ts'
import { scopeOf, useRawSearch, useScope, useSetSearch } from '../../kernel/scope.ts'
import { useCan } from '../../kernel/session.ts'
import { useTyped } from '../../kernel/typed.ts'
import { DataTable } from '../../ui/DataTable.tsx'
import { Mark } from '../../ui/Mark.tsx'
import { Page, Panel } from '../../ui/Page.tsx'
import { RowLink } from '../../ui/RowLink.tsx'
import { ScopeLink } from '../../ui/ScopeLink.tsx'
import { ListExport } from '../export/ListExport.tsx'
import { ActButtons } from './ActButton.tsx'
import { GradeMark, Score } from './Grade.tsx'
import { RunButton } from './RunButton.tsx'
import { gradeName, measureState, partsText } from './words.ts'

const gradeFilters = [...complianceGrades, 'any', 'none'] as const
const measureFilters = ['warning', 'letter', 'interview', 'task', 'pledge', 'any', 'none', 'overdue'] as const
const oneOf = <T extends string>(value: string | undefined, known: readonly T[]): T | undefined =>
  known.find((each) => each === value)

const measureWords: Record<(typeof measureFilters)[number], string> = {
  ...measureKindNames,
  any: t('有办理中的处置'),
  none: t('没有处置'),
  overdue: t('处置逾期'),
}

function OpenMeasures({ open }: { readonly open: StoreScore['open'] }) {
  if (open.length === 0) return <span className="muted">—</span>
  return (
    <span className="in-line">
      {open.map(({ kind, state, overdue }) => (
        <Mark key={kind + state} tone={measureState({ state, overdue }).tone}>
          {measureKindNames[kind]} · {measureState({ state, overdue }).name}
        </Mark>
      ))}
    </span>
  )
}

/** Stores by how they keep the rules, worst first; many can be warned or given to an inspector at once. */
export function CompliancePage() {
  const { area } = useScope()
  const search = useRawSearch()
  const setSearch = useSetSearch()
  const navigate = useNavigate()
  const can = useCan()
  const [typed, setTyped] = useTyped(search.q)
  const [choice, setChoice] = useState<{ area: string | undefined; codes: readonly string[] }>({ area, codes: [] })
  const [created, setCreated] = useState<number>()
  const chosen = choice.area === area ? choice.codes : []
  const setChosen = (codes: readonly string[]) => setChoice({ area, codes })
  const grade = oneOf(search.grade, gradeFilters) ?? 'any'
  const measure = oneOf(search.measure, measureFilters)
  const filter = {
    ...(area ? { area } : {}),
    ...(search.grade === 'all' ? {} : { grade }),
    ...(measure ? { measure } : {}),
    ...(search.rule ? { rule: search.rule } : {}),
    ...(search.q ? { q: search.q } : {}),
  }
  const exported = {
    ...(area ? { area } : {}),
    ...(search.q ? { q: search.q } : {}),
    ...(search.grade === 'all' ? {} : { status: grade }),
  }
  const rules = useQuery({
    queryKey: [...keys.compliance, 'rules'],
    queryFn: () => call('compliance.rules'),
    staleTime: 60_000,
  }).data?.items
  const list = usePaged(
    [...keys.compliance, 'list'],
    filter,
    (cursor, signal) =>
      call('compliance.list', { query: { ...filter, limit: 50, ...(cursor ? { cursor } : {}) }, signal }),
    area !== undefined,
  )
  const facts = useQuery({
    queryKey: [...keys.compliance, 'facts', area],
    queryFn: () => call('compliance.list', { query: { ...(area ? { area } : {}), limit: 1 } }),
    enabled: area !== undefined,
    refetchInterval: (query) => (query.state.data?.run?.finishedAt === null ? 2_000 : 30_000),
  }).data
  const open = (code: string) => void navigate({ to: `/compliance/${code}`, search: scopeOf(search) } as never)
  return (
    <Page
      title={t('药店规范')}
      note={t('按近 28 天的登记核查每家药店，满分 100；每一分扣在哪里、凭什么，点开都看得到。')}
      actions={
        <>
          <ScopeLink to="/compliance-measures" className="conduct-aside">
            {t('处置办理')}
          </ScopeLink>
          <ScopeLink to="/compliance-rules" className="conduct-aside">
            {t('规则与参数')}
          </ScopeLink>
          <ListExport list="compliance" filter={exported} />
          {can('compliance.handle') ? <RunButton area={area} run={facts?.run ?? null} /> : null}
        </>
      }
    >
      {facts ? (
        // biome-ignore lint/a11y/useSemanticElements: a fieldset would need a legend that repeats the heading
        <div className="conduct-grade-counts" role="group" aria-label={t('按等级')}>
          {([...complianceGrades].reverse() as (typeof complianceGrades)[number][]).map((each) => (
            <button
              key={each}
              type="button"
              aria-pressed={search.grade === each}
              onClick={() => setSearch({ grade: search.grade === each ? undefined : each })}
            >
              <GradeMark grade={each} />
              <strong>{formatCount(facts.counts[each])}</strong>
            </button>
          ))}
          <button
            type="button"
            aria-pressed={search.grade === 'none'}
            onClick={() => setSearch({ grade: search.grade === 'none' ? undefined : 'none' })}
          >
            <GradeMark grade={null} />
            <strong>{formatCount(facts.counts.none)}</strong>
          </button>
          <button
            type="button"
            aria-pressed={measure === 'overdue'}
            onClick={() =>
              setSearch(
                measure === 'overdue' ? { measure: undefined, grade: undefined } : { measure: 'overdue', grade: 'all' },
              )
            }
          >
            <Mark tone="bad">{t('处置逾期')}</Mark>
            <strong>{formatCount(facts.counts.overdue)}</strong>
          </button>
        </div>
      ) : null}
      <search className="filters" aria-label={t('筛选')}>
        <Input.Search
          className="exact"
          aria-label={t('药店名称、编号或连锁')}
          placeholder={t('名称、编号或连锁')}
          maxLength={60}
          allowClear
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
          onSearch={(q) => setSearch({ q: q.trim() || undefined })}
        />
        <Select
          aria-label={t('等级')}
          value={search.grade ?? 'any'}
          onChange={(value: string) => setSearch({ grade: value === 'any' ? undefined : value })}
          options={[
            { value: 'any', label: t('有预警的') },
            ...complianceGrades.map((value) => ({ value, label: gradeName(value) })),
            { value: 'none', label: t('正常') },
            { value: 'all', label: t('全部等级') },
          ]}
        />
        <Select
          className="wide-select"
          aria-label={t('问题')}
          value={search.rule ?? ''}
          onChange={(value) => setSearch({ rule: value || undefined })}
          options={[
            { value: '', label: t('全部问题') },
            ...(rules ?? []).map(({ rule, name }) => ({ value: rule, label: name })),
          ]}
        />
        <Select
          aria-label={t('处置')}
          value={measure ?? ''}
          onChange={(value) => setSearch({ measure: value || undefined })}
          options={[
            { value: '', label: t('全部处置') },
            ...measureFilters.map((value) => ({ value, label: measureWords[value] })),
          ]}
        />
      </search>
      {chosen.length > 0 && can('compliance.handle') ? (
        <section className="chosen" aria-label={t('所选药店')}>
          <strong>{t('已选 {length} 家', { length: formatCount(chosen.length) })}</strong>
          <ActButtons
            stores={chosen}
            onDone={(count) => {
              setCreated(count)
              setChosen([])
            }}
          />
          <Button type="link" onClick={() => setChosen([])}>
            {t('取消选择')}
          </Button>
        </section>
      ) : null}
      {created === undefined ? null : (
        <Alert
          showIcon
          type="success"
          closable={{ onClose: () => setCreated(undefined) }}
          title={t('已对 {count} 家药店作出处置；已有同类处置的未重复', { count: formatCount(created) })}
        />
      )}
      <Panel flush>
        <DataTable<StoreScore>
          label={t('药店规范')}
          rowKey="storeCode"
          rows={list.rows}
          error={list.error}
          loading={list.loading && list.rows !== undefined}
          retry={list.refetch}
          paged={list}
          minWidth={1020}
          {...(can('compliance.handle') ? { choice: { chosen, onChoose: setChosen } } : {})}
          empty={facts?.run === null ? t('还没有核查过，点“重新核查”开始') : t('没有符合条件的药店')}
          onOpen={({ storeCode }) => open(storeCode)}
          columns={[
            {
              title: t('药店'),
              key: 'store',
              width: 250,
              render: (_, row) => (
                <RowLink
                  onOpen={() => open(row.storeCode)}
                  more={row.countyName === row.areaName ? row.areaName : `${row.countyName} · ${row.areaName}`}
                >
                  {row.storeName}
                </RowLink>
              ),
            },
            {
              title: t('规范分'),
              key: 'score',
              width: 110,
              render: (_, row) => <Score score={row.score} grade={row.grade} />,
            },
            { title: t('等级'), key: 'grade', width: 80, render: (_, row) => <GradeMark grade={row.grade} /> },
            { title: t('扣分项'), key: 'parts', render: (_, row) => partsText(row.parts) || '—' },
            { title: t('登记'), dataIndex: 'entries', width: 80, align: 'right', render: formatCount },
            { title: t('处置'), key: 'open', width: 190, render: (_, row) => <OpenMeasures open={row.open} /> },
            { title: t('列入以来'), dataIndex: 'gradedAt', width: 130, render: formatTime },
          ]}
        />
      </Panel>
    </Page>
  )
}
