/** @jsxImportSource preact */
import type { ColdCertificate } from '@vigil/contract'
import {
  coldLotKindNames,
  coldMovementKindNames,
  coldPaperStateNames,
  coldResultNames,
  coldSubjectNames,
} from '@vigil/contract/terms'
import { useCallback, useState } from 'preact/hooks'
import { Icon } from '../../device/Icon.tsx'
import { t } from '../../text.ts'
import type { PageProps } from '../page.ts'
import { call } from '../server.ts'
import { Facts } from '../ui/Facts.tsx'
import { Fetching } from '../ui/Fetching.tsx'
import { Go } from '../ui/Go.tsx'
import { gateStateName, kilograms, shortTime } from '../words.ts'
import { QrSheet } from './QrSheet.tsx'
import { gateTones } from './Stock.tsx'
import { useCall } from './useCall.ts'

/** A lot as this business may see it: what it is, what lies here, what was done with it, its certificates. */
export default function LotPage({ params, holder }: PageProps) {
  const id = params.id!
  const fetched = useCall(useCallback(() => call('cold-lot.read', { params: { id } }), [id]))
  return (
    <Fetching of={fetched}>
      {(lot) => {
        const here = lot.balances.find(({ holderId }) => holderId === holder.id)?.grams ?? 0
        return (
          <>
            <section class="card">
              <div class="row-head">
                <h2>{lot.goodsName}</h2>
                <span class={`tag ${gateTones[lot.gate]}`}>{gateStateName(lot.gate)}</span>
              </div>
              <Facts
                rows={[
                  [t('批次号'), lot.lotNo],
                  [t('来源'), t(coldLotKindNames[lot.kind])],
                  [t('原产国'), lot.origin],
                  [t('境外工厂'), lot.plantNo],
                  [t('供应商批号'), lot.supplierLot],
                  [t('集装箱号'), lot.containerNo],
                  [t('生产日期'), lot.producedOn],
                  [t('保质期至'), lot.expiresOn],
                  [t('货主'), lot.ownerName],
                  [lot.kind === 'made' ? t('加工单位') : t('监管仓'), lot.holderName],
                ]}
              />
            </section>
            <section class="card">
              <h2>{t('库存')}</h2>
              {lot.balances.length === 0 && <p class="muted">{t('这里没有库存。')}</p>}
              <Facts
                rows={lot.balances.map((balance) => [
                  balance.holderId === holder.id ? t('本单位') : balance.holderName,
                  kilograms(balance.grams),
                ])}
              />
              {lot.boxes > 0 && <p class="muted">{t('{boxes} 箱有码，收发请扫箱。', { boxes: lot.boxes })}</p>}
              {here > 0 && (
                <Go to={`/lots/${id}/trade`} class="primary page-action">
                  {t('办理业务')}
                </Go>
              )}
              {here > 0 && lot.kind === 'made' && lot.holderName === holder.name && (
                <Go to={`/lots/${id}/labels`} class="secondary wide">
                  {t('赋码、打印标签')}
                </Go>
              )}
              {lot.boxes > 0 && lot.ownerName === holder.name && <Labels lotId={id} />}
            </section>
            <Certificates items={lot.certificates} />
            {lot.samples.length > 0 && (
              <section class="card">
                <h2>{t('检测')}</h2>
                <Facts
                  rows={lot.samples.map((sample) => [
                    t(coldSubjectNames[sample.subject]),
                    `${t(coldResultNames[sample.result])} ${sample.resultAt ? shortTime(sample.resultAt) : ''} ${sample.lab}`,
                  ])}
                />
              </section>
            )}
            {lot.movements.length > 0 && (
              <section class="card">
                <h2>{t('流水')}</h2>
                <ul class="log">
                  {lot.movements
                    .filter(({ grams }) => grams !== 0)
                    .map((movement) => (
                      <li key={`${movement.hash}${movement.kind}${movement.grams}`}>
                        <span class="muted">{shortTime(movement.at)} </span>
                        <strong>{t(coldMovementKindNames[movement.kind])}</strong>{' '}
                        <span class="number">
                          {movement.grams < 0 ? '−' : '+'}
                          {kilograms(Math.abs(movement.grams))}
                        </span>
                        {movement.otherName && <span class="muted"> {movement.otherName}</span>}
                      </li>
                    ))}
                </ul>
              </section>
            )}
          </>
        )
      }}
    </Fetching>
  )
}

/** Labels of an importer's own lot, wherever it lies. */
function Labels({ lotId }: { lotId: string }) {
  const file = (format: string) => `/api/coldchain/lots/${lotId}/labels?format=${format}`
  return (
    <div class="actions">
      <a class="secondary" href={file('pdf')} download>
        <Icon name="print" />
        {t('打印标签')}
      </a>
      <a class="secondary" href={file('zpl')} download>
        {t('标签机（ZPL）')}
      </a>
    </div>
  )
}

function Certificates({ items }: { items: readonly ColdCertificate[] }) {
  const [shown, setShown] = useState<ColdCertificate | null>(null)
  if (items.length === 0) return null
  return (
    <section class="card">
      <h2>{t('出仓证明')}</h2>
      <ul class="papers">
        {items.map((paper) => (
          <li key={paper.id}>
            <div class="row-head">
              <div>
                <strong>{paper.number}</strong>
                <p class="muted">
                  {paper.issuedOn} · {t('{boxes} 箱', { boxes: paper.boxes })}，{kilograms(paper.grams)}
                </p>
                <p class="muted">{paper.toName ? t('收货方 {name}', { name: paper.toName }) : t('整批通用')}</p>
                {paper.state !== 'valid' && <span class="tag bad">{t(coldPaperStateNames[paper.state])}</span>}
              </div>
              {paper.province === null && (
                <span class="paper-actions">
                  <button type="button" class="small-button" onClick={() => setShown(paper)}>
                    {t('二维码')}
                  </button>
                  <a
                    class="small-button"
                    href={`/api/coldchain/certificates/${paper.id}`}
                    download={`${paper.number}.pdf`}
                  >
                    {t('下载')}
                  </a>
                </span>
              )}
            </div>
          </li>
        ))}
      </ul>
      {shown && <QrSheet paper={shown} onClose={() => setShown(null)} />}
    </section>
  )
}
