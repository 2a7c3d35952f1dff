import { useQuery } from '@tanstack/react-query'
import type { ComplianceEvidence, EvidenceEntry, ScorePart } from '@vigil/contract'
import { Button, Modal } from 'antd'
import { useState } from 'react'
import { t } from '../../../text.ts'
import { call } from '../../kernel/api.ts'
import { formatCount, formatPeriod, formatShare, formatTime } from '../../kernel/format.ts'
import { keys } from '../../kernel/query.ts'
import { useCan } from '../../kernel/session.ts'
import { ConfirmButton } from '../../ui/Confirm.tsx'
import { DataTable } from '../../ui/DataTable.tsx'
import { Mark } from '../../ui/Mark.tsx'
import { EmptyState } from '../../ui/states.tsx'
import { PurchaseDrawer } from '../purchase/PurchaseDrawer.tsx'
import { entriesText, refresh } from './words.ts'

const gone = t('已销毁')

/** The entries of an evidence row, masked; one opens in the drawer, where clear text asks for a purpose. */
function Entries({
  store,
  evidence,
  onClose,
}: {
  readonly store: string
  readonly evidence: ComplianceEvidence | undefined
  readonly onClose: () => void
}) {
  const [opened, setOpened] = useState<string>()
  const query = useQuery({
    queryKey: [...keys.compliance, 'entries', store, evidence?.rule, evidence?.key],
    queryFn: () =>
      call('compliance.entries', {
        params: { code: store },
        query: { rule: evidence?.rule ?? '', key: evidence?.key ?? '' },
      }),
    enabled: evidence !== undefined,
  })
  return (
    <>
      <Modal
        open={evidence !== undefined && opened === undefined}
        title={evidence?.text}
        width={880}
        footer={null}
        onCancel={onClose}
      >
        <DataTable<EvidenceEntry>
          label={t('相关登记')}
          rowKey="id"
          rows={query.data?.items}
          error={query.error}
          retry={() => void query.refetch()}
          minWidth={720}
          onOpen={({ id }) => setOpened(id)}
          columns={[
            { title: t('售出'), dataIndex: 'soldAt', width: 140, render: formatTime },
            { title: t('购药人'), key: 'name', width: 90, render: (_, row) => row.name ?? gone },
            { title: t('证件号码'), key: 'document', render: (_, row) => row.documentNumber ?? gone },
            { title: t('手机'), key: 'mobile', width: 130, render: (_, row) => row.mobile ?? gone },
            { title: t('药品'), dataIndex: 'drugs' },
            {
              key: 'open',
              title: <span className="visually-hidden">{t('操作')}</span>,
              width: 64,
              render: (_, row) => (
                <Button
                  type="link"
                  size="small"
                  onClick={(event) => {
                    event.stopPropagation()
                    setOpened(row.id)
                  }}
                >
                  {t('查看')}
                </Button>
              ),
            },
          ]}
        />
      </Modal>
      <PurchaseDrawer id={opened} onClose={() => setOpened(undefined)} />
    </>
  )
}

/** The parts of a store's score with the evidence of each. */
export function Parts({
  store,
  parts,
  evidence,
}: {
  readonly store: string
  readonly parts: readonly ScorePart[]
  readonly evidence: readonly ComplianceEvidence[]
}) {
  const can = useCan()
  const [shown, setShown] = useState<ComplianceEvidence>()
  if (parts.length === 0) return <EmptyState text={t('没有发现问题')} />
  return (
    <>
      {parts.map((part) => (
        <section key={part.rule} className="conduct-part" aria-label={part.name}>
          <div className="conduct-part-head">
            <h3>{part.name}</h3>
            {part.dismissed ? (
              <Mark>{t('已排除')}</Mark>
            ) : (
              <Mark tone="bad">
                {t('扣 {points} 分（最多 {weight}）', { points: part.points, weight: part.weight })}
              </Mark>
            )}
            <span className="muted">
              {part.rule === 'silent'
                ? t('{count} 天', { count: part.count })
                : t('{count} 笔，占 {share}', { count: formatCount(part.count), share: formatShare(part.share, 1) })}
            </span>
            {can('compliance.handle') && !part.dismissed ? (
              <span className="push">
                <ConfirmButton
                  label={t('排除')}
                  title={t('排除“{name}”', { name: part.name })}
                  reason
                  button={{ size: 'small' }}
                  onConfirm={(reason) =>
                    call('compliance.dismiss', {
                      params: { code: store },
                      body: { rule: part.rule, reason, days: 30 },
                    })
                  }
                  onDone={refresh}
                >
                  <p>{t('30 天内这条规则不再扣本店的分；理由计入规则的记录。')}</p>
                </ConfirmButton>
              </span>
            ) : null}
          </div>
          <ul className="conduct-evidence">
            {evidence
              .filter(({ rule }) => rule === part.rule)
              .map((each) => (
                <li key={each.key}>
                  <span>
                    {each.text} <span className="muted">{formatPeriod(each.from, each.to)}</span>
                  </span>
                  {each.entries > 0 && can('purchase.read') ? (
                    <Button type="link" size="small" onClick={() => setShown(each)}>
                      {entriesText(each)}
                    </Button>
                  ) : null}
                </li>
              ))}
          </ul>
        </section>
      ))}
      <Entries store={store} evidence={shown} onClose={() => setShown(undefined)} />
    </>
  )
}
