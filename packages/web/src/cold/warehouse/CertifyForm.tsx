/** @jsxImportSource preact */
import type { ColdCertificate, ColdHolder, ColdLot } from '@vigil/contract'
import { useState } from 'preact/hooks'
import { t } from '../../text.ts'
import { QrSheet } from '../desk/QrSheet.tsx'
import { call } from '../server.ts'
import { messageOf } from '../session.ts'
import { Line } from '../ui/Line.tsx'
import { gramsOf, kilograms } from '../words.ts'
import { PartnerField } from './PartnerField.tsx'
import { Submit } from './Submit.tsx'

/** Issues the exit certificate of a released lot, for one who takes the goods or for the lot, and shows its code. @param stock grams */
export function CertifyForm({ lot, stock, self }: { lot: ColdLot; stock: number; self: string }) {
  const [to, setTo] = useState<ColdHolder | null>(null)
  const [boxes, setBoxes] = useState('')
  const [mass, setMass] = useState('')
  const [problem, setProblem] = useState('')
  const [paper, setPaper] = useState<ColdCertificate | null>(null)
  const grams = gramsOf(mass) ?? 0
  const count = /^[1-9]\d{0,5}$/.test(boxes) ? Number(boxes) : 0
  const over = grams > stock
  const onGo = async () => {
    try {
      const body = { boxes: count, grams, ...(to ? { toId: to.id } : {}) }
      setPaper(await call('cold-lot.certify', { params: { id: lot.id }, body }))
      setBoxes('')
      setMass('')
      setProblem('')
    } catch (error) {
      setProblem(messageOf(error))
    }
  }
  return (
    <section class="card">
      <h2>{t('开具出仓证明')}</h2>
      <PartnerField self={self} value={to} onPick={setTo} />
      {to === null && <p class="muted">{t('不选收货方的，证明对整批有效，买家都看得到。')}</p>}
      <div class="pair">
        <Line id="paper-boxes" label={t('出仓箱数')} mode="numeric" value={boxes} onInput={setBoxes} maxLength={6} />
        <Line
          id="paper-mass"
          label={t('出仓千克数')}
          mode="decimal"
          value={mass}
          onInput={setMass}
          problem={over ? t('超过在库 {mass}', { mass: kilograms(stock) }) : ''}
          maxLength={14}
        />
      </div>
      <p class="problem" role="alert">
        {problem}
      </p>
      <Submit
        sum={count > 0 && grams > 0 ? t('{count} 箱 {mass}', { count, mass: kilograms(grams) }) : ''}
        label={t('开具证明')}
        disabled={count === 0 || grams === 0 || over}
        onGo={onGo}
      />
      {paper && <QrSheet paper={paper} onClose={() => setPaper(null)} />}
    </section>
  )
}
