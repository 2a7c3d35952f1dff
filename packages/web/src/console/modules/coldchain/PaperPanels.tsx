import type { ColdLotDetail } from '@vigil/contract'
import { Button } from 'antd'
import { t } from '../../../text.ts'
import { openFile } from '../../kernel/download.ts'
import { formatCount, formatTime } from '../../kernel/format.ts'
import { DataTable } from '../../ui/DataTable.tsx'
import { Panel } from '../../ui/Page.tsx'
import { CertificatePanel } from './CertificatePanel.tsx'
import { documentNames, sideNames, weight } from './words.ts'

function Documents({ lot }: { readonly lot: ColdLotDetail }) {
  if (!lot.declaration) return null
  const { id } = lot.declaration
  return (
    <Panel title={t('单证')} flush>
      <DataTable
        label={t('单证')}
        rowKey="id"
        rows={lot.declaration.documents}
        minWidth={480}
        empty={t('还没有上传单证')}
        columns={[
          {
            title: t('单证'),
            key: 'kind',
            render: (_, row) => (
              <>
                <div>{documentNames[row.kind]}</div>
                <div className="muted">{row.number}</div>
              </>
            ),
          },
          { title: t('签发'), dataIndex: 'issuedOn', width: 110 },
          { title: t('校验值'), key: 'sha256', width: 130, render: (_, row) => <code>{row.sha256.slice(0, 12)}</code> },
          {
            key: 'file',
            width: 80,
            render: (_, row) => (
              <Button
                size="small"
                aria-label={t('下载{kind}', { kind: documentNames[row.kind] })}
                onClick={() => openFile('cold-declaration.document', { id, documentId: row.id }, row.filename)}
              >
                {t('下载')}
              </Button>
            ),
          },
        ]}
      />
    </Panel>
  )
}

function Figures({ lot }: { readonly lot: ColdLotDetail }) {
  if (!lot.declaration) return null
  return (
    <Panel title={t('到货数量')} flush>
      <DataTable
        label={t('到货数量')}
        rowKey="key"
        rows={lot.declaration.figures.map((row) => ({ ...row, key: `${row.side} ${row.at}` }))}
        minWidth={480}
        empty={t('双方还没有登记数量')}
        columns={[
          { title: t('登记方'), key: 'side', width: 90, render: (_, row) => sideNames[row.side] },
          {
            title: t('数量'),
            key: 'grams',
            width: 160,
            render: (_, row) => t('{n} 箱 {mass}', { n: formatCount(row.boxes), mass: weight(row.grams) }),
          },
          { title: t('说明'), key: 'reason', render: (_, row) => row.reason || '—' },
          { title: t('时间'), dataIndex: 'at', width: 140, render: formatTime },
        ]}
      />
    </Panel>
  )
}

/** Papers, figures of both sides, releases and certificates of a lot. */
export function PaperPanels({ lot }: { readonly lot: ColdLotDetail }) {
  return (
    <>
      <div className="two">
        <Documents lot={lot} />
        <Figures lot={lot} />
      </div>
      <div className="two">
        <Panel title={t('放行')} flush>
          <DataTable
            label={t('放行')}
            rowKey="key"
            rows={lot.releases.map(({ number, kind, at, by, reason }) => ({
              key: `release ${number}`,
              name: kind === 'release' ? t('放行') : t('撤销放行'),
              note: [by, reason].filter(Boolean).join(' · '),
              time: formatTime(at),
            }))}
            minWidth={420}
            empty={t('还没有放行')}
            columns={[
              {
                title: t('事项'),
                key: 'name',
                render: (_, row) => (
                  <>
                    <div>{row.name}</div>
                    <div className="muted">{row.note}</div>
                  </>
                ),
              },
              { title: t('时间'), dataIndex: 'time', width: 140 },
            ]}
          />
        </Panel>
        <CertificatePanel lot={lot} />
      </div>
    </>
  )
}
