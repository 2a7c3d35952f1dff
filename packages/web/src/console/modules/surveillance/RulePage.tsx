import { useQuery } from '@tanstack/react-query'
import type { Rule } from '@vigil/contract'
import { Button } from 'antd'
import { useState } from 'react'
import { t } from '../../../text.ts'
import { call } from '../../kernel/api.ts'
import { useAreas } from '../../kernel/areas.ts'
import { formatCount } from '../../kernel/format.ts'
import { keys } from '../../kernel/query.ts'
import { useCan } from '../../kernel/session.ts'
import { DataTable } from '../../ui/DataTable.tsx'
import { Icon } from '../../ui/icons.tsx'
import { Mark } from '../../ui/Mark.tsx'
import { Page, Panel } from '../../ui/Page.tsx'
import { ListExport } from '../export/ListExport.tsx'
import { RuleDialog } from './RuleDialog.tsx'
import { RuleDrawer } from './RuleDrawer.tsx'
import { adviceOf, coverage, decimal, detectorNames, moves, percent, studyState } from './words.ts'

/** Measured figures of the version in force: what a rule is worth. */
function Measured({ rule }: { readonly rule: Rule }) {
  const { backtest } = rule.current
  if (!backtest) return <span className="muted">{t('尚未回测')}</span>
  if (!backtest.result)
    return (
      <Mark tone={studyState(backtest.state).tone}>{t('回测{state}', { state: studyState(backtest.state).name })}</Mark>
    )
  const large = backtest.result.sizes.at(-1)
  return (
    <>
      <div>
        {t('误报率 {fpr}，每区县每周 {week} 次', {
          fpr: percent(backtest.result.fpr, 2),
          week: decimal(backtest.result.falsePerCountyWeek, 2),
        })}
      </div>
      <div className="muted">
        {large
          ? t('大规模暴发检出 {pod}，平均第 {delay} 天', {
              pod: percent(large.pod, 0),
              delay: decimal(large.delay === null ? null : large.delay + 1),
            })
          : null}
      </div>
    </>
  )
}

/** Rules by which demand is watched: what each says, its versions, and how good it was on this city's own history. */
export function RulePage() {
  const can = useCan()
  const areas = useAreas()
  const [openId, setOpenId] = useState<string>()
  const [edited, setEdited] = useState<Rule | 'new'>()
  const query = useQuery({
    queryKey: [...keys.rules, 'list'],
    queryFn: () => call('surveillance.rules'),
    refetchInterval: ({ state }) =>
      state.data?.items.some(({ current }) => moves(current.backtest?.state)) ? 2000 : false,
  })
  const rows = query.data?.items
  return (
    <Page
      title={t('监测规则')}
      note={t('规则决定什么样的销量变化算异常、达到几级预警。修改会生成新版本，旧版本和它的回测结果都保留。')}
      actions={
        <>
          <ListExport list="surveillance-rules" filter={{}} />
          {can('rule.manage') ? (
            <Button
              type="primary"
              icon={<Icon name="plus" />}
              disabled={areas.roots.length === 0}
              onClick={() => setEdited('new')}
            >
              {t('新建规则')}
            </Button>
          ) : null}
        </>
      }
    >
      <Panel flush>
        <DataTable<Rule>
          label={t('监测规则')}
          rowKey="id"
          rows={rows}
          error={query.error}
          retry={() => void query.refetch()}
          minWidth={1000}
          empty={t('还没有监测规则：有药店登记后系统会自动建立默认规则')}
          onOpen={({ id }) => setOpenId(id)}
          columns={[
            {
              title: t('规则'),
              key: 'name',
              width: 240,
              render: (_, row) => (
                <>
                  <Button type="link" className="link" onClick={() => setOpenId(row.id)}>
                    {row.name}
                  </Button>
                  <div className="muted">{row.areaName}</div>
                </>
              ),
            },
            {
              title: t('方法'),
              key: 'detector',
              width: 150,
              render: (_, { current }) => detectorNames[current.settings.detector],
            },
            {
              title: t('监测范围'),
              key: 'what',
              render: (_, row) => (
                <>
                  <div>{coverage(row.current.settings)}</div>
                  <div className="muted">{t('{count} 个单位', { count: formatCount(row.units) })}</div>
                  {adviceOf(row) ? <Mark tone="warn">{t('建议修改')}</Mark> : null}
                </>
              ),
            },
            {
              title: t('状态'),
              key: 'state',
              width: 150,
              render: (_, row) =>
                row.activeVersion === null ? (
                  <Mark>{t('已停用')}</Mark>
                ) : (
                  <Mark tone="good">{t('启用 · 第 {version} 版', { version: row.activeVersion })}</Mark>
                ),
            },
            {
              title: t('误报预算'),
              key: 'budget',
              width: 150,
              render: (_, { current }) => t('每区县每周 {budget} 次', { budget: current.settings.budget }),
            },
            { title: t('回测结果'), key: 'measured', width: 260, render: (_, row) => <Measured rule={row} /> },
          ]}
        />
      </Panel>
      <RuleDrawer
        rule={rows?.find(({ id }) => id === openId)}
        onClose={() => setOpenId(undefined)}
        onEdit={() => setEdited(rows?.find(({ id }) => id === openId))}
      />
      <RuleDialog
        rule={edited}
        onClose={() => setEdited(undefined)}
        onSaved={({ id }) => {
          setEdited(undefined)
          setOpenId(id)
        }}
      />
    </Page>
  )
}
