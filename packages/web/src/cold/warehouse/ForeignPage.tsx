/** @jsxImportSource preact */
import type { ColdGoods } from '@vigil/contract'
import { useState } from 'preact/hooks'
import { t } from '../../text.ts'
import type { PageProps } from '../page.ts'
import { go } from '../router.ts'
import { call } from '../server.ts'
import { messageOf, say } from '../session.ts'
import { Line } from '../ui/Line.tsx'
import { dayFromNow, gramsOf } from '../words.ts'
import { GoodsField } from './GoodsField.tsx'
import { ScanBox } from './ScanBox.tsx'
import { Submit } from './Submit.tsx'
import { openWork, refreshPack } from './work.ts'

const fields = [
  { name: 'province', label: () => t('签发省份'), wide: false },
  { name: 'issuer', label: () => t('签发单位'), wide: false },
  { name: 'certificateNo', label: () => t('证明编号'), wide: true },
  { name: 'origin', label: () => t('原产国（地区）'), wide: false },
  { name: 'plantNo', label: () => t('境外生产企业编号'), wide: false },
  { name: 'supplierLot', label: () => t('境外批号'), wide: false },
  { name: 'containerNo', label: () => t('集装箱号（选填）'), wide: false },
] as const
const days = [
  { name: 'issuedOn', label: () => t('签发日期') },
  { name: 'producedOn', label: () => t('生产日期') },
  { name: 'expiresOn', label: () => t('保质期至') },
] as const
type Name = (typeof fields)[number]['name'] | (typeof days)[number]['name'] | 'boxes' | 'mass'

/** Takes over goods that another province has released, by the certificate's number, scanned or typed. */
export default function ForeignPage({ holder, params }: PageProps) {
  const [goods, setGoods] = useState<ColdGoods | null>(null)
  const [values, setValues] = useState<Partial<Record<Name, string>>>({ certificateNo: params.number ?? '' })
  const [problem, setProblem] = useState('')
  const of = (name: Name) => (values[name] ?? '').trim()
  const set = (name: Name) => (value: string) => setValues((before) => ({ ...before, [name]: value }))
  const grams = gramsOf(of('mass')) ?? 0
  const boxes = /^[1-9]\d{0,4}$/.test(of('boxes')) ? Number(of('boxes')) : 0
  const missing =
    goods === null ||
    [...fields, ...days].some(({ name }) => name !== 'containerNo' && of(name) === '') ||
    grams === 0 ||
    boxes === 0
  const onGo = async () => {
    try {
      const lot = await call('cold-foreign.record', {
        body: {
          ...{ holderId: holder.id, goodsId: goods?.id ?? '', lotNo: '', boxes, grams },
          ...{ province: of('province'), issuer: of('issuer'), certificateNo: of('certificateNo') },
          ...{ origin: of('origin'), plantNo: of('plantNo'), supplierLot: of('supplierLot') },
          ...{ containerNo: of('containerNo'), issuedOn: of('issuedOn') },
          ...{ producedOn: of('producedOn'), expiresOn: of('expiresOn') },
        },
      })
      say(t('已凭外省证明入库，批次 {lot}', { lot: lot.lotNo }))
      openWork()
      await refreshPack()
      go('/scan')
    } catch (error) {
      setProblem(messageOf(error))
    }
  }
  const told =
    of('certificateNo') === '' ? null : ({ tone: 'good', word: t('证明编号'), more: of('certificateNo') } as const)
  return (
    <div class="work">
      <ScanBox onScan={(text) => set('certificateNo')(text.slice(0, 60))} told={told} />
      <section class="card">
        <p class="muted">{t('登记后注明凭外省证明放行；请核对纸面、货物和公章。')}</p>
        <div class="two">
          {fields.map(({ name, label, wide }) => (
            <div key={name} class={wide ? 'whole' : ''}>
              <Line
                id={`foreign-${name}`}
                label={label()}
                value={values[name] ?? ''}
                onInput={set(name)}
                maxLength={name === 'containerNo' ? 20 : name === 'plantNo' ? 40 : 60}
              />
            </div>
          ))}
          <div class="whole">
            <GoodsField id="foreign-goods" value={goods} onPick={setGoods} />
          </div>
          {days.map(({ name, label }) => (
            <Line
              key={name}
              id={`foreign-${name}`}
              label={label()}
              type="date"
              value={values[name] ?? ''}
              onInput={set(name)}
              {...(name === 'expiresOn' ? {} : { max: dayFromNow(0) })}
            />
          ))}
          <Line
            id="foreign-boxes"
            label={t('箱数')}
            mode="numeric"
            value={values.boxes ?? ''}
            onInput={set('boxes')}
            maxLength={5}
          />
          <Line
            id="foreign-mass"
            label={t('重量（千克）')}
            mode="decimal"
            value={values.mass ?? ''}
            onInput={set('mass')}
            maxLength={14}
          />
        </div>
        <p class="problem" role="alert">
          {problem}
        </p>
        <Submit sum="" label={t('登记入库')} disabled={missing} onGo={onGo} />
      </section>
    </div>
  )
}
