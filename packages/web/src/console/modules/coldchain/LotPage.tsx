import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import type { ColdLotDetail } from '@vigil/contract'
import { Descriptions } from 'antd'
import { t } from '../../../text.ts'
import { call } from '../../kernel/api.ts'
import { formatCount, formatTime } from '../../kernel/format.ts'
import { keys, queryClient } from '../../kernel/query.ts'
import { useCan } from '../../kernel/session.ts'
import { ConfirmButton } from '../../ui/Confirm.tsx'
import { DataTable } from '../../ui/DataTable.tsx'
import { Mark } from '../../ui/Mark.tsx'
import { Page, Panel } from '../../ui/Page.tsx'
import { ScopeLink } from '../../ui/ScopeLink.tsx'
import { ErrorState, Loading } from '../../ui/states.tsx'
import { Contacts } from './Contacts.tsx'
import { DriverLine } from './DriverLine.tsx'
import { RefuseButton } from './InspectForms.tsx'
import { InspectPanel } from './InspectPanel.tsx'
import { PaperPanels } from './PaperPanels.tsx'
import { RecallButton } from './RecallButton.tsx'
import { RecallPanel } from './RecallPanel.tsx'
import { TemperaturePanel } from './TemperaturePanel.tsx'
import { TraceExport } from './TraceExport.tsx'
import { gateNames, gateTones, lotKindNames, movementNames, weight } from './words.ts'

const refresh = () => void queryClient.invalidateQueries({ queryKey: keys.coldchain })

function GateAction({ lot }: { readonly lot: ColdLotDetail }) {
  const can = useCan()
  const { id, lotNo } = lot
  if (!can('coldchain.inspect') || lot.kind === 'made') return null
  if (lot.gate === 'released')
    return (
      <ConfirmButton
        label={t('撤销放行')}
        title={t('撤销 {lot} 的放行', { lot: lotNo })}
        button={{ danger: true }}
        reason
        onConfirm={(reason) => call('cold-lot.withdraw', { params: { id }, body: { reason } })}
        onDone={refresh}
      >
        <p>{t('从现在起，这个批次和用它分装、加工的食品都不能再流转。')}</p>
      </ConfirmButton>
    )
  if (lot.gate === 'declared') return null
  if (lot.problems.length > 0) return lot.kind === 'imported' ? <RefuseButton lot={lot} /> : null
  const again = lot.gate === 'withdrawn'
  return (
    <>
      {lot.kind === 'imported' ? <RefuseButton lot={lot} /> : null}
      <ConfirmButton
        label={again ? t('重新放行') : t('放行')}
        title={again ? t('重新放行 {lot}', { lot: lotNo }) : t('放行 {lot}', { lot: lotNo })}
        button={again ? {} : { type: 'primary' }}
        reason={again}
        onConfirm={(reason) => call('cold-lot.release', { params: { id }, body: { reason } })}
        onDone={refresh}
      >
        <p>
          {again
            ? t('放行曾被撤销。重新放行后，这个批次和用它分装、加工的食品又可以流转，此前的出仓证明须换发。')
            : t('放行将绑定四类单证和检测结果的校验值，之后可以开具出仓证明。')}
        </p>
      </ConfirmButton>
    </>
  )
}

function Facts({ lot }: { readonly lot: ColdLotDetail }) {
  const item = (key: string, label: string, children: string | null) => ({ key, label, children: children || '—' })
  return (
    <Descriptions
      column={{ xs: 1, md: 2 }}
      size="small"
      items={[
        item('kind', t('来源'), lotKindNames[lot.kind]),
        item('origin', t('产地与厂号'), [lot.origin, lot.plantNo].filter(Boolean).join(' · ')),
        item('supplier', t('供应商批号'), lot.supplierLot),
        item('container', t('柜号'), lot.containerNo),
        item('days', t('生产与到期'), [lot.producedOn, lot.expiresOn].filter(Boolean).join(' — ')),
        item('owner', t('货主'), lot.ownerName),
        item('holder', t('首站'), lot.holderName),
        item('boxes', t('赋码'), t('{n} 箱', { n: formatCount(lot.boxes) })),
      ]}
    />
  )
}

function Balances({ lot }: { readonly lot: ColdLotDetail }) {
  return (
    <Panel title={t('现在在哪里')} flush>
      <DataTable
        label={t('现在在哪里')}
        rowKey="holderId"
        rows={lot.balances}
        minWidth={470}
        empty={t('没有库存')}
        columns={[
          { title: t('持有人'), dataIndex: 'holderName' },
          { title: t('重量'), key: 'grams', width: 130, align: 'right', render: (_, row) => weight(row.grams) },
          { title: t('起于'), dataIndex: 'since', width: 140, render: formatTime },
          {
            title: t('召回通知'),
            key: 'contacts',
            width: 110,
            render: (_, row) => <Contacts holderId={row.holderId} holderName={row.holderName} />,
          },
        ]}
      />
    </Panel>
  )
}

const partiesOf = ({ kind, holderName, otherName }: ColdLotDetail['movements'][number]): string => {
  if (otherName === null) return holderName
  return kind === 'ship'
    ? t('{from} 发往 {to}', { from: holderName, to: otherName })
    : t('{to} 收自 {from}', { from: otherName, to: holderName })
}

function Movements({ lot }: { readonly lot: ColdLotDetail }) {
  const moved = lot.movements.filter(({ grams }) => grams !== 0)
  const quiet = lot.movements.length - moved.length
  return (
    <Panel title={t('经过')} flush>
      <DataTable
        label={t('经过')}
        rowKey="key"
        rows={moved.map((row, index) => ({ ...row, key: `${row.hash} ${index}` }))}
        minWidth={640}
        heading="kind"
        empty={t('还没有记录')}
        columns={[
          { title: t('时间'), dataIndex: 'at', width: 140, render: formatTime },
          { title: t('事项'), key: 'kind', width: 90, render: (_, row) => movementNames[row.kind] },
          {
            title: t('经营者'),
            key: 'holder',
            render: (_, row) => partiesOf(row),
          },
          {
            title: t('增减'),
            key: 'grams',
            width: 130,
            align: 'right',
            render: (_, row) => `${row.grams > 0 ? '+' : '−'}${weight(Math.abs(row.grams))}`,
          },
        ]}
      />
      {quiet > 0 ? (
        <p className="recall-facts muted">
          {t('另有 {n} 条不增减重量的记录（赋码、采样、检测、消毒、放行等），导出 EPCIS 文档可得全部。', { n: quiet })}
        </p>
      ) : null}
    </Panel>
  )
}

function Actions({ lot }: { readonly lot: ColdLotDetail }) {
  const can = useCan()
  return (
    <>
      <GateAction lot={lot} />
      <TraceExport lot={lot} reach="forward" />
      {can('coldchain.inspect') && lot.gate !== 'declared' ? <RecallButton lot={lot} /> : null}
    </>
  )
}

/** One lot: its gate and what is wanting, where it is by the gram, what happened to it, its papers and tests. */
export function LotPage() {
  const { id } = useParams({ strict: false }) as { id: string }
  const query = useQuery({
    queryKey: [...keys.coldchain, 'lot', id],
    queryFn: ({ signal }) => call('cold-lot.read', { params: { id }, signal }),
    refetchInterval: 30_000,
  })
  const lot = query.data
  if (!lot)
    return (
      <Page title={t('批次')}>
        {query.isError ? <ErrorState error={query.error} retry={() => void query.refetch()} /> : <Loading />}
      </Page>
    )
  return (
    <Page
      title={`${lot.goodsName} ${lot.lotNo}`}
      note={
        <span className="in-line">
          <Mark tone={gateTones[lot.gate]}>{gateNames[lot.gate]}</Mark>
          <ScopeLink to="/coldchain" className="link">
            {t('全部进口冷链')}
          </ScopeLink>
          <ScopeLink to="/coldchain/trace" change={{ code: lot.uri }} className="link">
            {t('追溯来源与去向')}
          </ScopeLink>
        </span>
      }
      actions={<Actions lot={lot} />}
    >
      <InspectPanel lot={lot} />
      <RecallPanel lotId={lot.id} />
      <Panel title={t('批次信息')}>
        <Facts lot={lot} />
        {lot.declaration ? <DriverLine declaration={lot.declaration} /> : null}
      </Panel>
      <Balances lot={lot} />
      <TemperaturePanel lot={lot} />
      <Movements lot={lot} />
      <PaperPanels lot={lot} />
    </Page>
  )
}
