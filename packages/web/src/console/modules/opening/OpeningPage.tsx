import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { dayOf } from '@vigil/codes'
import type { OpeningFigures, OpeningOverview } from '@vigil/contract'
import { useMemo } from 'react'
import { closingReasonNames } from '../../../terms.ts'
import { t } from '../../../text.ts'
import { call } from '../../kernel/api.ts'
import { formatCount, formatShare, formatTime } from '../../kernel/format.ts'
import { keys } from '../../kernel/query.ts'
import { useRawSearch, useScope } from '../../kernel/scope.ts'
import { CurveChart } from '../../ui/CurveChart.tsx'
import { DataTable } from '../../ui/DataTable.tsx'
import { Page, Panel } from '../../ui/Page.tsx'
import { EmptyState, ErrorState, Loading } from '../../ui/states.tsx'
import { ink } from '../../ui/theme.ts'
import { ListExport } from '../export/ListExport.tsx'
import { OpeningRanking } from './OpeningRanking.tsx'
import { OpeningStores } from './OpeningStores.tsx'
import { ReminderButton } from './ReminderDialog.tsx'

const percent = (part: number, whole: number) => (whole === 0 ? 100 : (part / whole) * 100)

function Value({ name, value, note }: { name: string; value: string; note: string }) {
  return (
    <div className="figure">
      <div className="figure-name">{name}</div>
      <div className="figure-value">{value}</div>
      <div className="figure-change">{note}</div>
    </div>
  )
}

function Figures({ figures, inTime }: { figures: OpeningFigures; inTime: number }) {
  const { active, open, closed, sold, missing } = figures
  return (
    <div className="figures">
      <Value
        name={t('营业率')}
        value={formatShare(open + sold, active)}
        note={t('应营业 {count} 家', { count: formatCount(active) })}
      />
      <Value
        name={t('已签到营业')}
        value={formatCount(open)}
        note={t('10:00 前签到 {count} 家', { count: formatCount(inTime) })}
      />
      <Value name={t('有销售未签到')} value={formatCount(sold)} note={t('以当日登记为证，计入营业')} />
      <Value
        name={t('已报停业')}
        value={formatCount(closed)}
        note={t('占 {share}', { share: formatShare(closed, active) })}
      />
      <Value name={t('未签到')} value={formatCount(missing)} note={t('待联系，见下方名单')} />
    </div>
  )
}

function Curve({ data }: { data: OpeningOverview }) {
  // Of no stores there is no rate.
  const curve = useMemo(() => data.curve.filter(({ active }) => active > 0), [data.curve])
  const days = useMemo(() => curve.map(({ day }) => day), [curve])
  const series = useMemo(
    () => [
      {
        name: t('营业率'),
        color: ink.brand,
        symbol: 'circle',
        dash: 'solid' as const,
        values: curve.map(({ open, sold, active }) => percent(open + sold, active)),
      },
      {
        name: t('签到率'),
        color: ink.up,
        symbol: 'triangle',
        dash: [6, 3],
        values: curve.map(({ open, closed, active }) => percent(open + closed, active)),
      },
    ],
    [curve],
  )
  if (days.length === 0) return <EmptyState text={t('这段时间没有在册营业的药店')} />
  const rates = series[0]!.values
  const lowest = rates.indexOf(Math.min(...rates))
  return (
    <CurveChart
      days={days}
      series={series}
      share
      runningDay={dayOf(new Date(data.asOf))}
      summary={t('{from} 至 {to}，营业率最低 {share}%（{day}）', {
        from: data.from,
        to: data.to,
        share: (rates[lowest] ?? 100).toFixed(1),
        day: days[lowest] ?? data.to,
      })}
    />
  )
}

/** That those in charge of the area were told of the missing, or why they were not. */
function Told({ told }: Pick<OpeningOverview, 'told'>) {
  if (!told) return null
  const at = formatTime(told.at)
  const missing = formatCount(told.missing)
  if (told.missing === 0) return <p className="hint">{t('{at} 核对：全部药店已签到或有销售，无需推送。', { at })}</p>
  return (
    <p className="hint">
      {told.recipients > 0
        ? t('{at} 核对：未签到 {missing} 家，已推送给 {count} 个值班对象。', {
            at,
            missing,
            count: formatCount(told.recipients),
          })
        : t('{at} 核对：未签到 {missing} 家，本级没有人订阅推送，可在“我的账号”中设定。', { at, missing })}
    </p>
  )
}

/** Opening of the pharmacies of an area: rate, curve, ranking, reasons, and who has to be called. */
export function OpeningPage() {
  const { area, from, to } = useScope()
  const search = useRawSearch()
  const asked = { from, to, ...(area ? { area } : {}) }
  const query = useQuery({
    queryKey: [...keys.opening, 'overview', asked],
    queryFn: ({ signal }) => call('opening.read', { query: asked, signal }),
    placeholderData: keepPreviousData,
    enabled: area !== undefined,
  })
  const { data } = query
  return (
    <Page
      title={t('{name}营业情况', { name: data?.area.name ?? '' })}
      note={
        data
          ? t('{day}，截至 {asOf}。分母为当日结束时在册营业的药店，之后的状态变化不改变往日的比率。', {
              day: data.to,
              asOf: formatTime(data.asOf),
            })
          : undefined
      }
      actions={
        <>
          <ReminderButton />
          <ListExport list="opening" filter={{ ...asked, ...(search.standing ? { status: search.standing } : {}) }} />
        </>
      }
    >
      {query.isError ? <ErrorState error={query.error} retry={() => void query.refetch()} /> : null}
      {!data && !query.isError ? <Loading /> : null}
      {data && !query.isError ? (
        <div className={query.isPlaceholderData ? 'stack stale' : 'stack'} aria-busy={query.isPlaceholderData}>
          <Figures figures={data.figures} inTime={data.inTime} />
          <Told told={data.told} />
          <OpeningStores day={data.to} counts={data.figures} today={dayOf(new Date(data.asOf))} />
          <Panel title={t('每日营业率')}>
            <Curve data={data} />
          </Panel>
          {data.ranking.length > 0 ? <OpeningRanking rows={data.ranking} /> : null}
          {data.reasons.length > 0 ? (
            <Panel title={t('停业原因')} flush>
              <DataTable
                label={t('停业原因')}
                rowKey="reason"
                rows={data.reasons}
                minWidth={320}
                columns={[
                  {
                    title: t('原因'),
                    dataIndex: 'reason',
                    render: (reason: keyof typeof closingReasonNames) => closingReasonNames[reason],
                  },
                  { title: t('药店'), dataIndex: 'stores', align: 'right', width: 120, render: formatCount },
                ]}
              />
            </Panel>
          ) : null}
        </div>
      ) : null}
    </Page>
  )
}
