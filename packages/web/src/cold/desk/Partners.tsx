/** @jsxImportSource preact */
import { checkCreditCode } from '@vigil/codes'
import type { ColdHolder } from '@vigil/contract'
import { coldHolderKinds } from '@vigil/contract/terms'
import { useCallback, useState } from 'preact/hooks'
import { t } from '../../text.ts'
import type { PageProps } from '../page.ts'
import { call } from '../server.ts'
import { messageOf, say } from '../session.ts'
import { Choose } from '../ui/Choose.tsx'
import { Fetching } from '../ui/Fetching.tsx'
import { Line } from '../ui/Line.tsx'
import { PartnerField } from '../warehouse/PartnerField.tsx'
import { holderKindName } from '../words.ts'
import { GoodsForm } from './GoodsForm.tsx'
import { useCall } from './useCall.ts'

type Kind = Exclude<ColdHolder['kind'], 'warehouse'>
const partnerKinds = coldHolderKinds.filter((kind): kind is Kind => kind !== 'warehouse')

/** Businesses that one trades with, and goods: found on the register, or registered. */
export default function Partners({ holder }: PageProps) {
  const [found, setFound] = useState<ColdHolder | null>(null)
  const [open, setOpen] = useState<'partner' | 'goods' | null>(null)
  return (
    <>
      <section class="card">
        <h2>{t('往来单位')}</h2>
        <p class="muted">{t('先查找；没有登记过的，再登记。')}</p>
        <PartnerField self={holder.id} value={found} onPick={setFound} />
        {open === 'partner' ? (
          <PartnerForm
            onDone={(partner) => {
              setFound(partner)
              setOpen(null)
            }}
          />
        ) : (
          <button type="button" class="secondary wide" onClick={() => setOpen('partner')}>
            {t('登记往来单位')}
          </button>
        )}
      </section>
      <section class="card">
        <h2>{t('商品')}</h2>
        {open === 'goods' ? (
          <GoodsForm
            onDone={({ name }) => {
              say(t('{name}已登记', { name }))
              setOpen(null)
            }}
          />
        ) : (
          <button type="button" class="secondary wide" onClick={() => setOpen('goods')}>
            {t('登记新商品')}
          </button>
        )}
        {open !== 'goods' && <GoodsList />}
      </section>
    </>
  )
}

function GoodsList() {
  const fetched = useCall(useCallback(() => call('cold-goods.list', { query: {} }), []))
  return (
    <Fetching of={fetched}>
      {({ items }) => (
        <ul class="log">
          {items.map((goods) => (
            <li key={goods.id}>
              <strong>{goods.name}</strong> {goods.spec}
              <span class="muted">
                {' '}
                {goods.category} · {t('≤ {degrees} °C', { degrees: goods.limitTenths / 10 })} · {goods.gtin}
              </span>
            </li>
          ))}
        </ul>
      )}
    </Fetching>
  )
}

function PartnerForm({ onDone }: { onDone: (partner: ColdHolder) => void }) {
  const [name, setName] = useState('')
  const [creditCode, setCreditCode] = useState('')
  const [kind, setKind] = useState<Kind>('shop')
  const [address, setAddress] = useState('')
  const [areaCode, setAreaCode] = useState('')
  const [tried, setTried] = useState(false)
  const [problem, setProblem] = useState('')
  const areas = useCall(useCallback(() => call('cold-desk.areas'), []))
  const credit = checkCreditCode(creditCode.trim().toUpperCase())
  const wrong = {
    name: name.trim() === '' ? t('请填写单位名称') : '',
    creditCode: credit.ok ? '' : credit.message,
    address: address.trim() === '' ? t('请填写地址') : '',
    areaCode: areaCode === '' ? t('请选择所在县区') : '',
  }
  const save = async (event: Event) => {
    event.preventDefault()
    setTried(true)
    if (!credit.ok || Object.values(wrong).some(Boolean)) return
    try {
      const body = { name: name.trim(), creditCode: credit.value.code, kind, address: address.trim(), areaCode }
      const partner = await call('cold-desk.add-partner', { body })
      say(t('{name}已登记', { name: partner.name }))
      onDone(partner)
    } catch (error) {
      setProblem(messageOf(error))
    }
  }
  const shown = (message: string) => (tried ? message : '')
  return (
    <form onSubmit={(event) => void save(event)} noValidate>
      <div class="fields">
        <Line id="partner-name" label={t('单位名称')} value={name} onInput={setName} problem={shown(wrong.name)} />
        <Line
          id="partner-credit"
          label={t('统一社会信用代码')}
          value={creditCode}
          onInput={setCreditCode}
          problem={shown(wrong.creditCode)}
          maxLength={18}
        />
        <Choose
          id="partner-kind"
          label={t('类型')}
          value={kind}
          options={partnerKinds.map((value) => ({ value, label: holderKindName(value) }))}
          onPick={(value) => setKind(value as Kind)}
        />
        <Choose
          id="partner-area"
          label={t('所在县区')}
          value={areaCode}
          empty={t('请选择')}
          options={(areas.data?.items ?? []).map(({ code, name: label }) => ({ value: code, label }))}
          problem={shown(wrong.areaCode) || areas.problem}
          onPick={setAreaCode}
        />
        <Line
          id="partner-address"
          label={t('地址')}
          value={address}
          onInput={setAddress}
          problem={shown(wrong.address)}
        />
      </div>
      <p class="problem" role="alert">
        {problem}
      </p>
      <button type="submit" class="primary submit-button">
        {t('登记单位')}
      </button>
    </form>
  )
}
