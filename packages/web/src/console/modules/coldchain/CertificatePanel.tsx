import { useMutation } from '@tanstack/react-query'
import type { ColdCertificate, ColdLotDetail } from '@vigil/contract'
import { Button } from 'antd'
import { t } from '../../../text.ts'
import { saveFile } from '../../kernel/download.ts'
import { formatCount } from '../../kernel/format.ts'
import { DataTable } from '../../ui/DataTable.tsx'
import { Mark } from '../../ui/Mark.tsx'
import { Panel } from '../../ui/Page.tsx'
import { ProblemAlert } from '../../ui/states.tsx'
import { paperStateNames, paperTones, weight } from './words.ts'

/** Exit certificates of a lot with where each of them stands; one of ours is printed again with that written across it. */
export function CertificatePanel({ lot }: { readonly lot: ColdLotDetail }) {
  const print = useMutation({
    mutationFn: ({ id, number }: ColdCertificate) => saveFile('cold-lot.certificate', `${number}.pdf`, { id }),
  })
  return (
    <Panel title={t('出仓证明')} flush>
      <ProblemAlert error={print.error} />
      <DataTable<ColdCertificate>
        label={t('出仓证明')}
        rowKey="id"
        rows={lot.certificates}
        minWidth={520}
        empty={t('还没有开具出仓证明')}
        columns={[
          {
            title: t('编号'),
            key: 'number',
            render: (_, row) => (
              <>
                <div>{row.number}</div>
                <div className="muted">
                  {t('{issuer}，扫码 {n} 次', { issuer: row.province ?? row.issuer, n: formatCount(row.scans) })}
                </div>
                {row.toName ? <div className="muted">{t('收货方 {name}', { name: row.toName })}</div> : null}
              </>
            ),
          },
          {
            title: t('数量'),
            key: 'grams',
            width: 150,
            align: 'right',
            render: (_, row) => t('{n} 箱 {mass}', { n: formatCount(row.boxes), mass: weight(row.grams) }),
          },
          { title: t('签发'), dataIndex: 'issuedOn', width: 110 },
          {
            title: t('状态'),
            key: 'state',
            width: 90,
            render: (_, row) => <Mark tone={paperTones[row.state]}>{paperStateNames[row.state]}</Mark>,
          },
          {
            key: 'print',
            width: 80,
            render: (_, row) =>
              row.province === null ? (
                <Button
                  size="small"
                  aria-label={t('下载 {number}', { number: row.number })}
                  loading={print.isPending && print.variables?.id === row.id}
                  onClick={() => print.mutate(row)}
                >
                  {t('下载')}
                </Button>
              ) : null,
          },
        ]}
      />
    </Panel>
  )
}
