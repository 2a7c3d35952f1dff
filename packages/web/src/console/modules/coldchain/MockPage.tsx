import { useQuery } from '@tanstack/react-query'
import type { ColdMockRule, ColdMockRun, ColdRecall } from '@vigil/contract'
import { Form, InputNumber } from 'antd'
import { t } from '../../../text.ts'
import { call } from '../../kernel/api.ts'
import { formatCount, formatShare, formatTime } from '../../kernel/format.ts'
import { usePaged } from '../../kernel/paged.ts'
import { keys } from '../../kernel/query.ts'
import { useScope } from '../../kernel/scope.ts'
import { useCan } from '../../kernel/session.ts'
import { DataTable } from '../../ui/DataTable.tsx'
import { DatedRulesButton } from '../../ui/DatedRules.tsx'
import { Mark } from '../../ui/Mark.tsx'
import { Page, Panel } from '../../ui/Page.tsx'
import { ScopeLink } from '../../ui/ScopeLink.tsx'
import { Loading } from '../../ui/states.tsx'
import { weight } from './words.ts'

const minutes = (ms: number): string => t('{n} 分钟', { n: formatCount(Math.ceil(ms / 60_000)) })

interface Plan {
  readonly months: number
  readonly lots: number
  readonly hours: number
}

function Rules({ area }: { readonly area: string }) {
  const can = useCan()
  const field = (name: keyof Plan, label: string, min: number, max: number) => (
    <Form.Item name={name} label={label} rules={[{ required: true, message: t('请填写') }]}>
      <InputNumber min={min} max={max} precision={0} className="wide" />
    </Form.Item>
  )
  return (
    <DatedRulesButton<ColdMockRule, Plan, ColdMockRule>
      label={t('演练计划')}
      width={760}
      hint={t('到期当天由系统在各县随机抽取批次，种子留存、可以复核；间隔填 0 表示停止。')}
      query={keys.coldchain}
      load={() => call('cold-mock.rules', { query: { area } })}
      empty={t('还没有演练计划。')}
      columns={[
        {
          title: t('计划'),
          key: 'plan',
          width: 190,
          render: (_, row) =>
            row.months === 0
              ? t('停止')
              : t('每 {months} 个月抽 {lots} 批，限 {hours} 小时', {
                  months: row.months,
                  lots: row.lots,
                  hours: row.hours,
                }),
        },
      ]}
      setting={
        can('coldchain.manage')
          ? {
              title: t('设定计划'),
              okText: t('保存'),
              hint: t('对所选区划内有集中监管仓的每个县生效。'),
              initial: { months: 3, lots: 1, hours: 24 },
              beside: (
                <>
                  {field('months', t('间隔（月）'), 0, 24)}
                  {field('lots', t('抽取批次'), 1, 20)}
                  {field('hours', t('时限（小时）'), 1, 168)}
                </>
              ),
              save: (common, { months, lots, hours }) =>
                call('cold-mock.save-rule', { body: { ...common, months, lots, hours } }),
            }
          : undefined
      }
    />
  )
}

function Score({ recall }: { readonly recall: ColdRecall | null }) {
  if (recall === null) return <Mark tone="idle">{t('没有可抽的批次')}</Mark>
  if (!recall.mock) return <Mark tone="info">{t('进行中')}</Mark>
  const { score, passed } = recall.mock
  return (
    <Mark tone={passed ? 'good' : 'bad'}>
      {t('{score} 分，{verdict}', { score, verdict: passed ? t('合格') : t('不合格') })}
    </Mark>
  )
}

const scored = [
  {
    title: t('得分'),
    key: 'score',
    width: 130,
    render: (_: unknown, { recall }: { recall: ColdRecall | null }) => <Score recall={recall} />,
  },
  {
    title: t('查明'),
    key: 'share',
    width: 150,
    render: (_: unknown, { recall }: { recall: ColdRecall | null }) =>
      recall ? (
        <>
          <div>{recall.mock ? formatShare(recall.mock.accountedShare, 10_000) : '—'}</div>
          <div className="muted">
            {t('清点 {answered}/{asked} 家', { answered: recall.answered, asked: recall.asked })}
          </div>
        </>
      ) : (
        '—'
      ),
  },
  {
    title: t('用时'),
    key: 'took',
    width: 110,
    render: (_: unknown, { recall }: { recall: ColdRecall | null }) => (recall?.mock ? minutes(recall.mock.took) : '—'),
  },
]

function Lots({ recall }: { readonly recall: ColdRecall }) {
  return (
    <>
      <ScopeLink to={`/coldchain/recalls/${recall.id}`} className="link">
        {recall.number}
      </ScopeLink>
      <div className="muted">
        {recall.lots.map(({ goodsName, lotNo }) => `${goodsName} ${lotNo}`).join('、')} · {weight(recall.total)}
      </div>
    </>
  )
}

function Runs({ area }: { readonly area: string }) {
  const filter = { area, limit: 20 }
  const list = usePaged([...keys.coldchain, 'mock-runs'], filter, (cursor, signal) =>
    call('cold-mock.runs', { query: { ...filter, ...(cursor ? { cursor } : {}) }, signal }),
  )
  const rules = useQuery({
    queryKey: [...keys.coldchain, 'mock-rules', area],
    queryFn: ({ signal }) => call('cold-mock.rules', { query: { area }, signal }),
  })
  const due = rules.data?.due ?? []
  return (
    <Panel title={t('定期演练')} flush>
      {due.length > 0 ? (
        <p className="recall-facts muted">
          {t('下次：{list}', { list: due.map(({ countyName, on }) => `${countyName} ${on}`).join('，') })}
        </p>
      ) : null}
      <DataTable<ColdMockRun>
        label={t('定期演练')}
        rowKey="id"
        rows={list.rows}
        error={list.error}
        loading={list.loading && list.rows !== undefined}
        retry={list.refetch}
        paged={list}
        minWidth={820}
        empty={due.length > 0 ? t('计划的演练还没有到期。') : t('还没有定期演练，请先设定演练计划。')}
        columns={[
          {
            title: t('演练'),
            key: 'county',
            width: 130,
            render: (_, row) => (
              <>
                <div>{row.countyName}</div>
                <div className="muted">{row.dueOn}</div>
              </>
            ),
          },
          { title: t('批次'), key: 'lots', render: (_, row) => (row.recall ? <Lots recall={row.recall} /> : '—') },
          {
            title: t('抽取'),
            key: 'seed',
            width: 190,
            render: (_, row) => (
              <>
                <div>{t('从 {n} 批中抽取', { n: formatCount(row.candidates) })}</div>
                <div
                  className="muted mono"
                  title={t('种子 {seed}，名单校验值 {digest}', { seed: row.seed, digest: row.digest })}
                >
                  {row.seed.slice(0, 16)}…
                </div>
              </>
            ),
          },
          ...scored,
        ]}
      />
    </Panel>
  )
}

function Others({ area }: { readonly area: string }) {
  const filter = { area, kind: 'mock' as const, limit: 20 }
  const list = usePaged([...keys.coldchain, 'mock-list'], filter, (cursor, signal) =>
    call('cold-recall.list', { query: { ...filter, ...(cursor ? { cursor } : {}) }, signal }),
  )
  return (
    <Panel title={t('全部模拟召回')} flush>
      <DataTable<{ id: string; recall: ColdRecall }>
        label={t('全部模拟召回')}
        rowKey="id"
        rows={list.rows?.map((recall) => ({ id: recall.id, recall }))}
        error={list.error}
        loading={list.loading && list.rows !== undefined}
        retry={list.refetch}
        paged={list}
        minWidth={720}
        empty={t('还没有做过模拟召回。')}
        columns={[
          { title: t('批次'), key: 'lots', render: (_, row) => <Lots recall={row.recall} /> },
          {
            title: t('启动'),
            key: 'opened',
            width: 140,
            render: (_, row) => formatTime(row.recall.openedAt ?? row.recall.createdAt),
          },
          ...scored,
        ]}
      />
    </Panel>
  )
}

/** Exercises: the plan, what was drawn by which seed, and how all of them went. */
export function MockPage() {
  const { area } = useScope()
  return (
    <Page
      title={t('召回演练')}
      note={t(
        '模拟召回只清点、不冻结，不通知消费者；查明比例占 60 分，清点确认占 25 分，用时占 15 分；去向查明、各家都已清点且不超时的才合格。',
      )}
      actions={area ? <Rules area={area} /> : null}
    >
      {area ? (
        <>
          <Runs area={area} />
          <Others area={area} />
        </>
      ) : (
        <Loading />
      )}
    </Page>
  )
}
