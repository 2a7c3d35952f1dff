import type { ColdLotDetail } from '@vigil/contract'
import { t } from '../../../text.ts'
import { formatCount, formatTime } from '../../kernel/format.ts'
import { DataTable } from '../../ui/DataTable.tsx'
import { Mark } from '../../ui/Mark.tsx'
import { Panel } from '../../ui/Page.tsx'
import { documentNames, resultNames, resultTones, sideNames, subjectNames, weight } from './words.ts'

function Documents({ lot }: { readonly lot: ColdLotDetail }) {
  if (!lot.declaration) return null
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
          { title: t('校验值'), key: 'sha256', width: 150, render: (_, row) => <code>{row.sha256.slice(0, 12)}</code> },
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

/** Papers, figures of both sides, tests, releases and certificates of a lot. */
export function PaperPanels({ lot }: { readonly lot: ColdLotDetail }) {
  return (
    <>
      <div className="two">
        <Documents lot={lot} />
        <Figures lot={lot} />
      </div>
      <div className="two">
        <Panel title={t('检测')} flush>
          <DataTable
            label={t('检测')}
            rowKey="id"
            rows={lot.samples}
            minWidth={420}
            empty={t('还没有采样')}
            columns={[
              {
                title: t('样品'),
                key: 'code',
                render: (_, row) => (
                  <>
                    <div>{`${subjectNames[row.subject]} ${row.code}`}</div>
                    {row.retestOf === null ? null : (
                      <div className="muted">{t('复检：{reason}', { reason: row.retestReason })}</div>
                    )}
                  </>
                ),
              },
              { title: t('采样'), dataIndex: 'takenAt', width: 140, render: formatTime },
              {
                title: t('结果'),
                key: 'result',
                width: 110,
                render: (_, row) => <Mark tone={resultTones[row.result]}>{resultNames[row.result]}</Mark>,
              },
            ]}
          />
        </Panel>
        <Panel title={t('放行与出仓证明')} flush>
          <DataTable
            label={t('放行与出仓证明')}
            rowKey="key"
            rows={[
              ...lot.releases.map(({ number, kind, at, by, reason }) => ({
                key: `release ${number}`,
                name: kind === 'release' ? t('放行') : t('撤销放行'),
                note: [by, reason].filter(Boolean).join(' · '),
                time: formatTime(at),
              })),
              ...lot.certificates.map(({ id, number, province, issuer, issuedOn, grams, scans }) => ({
                key: id,
                name: t('出仓证明 {number}', { number }),
                note: t('{issuer}，{mass}，扫码 {n} 次', { issuer: province ?? issuer, mass: weight(grams), n: scans }),
                time: issuedOn,
              })),
            ]}
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
      </div>
    </>
  )
}
