import { useMutation } from '@tanstack/react-query'
import type { BacktestResult, Rule, RuleVersion } from '@vigil/contract'
import { Button, Progress, Segmented, Table } from 'antd'
import { lazy, Suspense, useState } from 'react'
import { t } from '../../../text.ts'
import { call } from '../../kernel/api.ts'
import { formatCount, formatPeriod } from '../../kernel/format.ts'
import { keys, queryClient } from '../../kernel/query.ts'
import { useCan } from '../../kernel/session.ts'
import { Panel } from '../../ui/Page.tsx'
import { Loading, ProblemAlert } from '../../ui/states.tsx'
import { decimal, levelNames, moves, percent } from './words.ts'

const FoundPlot = lazy(() => import('./FoundPlot.tsx'))

function Sizes({ result }: { readonly result: BacktestResult }) {
  return (
    <Table
      size="small"
      pagination={false}
      rowKey="size"
      scroll={{ x: 420 }}
      dataSource={result.sizes}
      columns={[
        { title: t('暴发规模'), dataIndex: 'size', render: (size: number) => t('{size} 倍标准差', { size }) },
        { title: t('注入次数'), dataIndex: 'outbreaks', align: 'right', render: formatCount },
        {
          title: t('检出率'),
          key: 'pod',
          align: 'right',
          render: (_, { pod, podError }) =>
            podError === null
              ? percent(pod, 0)
              : t('{pod} ± {error}', { pod: percent(pod, 0), error: percent(podError, 0) }),
        },
        {
          title: t('平均延迟（天）'),
          dataIndex: 'delay',
          align: 'right',
          render: (delay: number | null) => decimal(delay),
        },
      ]}
    />
  )
}

function Result({ result }: { readonly result: BacktestResult }) {
  const [view, setView] = useState<'chart' | 'table'>('chart')
  const summary = t('平常日误报率 {fpr}，折合每区县每周 {week} 次', {
    fpr: percent(result.fpr, 2),
    week: decimal(result.falsePerCountyWeek, 2),
  })
  return (
    <figure className="curve">
      <div className="curve-head">
        <figcaption>{summary}</figcaption>
        <Segmented
          aria-label={t('图或表')}
          value={view}
          onChange={setView}
          options={[
            { value: 'chart' as const, label: t('图') },
            { value: 'table' as const, label: t('表') },
          ]}
        />
      </div>
      {view === 'chart' ? (
        <Suspense fallback={<Loading />}>
          <FoundPlot result={result} label={t('各规模暴发在第几天被发现的比例')} />
        </Suspense>
      ) : (
        <Sizes result={result} />
      )}
      <p className="muted">
        {t(
          '用 {period} 的真实历史，抽取 {series} 个序列共 {days} 个判断日；再随机注入暴发 {outbreaks} 次。历史中真实发生过的异常也计为误报，所以误报率偏高估。',
          {
            period: formatPeriod(result.from, result.to),
            series: formatCount(result.series),
            days: formatCount(result.days),
            outbreaks: formatCount(result.sizes.reduce((sum, { outbreaks }) => sum + outbreaks, 0)),
          },
        )}
        {result.levels.length > 1
          ? result.levels
              .map(({ level, fpr, pod }) => ` ${levelNames[level]}：${percent(fpr, 2)} / ${percent(pod, 0)}`)
              .join('；')
          : null}
      </p>
    </figure>
  )
}

/** How good a version was on this city's own history, and a button to measure it. */
export function BacktestPanel({ rule, version }: { readonly rule: Rule; readonly version: RuleVersion }) {
  const can = useCan()
  const { backtest } = version
  const start = useMutation({
    mutationFn: () =>
      call('surveillance.start-backtest', { params: { id: rule.id, version: version.version }, body: {} }),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: keys.rules }),
  })
  const busy = moves(backtest?.state)
  return (
    <Panel
      title={t('回测')}
      extra={
        can('rule.manage') ? (
          <Button loading={start.isPending} disabled={busy} onClick={() => start.mutate()}>
            {backtest?.result ? t('重新回测') : t('开始回测')}
          </Button>
        ) : null
      }
    >
      <ProblemAlert error={start.error} />
      {busy && backtest ? (
        <div role="status">
          {t('正在用本市历史回测：{done}/{total} 个区县', { done: backtest.done, total: backtest.total || '…' })}
          <Progress
            percent={backtest.total > 0 ? Math.round((backtest.done / backtest.total) * 100) : 0}
            aria-label={t('回测进度')}
          />
        </div>
      ) : null}
      {backtest?.state === 'failed' ? <p role="alert">{backtest.error}</p> : null}
      {backtest?.result ? <Result result={backtest.result} /> : null}
      {backtest ? null : (
        <p className="muted">
          {t('回测会用本市自己的历史数据检验这一版：平常日子误报多少，注入的暴发能发现多少、晚几天。')}
        </p>
      )}
    </Panel>
  )
}
