/** @jsxImportSource preact */
import type { ColdLot } from '@vigil/contract'
import { t } from '../../text.ts'
import { Go } from '../ui/Go.tsx'
import { gateStateName, kilograms } from '../words.ts'
import type { Looked } from './look.ts'

function Fact({ name, value }: { name: string; value: string | null }) {
  if (!value) return null
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  )
}

function LotFacts({ lot }: { lot: ColdLot }) {
  return (
    <dl class="facts-list">
      <Fact name={t('品名')} value={lot.goodsName} />
      <Fact name={t('批次')} value={lot.lotNo} />
      <Fact name={t('状态')} value={gateStateName(lot.gate)} />
      <Fact name={t('产地')} value={lot.origin} />
      <Fact name={t('生产日期')} value={lot.producedOn} />
      <Fact name={t('保质期至')} value={lot.expiresOn} />
      <Fact name={t('首站')} value={lot.holderName} />
      <Fact name={t('境外批号')} value={lot.supplierLot} />
    </dl>
  )
}

/** What a code is, whether it may be sold, and what to do when not. */
export function LookCard({ looked, onReport }: { readonly looked: Looked; readonly onReport: () => void }) {
  const { tone, word, more, lot, certificate, report, code } = looked
  return (
    <section class={`card looked ${tone}`} aria-label={t('核查结果')}>
      <h2>{word}</h2>
      <p>{more}</p>
      {lot && <LotFacts lot={lot} />}
      {certificate?.lot && (
        <dl class="facts-list">
          <Fact name={t('证明编号')} value={certificate.number} />
          <Fact name={t('品名')} value={certificate.lot.goodsName} />
          <Fact name={t('批次')} value={certificate.lot.lotNo} />
          <Fact name={t('重量')} value={certificate.grams === null ? null : kilograms(certificate.grams)} />
          <Fact name={t('箱数')} value={certificate.boxes === null ? null : String(certificate.boxes)} />
          <Fact name={t('监管仓')} value={certificate.lot.station} />
        </dl>
      )}
      {report && (
        <button type="button" class="primary danger" onClick={onReport}>
          {t('上报违规')}
        </button>
      )}
      {code.kind === 'other' && (
        <Go to={`/foreign/${encodeURIComponent(code.text.slice(0, 60))}`} class="secondary wide">
          {t('这是外省出仓证明')}
        </Go>
      )}
    </section>
  )
}
