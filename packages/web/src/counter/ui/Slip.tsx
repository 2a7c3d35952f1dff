/** @jsxImportSource preact */
import type { Clinic } from '@vigil/contract'
import { useState } from 'preact/hooks'
import { Icon } from '../../device/Icon.tsx'
import { Sheet } from '../../device/Sheet.tsx'
import { t } from '../../text.ts'
import * as state from '../app/state.ts'

/** 850 → "850 米", 2340 → "2.3 公里"; '' when unknown. */
export function distanceText(meters: number | null): string {
  if (meters === null) return ''
  return meters < 1000
    ? t('{meters} 米', { meters })
    : t('{kilometres} 公里', { kilometres: (meters / 1000).toFixed(1) })
}

function ClinicLines({ clinics }: { clinics: readonly Clinic[] }) {
  return (
    <ol class="clinics">
      {clinics.map((clinic) => (
        <li key={clinic.id}>
          <p class="clinic-name">
            <strong>{clinic.name}</strong>
            <span class="clinic-distance">{distanceText(clinic.distanceM)}</span>
          </p>
          <p class="clinic-address">
            <Icon name="place" size={18} /> {clinic.address}
          </p>
          <a
            class="call"
            href={`tel:${clinic.phone.replace(/[^+\d]/g, '')}`}
            aria-label={t('拨打{name} {phone}', { name: clinic.name, phone: clinic.phone })}
          >
            <Icon name="phone" size={20} /> {clinic.phone}
          </a>
        </li>
      ))}
    </ol>
  )
}

/** The way to the nearest fever clinics, to show to the buyer or to print. It names no person. */
export function Referral({ clinics, receiptNo }: { clinics: readonly Clinic[]; receiptNo: string }) {
  const [shown, setShown] = useState(false)
  const store = state.session.value.device?.storeName ?? ''
  return (
    <section class="referral" aria-labelledby="referral-title">
      <h2 id="referral-title">{t('请引导到最近的发热门诊')}</h2>
      <p class="referral-lead">
        {receiptNo === ''
          ? t('体温 ≥ 37.3 ℃ 或有发热，本次引导将在上传时记录。')
          : t('体温 ≥ 37.3 ℃ 或有发热，本次引导已记录。')}
      </p>
      <ClinicLines clinics={clinics} />
      <button type="button" class="secondary wide" onClick={() => setShown(true)}>
        <Icon name="print" size={20} /> {t('给顾客看 / 打印')}
      </button>
      {shown && (
        <Sheet title={t('发热门诊引导单')} onClose={() => setShown(false)} full>
          <div class="slip">
            <p class="slip-lead">{t('请佩戴口罩，尽快前往就近发热门诊就诊，途中避免乘坐公共交通。')}</p>
            <ClinicLines clinics={clinics} />
            <p class="slip-foot">
              {store}
              <br />
              {receiptNo === '' ? '' : t('登记号 {receiptNo}', { receiptNo })}
            </p>
          </div>
          <button type="button" class="primary no-print" onClick={() => print()}>
            {t('打印')}
          </button>
        </Sheet>
      )}
    </section>
  )
}
