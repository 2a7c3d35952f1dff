import { useQuery } from '@tanstack/react-query'
import type { ColdLotDetail, ColdSample } from '@vigil/contract'
import { t } from '../../../text.ts'
import { call } from '../../kernel/api.ts'
import { formatTime } from '../../kernel/format.ts'
import { keys } from '../../kernel/query.ts'
import { useCan } from '../../kernel/session.ts'
import { DataTable } from '../../ui/DataTable.tsx'
import { Mark } from '../../ui/Mark.tsx'
import { Panel } from '../../ui/Page.tsx'
import { ScopeLink } from '../../ui/ScopeLink.tsx'
import { DisinfectButton, ResultButton, SampleButton } from './InspectForms.tsx'
import { resultNames, resultTones, subjectNames, weight } from './words.ts'

/** A positive sample that no retest is under way for, and none has refuted. */
const retestable = (sample: ColdSample, all: readonly ColdSample[]): boolean =>
  sample.result === 'positive' && !all.some(({ retestOf, result }) => retestOf === sample.id && result !== 'positive')

function Samples({ lot }: { readonly lot: ColdLotDetail }) {
  const can = useCan()
  const inspects = can('coldchain.inspect')
  const codeOf = new Map(lot.samples.map(({ id, code }) => [id, code]))
  return (
    <DataTable<ColdSample>
      label={t('检测')}
      rowKey="id"
      rows={lot.samples}
      minWidth={640}
      empty={t('还没有采样')}
      columns={[
        {
          title: t('样品'),
          key: 'code',
          render: (_, row) => (
            <>
              <div>{`${subjectNames[row.subject]} ${row.code}`}</div>
              {row.retestOf === null ? null : (
                <div className="muted">
                  {t('复检 {code}：{reason}', { code: codeOf.get(row.retestOf) ?? '', reason: row.retestReason })}
                </div>
              )}
            </>
          ),
        },
        {
          title: t('采样'),
          key: 'takenAt',
          width: 150,
          render: (_, row) => (
            <>
              <div>{formatTime(row.takenAt)}</div>
              {row.grams > 0 ? <div className="muted">{t('取样 {mass}', { mass: weight(row.grams) })}</div> : null}
            </>
          ),
        },
        {
          title: t('结果'),
          key: 'result',
          width: 200,
          render: (_, row) => (
            <>
              <Mark tone={resultTones[row.result]}>{resultNames[row.result]}</Mark>
              {row.resultAt ? (
                <div className="muted">
                  {[row.lab, row.reportNo, formatTime(row.resultAt)].filter(Boolean).join(' · ')}
                </div>
              ) : null}
            </>
          ),
        },
        {
          title: t('办理'),
          key: 'act',
          width: 110,
          render: (_, row) => {
            if (!inspects) return null
            if (row.result === 'pending') return <ResultButton sample={row} />
            return retestable(row, lot.samples) ? <SampleButton lot={lot} retest={row} /> : null
          },
        },
      ]}
    />
  )
}

function Disinfections({ lot }: { readonly lot: ColdLotDetail }) {
  if (lot.disinfections.length === 0) return <p className="recall-facts muted">{t('还没有登记消毒')}</p>
  return (
    <DataTable
      label={t('消毒')}
      rowKey="key"
      rows={lot.disinfections.map((row, at) => ({ ...row, key: String(at) }))}
      minWidth={360}
      columns={[
        {
          title: t('消毒'),
          key: 'agent',
          render: (_, row) => (
            <>
              <div>{row.agent}</div>
              <div className="muted">{[row.by, row.note].filter(Boolean).join(' · ')}</div>
            </>
          ),
        },
        { title: t('时间'), dataIndex: 'doneAt', width: 140, render: formatTime },
      ]}
    />
  )
}

function Refusals({ lot }: { readonly lot: ColdLotDetail }) {
  const query = useQuery({
    queryKey: [...keys.coldchain, 'refusals', lot.id],
    queryFn: ({ signal }) => call('cold-inspect.refusals', { params: { id: lot.id }, signal }),
    enabled: lot.kind === 'imported',
  })
  return query.data?.items.map(({ reason, at, by }) => (
    <p key={at} className="recall-facts">
      <Mark tone="bad">{t('不予放行')}</Mark>
      <span>{reason}</span>
      <span className="muted">{t('{by} {time}', { by, time: formatTime(at) })}</span>
    </p>
  ))
}

/** Inspection of an imported lot: what its release still lacks, samples with their results, disinfections. */
export function InspectPanel({ lot }: { readonly lot: ColdLotDetail }) {
  const can = useCan()
  const here = lot.gate !== 'declared' && lot.kind !== 'made'
  if (!here) return null
  return (
    <Panel
      title={t('检测与放行')}
      extra={
        <div className="recall-upload">
          {can('coldchain.inspect') ? <SampleButton lot={lot} /> : null}
          {can('coldchain.operate') ? <DisinfectButton lot={lot} /> : null}
          {can('coldchain.inspect') ? (
            <ScopeLink to="/imports" className="link">
              {t('导入检测结果')}
            </ScopeLink>
          ) : null}
        </div>
      }
      flush
    >
      {lot.kind === 'imported' && lot.gate !== 'released' ? (
        <div className="recall-facts" role="status">
          {lot.problems.length === 0 ? (
            <Mark tone="good">{t('放行条件已具备')}</Mark>
          ) : (
            <>
              <strong>{t('放行前还须完成')}</strong>
              {lot.problems.map(({ rule, detail }) => (
                <Mark key={rule} tone="warn">
                  {detail}
                </Mark>
              ))}
            </>
          )}
        </div>
      ) : null}
      <Refusals lot={lot} />
      <Samples lot={lot} />
      <Disinfections lot={lot} />
    </Panel>
  )
}
