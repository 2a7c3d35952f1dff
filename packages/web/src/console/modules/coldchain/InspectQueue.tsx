import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import type { ColdWaitingLot } from '@vigil/contract'
import { Segmented } from 'antd'
import { useState } from 'react'
import { t } from '../../../text.ts'
import { call } from '../../kernel/api.ts'
import { formatCount, formatTime } from '../../kernel/format.ts'
import { keys, queryClient } from '../../kernel/query.ts'
import { useCan } from '../../kernel/session.ts'
import { ConfirmButton } from '../../ui/Confirm.tsx'
import { DataTable } from '../../ui/DataTable.tsx'
import { Mark } from '../../ui/Mark.tsx'
import { Panel } from '../../ui/Page.tsx'
import { RowLink } from '../../ui/RowLink.tsx'
import { weight } from './words.ts'

type Which = 'testing' | 'ready'

function Lacks({ lot: { problems, refusal } }: { readonly lot: ColdWaitingLot }) {
  return (
    <>
      <div>{problems.length === 0 ? t('放行条件已具备') : problems.map(({ detail }) => detail).join('、')}</div>
      {refusal ? (
        <div className="muted">
          {t('不予放行：{reason}（{by} {time}）', { ...refusal, time: formatTime(refusal.at) })}
        </div>
      ) : null}
    </>
  )
}

/** Lots of an area that wait for their release: under test with what each lacks, or ready to be released here. */
export function InspectQueue({ area }: { readonly area: string }) {
  const navigate = useNavigate()
  const inspects = useCan()('coldchain.inspect')
  const [chosen, setChosen] = useState<Which>()
  const query = useQuery({
    queryKey: [...keys.coldchain, 'inspections', area],
    queryFn: ({ signal }) => call('cold-inspect.queue', { query: { area }, signal }),
    refetchInterval: 30_000,
    enabled: inspects,
  })
  const data = query.data
  const which = chosen ?? (data && data.ready > 0 ? 'ready' : 'testing')
  const open = ({ id }: Pick<ColdWaitingLot, 'id'>) =>
    void navigate({ to: '/coldchain/$id', params: { id }, search: (before: object) => before } as never)
  if (!inspects) return null
  return (
    <Panel
      title={t('检测与放行')}
      extra={
        <Segmented<Which>
          aria-label={t('检测与放行')}
          value={which}
          onChange={setChosen}
          options={[
            { value: 'testing', label: data ? t('在检 {n}', { n: formatCount(data.testing) }) : t('在检') },
            { value: 'ready', label: data ? t('待放行 {n}', { n: formatCount(data.ready) }) : t('待放行') },
          ]}
        />
      }
      flush
    >
      <DataTable<ColdWaitingLot>
        label={which === 'ready' ? t('待放行') : t('在检批次')}
        rowKey="id"
        rows={data?.items.filter(({ problems }) => (problems.length === 0) === (which === 'ready'))}
        error={query.error}
        retry={() => void query.refetch()}
        minWidth={720}
        empty={which === 'ready' ? t('没有可以放行的批次') : t('没有在检的批次')}
        onOpen={open}
        columns={[
          {
            title: t('批次'),
            key: 'lot',
            render: (_, row) => (
              <RowLink
                onOpen={() => open(row)}
                more={t('{place}，{mass}', { place: row.holderName, mass: weight(row.grams) })}
              >
                {row.goodsName} {row.lotNo}
              </RowLink>
            ),
          },
          { title: t('入仓'), dataIndex: 'enteredAt', width: 140, render: formatTime },
          {
            title: t('样品'),
            key: 'samples',
            width: 130,
            render: (_, row) => {
              if (row.positive > 0) return <Mark tone="bad">{t('检出阳性')}</Mark>
              if (row.pending > 0) return <Mark tone="warn">{t('待结果 {n} 份', { n: row.pending })}</Mark>
              return t('{n} 份', { n: row.samples })
            },
          },
          { title: t('还须完成'), key: 'lacks', render: (_, row) => <Lacks lot={row} /> },
          ...(which === 'ready'
            ? [
                {
                  title: t('办理'),
                  key: 'act',
                  width: 100,
                  render: (_: unknown, row: ColdWaitingLot) => (
                    <ConfirmButton
                      label={t('放行')}
                      title={t('放行 {lot}', { lot: row.lotNo })}
                      button={{ type: 'primary', size: 'small' }}
                      onConfirm={() => call('cold-lot.release', { params: { id: row.id }, body: { reason: '' } })}
                      onDone={() => void queryClient.invalidateQueries({ queryKey: keys.coldchain })}
                    >
                      <p>{t('放行将绑定四类单证和检测结果的校验值，之后可以开具出仓证明。')}</p>
                    </ConfirmButton>
                  ),
                },
              ]
            : []),
        ]}
      />
      {data?.cut ? <p className="recall-facts muted">{t('只列出入仓最早的 100 批。')}</p> : null}
    </Panel>
  )
}
