import { useMutation, useQuery } from '@tanstack/react-query'
import type { ColdRecall, ColdRecallDetail } from '@vigil/contract'
import { Button } from 'antd'
import { t } from '../../../text.ts'
import { call } from '../../kernel/api.ts'
import { saveFile } from '../../kernel/download.ts'
import { formatTime } from '../../kernel/format.ts'
import { keys, queryClient } from '../../kernel/query.ts'
import { useCan } from '../../kernel/session.ts'
import { ConfirmButton } from '../../ui/Confirm.tsx'
import { DataTable } from '../../ui/DataTable.tsx'
import { Mark } from '../../ui/Mark.tsx'
import { Panel } from '../../ui/Page.tsx'
import { ScopeLink } from '../../ui/ScopeLink.tsx'
import { ErrorState, Loading, ProblemAlert } from '../../ui/states.tsx'
import { CountButton } from './CountButton.tsx'
import { RecallBar } from './RecallBar.tsx'
import { Disposals, DisposeButton } from './RecallDispose.tsx'
import { RecallNotices } from './RecallNotices.tsx'
import { fateNames, recallKindNames, recallStateNames, recallTone, weight } from './words.ts'

/** Lines that are shown; the certificate has all of them. */
const mostLines = 200
const refresh = () => void queryClient.invalidateQueries({ queryKey: keys.coldchain })

function Certificate({ recall: { id, number } }: { readonly recall: ColdRecallDetail }) {
  const save = useMutation({ mutationFn: () => saveFile('cold-recall.certificate', `${number}.pdf`, { id }) })
  return (
    <>
      <Button loading={save.isPending} onClick={() => save.mutate()}>
        {t('下载完整性证明')}
      </Button>
      <ProblemAlert error={save.error} />
    </>
  )
}

function Steps({ recall }: { readonly recall: ColdRecallDetail }) {
  const can = useCan()
  const { id, number, state } = recall
  if (state === 'closed') return <Certificate recall={recall} />
  if (!can('coldchain.inspect')) return null
  if (state === 'draft')
    return (
      <ConfirmButton
        label={t('启动召回')}
        title={t('启动召回 {number}', { number })}
        button={{ danger: true, type: 'primary' }}
        reason
        onConfirm={(orderedBy) =>
          call('cold-recall.start', { params: { id }, body: { orderedBy: orderedBy.slice(0, 80) } })
        }
        onDone={refresh}
      >
        <p>{t('请在理由中写明下达召回的人。持有人将立即收到清点通知。')}</p>
      </ConfirmButton>
    )
  return (
    <div className="recall-upload">
      {recall.kind === 'real' ? <DisposeButton recall={recall} /> : null}
      <ConfirmButton
        label={t('完成')}
        title={t('完成 {number}', { number })}
        button={{ type: 'primary' }}
        reason
        onConfirm={(outcome) => call('cold-recall.close', { params: { id }, body: { outcome } })}
        onDone={refresh}
      >
        <p>{t('请在理由中写明处置结果，将写入完整性证明。完成后不能再登记清点，冻结不会解除。')}</p>
      </ConfirmButton>
    </div>
  )
}

function Lines({ recall }: { readonly recall: ColdRecallDetail }) {
  const can = useCan()
  const counts = recall.state === 'open' && can('coldchain.operate')
  const rows = recall.lines.slice(0, mostLines).map((line, index) => ({ ...line, key: String(index) }))
  return (
    <DataTable
      label={t('召回去向')}
      rowKey="key"
      rows={rows}
      minWidth={680}
      heading="holder"
      empty={t('这个辖区没有涉及的食品')}
      columns={[
        {
          title: t('去向'),
          key: 'fate',
          width: 100,
          render: (_, row) => <Mark tone={row.fate === 'unaccounted' ? 'bad' : 'idle'}>{fateNames[row.fate]}</Mark>,
        },
        {
          title: t('持有人'),
          key: 'holder',
          render: (_, row) => (
            <>
              <div>
                {row.toName === null ? row.holderName : t('{from} 发往 {to}', { from: row.holderName, to: row.toName })}
              </div>
              <div className="muted">{row.lotNo}</div>
            </>
          ),
        },
        { title: t('召回量'), key: 'grams', width: 120, align: 'right', render: (_, row) => weight(row.grams) },
        { title: t('整批重量'), key: 'mass', width: 120, align: 'right', render: (_, row) => weight(row.mass) },
        {
          title: t('确认'),
          key: 'confirmed',
          width: 110,
          render: (_, row) => {
            if (row.confirmed) return <Mark tone="good">{t('已确认')}</Mark>
            if (row.fate === 'on-hand' && counts) return <CountButton recallId={recall.id} line={row} />
            return <Mark tone="warn">{row.fate === 'unaccounted' ? t('待核查') : t('仅账面')}</Mark>
          },
        },
      ]}
    />
  )
}

/** A recall with everything known of it, and what is to be done next. */
export function RecallDetail({ id, linked = false }: { readonly id: string; readonly linked?: boolean }) {
  const query = useQuery({
    queryKey: [...keys.coldchain, 'recall', id],
    queryFn: ({ signal }) => call('cold-recall.read', { params: { id }, signal }),
    refetchInterval: 30_000,
  })
  const recall = query.data
  if (!recall)
    return query.isError ? <ErrorState error={query.error} retry={() => void query.refetch()} /> : <Loading />
  const { kind, state, mock, now, lots } = recall
  return (
    <Panel
      title={t('{kind} {number}', { kind: recallKindNames[kind], number: recall.number })}
      extra={<Steps recall={recall} />}
      flush
    >
      <div className="recall-facts">
        <Mark tone={recallTone(recall)}>{recallStateNames[state]}</Mark>
        {linked ? (
          <ScopeLink to={`/coldchain/recalls/${id}`} className="link">
            {t('召回详情')}
          </ScopeLink>
        ) : null}
        <strong>{lots.map(({ goodsName, lotNo }) => `${goodsName} ${lotNo}`).join('、')}</strong>
        <span>{t('原因：{reason}', { reason: recall.reason })}</span>
        {recall.asked > 0 ? (
          <span>{t('已清点 {answered}/{asked} 家', { answered: recall.answered, asked: recall.asked })}</span>
        ) : null}
        {recall.collector ? <span>{t('集中点 {name}', { name: recall.collector.name })}</span> : null}
        {recall.openedAt ? (
          <span className="muted">
            {t('{who} 下达于 {time}', { who: recall.orderedBy, time: formatTime(recall.openedAt) })}
          </span>
        ) : null}
        {mock ? (
          <span>
            {t('演练 {score} 分，{verdict}', { score: mock.score, verdict: mock.passed ? t('合格') : t('不合格') })}
          </span>
        ) : null}
        {recall.outcome ? <span>{t('处置结果：{outcome}', { outcome: recall.outcome })}</span> : null}
        {recall.problems.length > 0 ? (
          <Mark tone="warn">{t('记录矛盾 {n} 处', { n: recall.problems.length })}</Mark>
        ) : null}
      </div>
      {state === 'draft' ? null : (
        <>
          {now ? <h3 className="recall-head">{t('启动时')}</h3> : null}
          <RecallBar byFate={recall.byFate} total={recall.total} />
          {now ? (
            <>
              <h3 className="recall-head">{state === 'closed' ? t('完成时') : t('现在')}</h3>
              <RecallBar byFate={now} total={recall.total} name={t('现在的去向')} />
            </>
          ) : null}
          <h3 className="recall-head">{t('持有人与去向')}</h3>
          <Lines recall={recall} />
          {recall.lines.some(({ grams, mass }) => grams !== mass) ? (
            <p className="recall-facts muted">
              {t('召回量是其中属于召回批次的净重；加工、混入其他批次的，按整批重量全部下架。')}
            </p>
          ) : null}
          {recall.lines.length > mostLines ? (
            <p className="recall-facts muted">{t('只列出前 {n} 行，全部见完整性证明。', { n: mostLines })}</p>
          ) : null}
          <h3 className="recall-head">{t('通知与清点')}</h3>
          <RecallNotices recall={recall} />
          {kind === 'real' ? (
            <>
              <h3 className="recall-head">{t('销毁')}</h3>
              <Disposals recall={recall} />
            </>
          ) : null}
        </>
      )}
    </Panel>
  )
}

/** Recalls of a lot, newest first, each with where its grams are. */
export function RecallPanel({ lotId }: { readonly lotId: string }) {
  const query = useQuery({
    queryKey: [...keys.coldchain, 'recalls', lotId],
    queryFn: ({ signal }) => call('cold-recall.list', { query: { lot: lotId, limit: 5 }, signal }),
    refetchInterval: 30_000,
  })
  if (query.isError) return <ErrorState error={query.error} retry={() => void query.refetch()} />
  return query.data?.items.map(({ id }: ColdRecall) => <RecallDetail key={id} id={id} linked />) ?? null
}
