/** @jsxImportSource preact */
import { uuidv7 } from '@vigil/codes'
import type { ColdHolder, ColdLotDetail } from '@vigil/contract'
import { coldTradeKindNames } from '@vigil/contract/terms'
import { useCallback, useRef, useState } from 'preact/hooks'
import { SendError } from '../../device/failure.ts'
import { t } from '../../text.ts'
import type { PageProps } from '../page.ts'
import { go } from '../router.ts'
import { call } from '../server.ts'
import { messageOf, refreshDesk, say } from '../session.ts'
import { Fetching } from '../ui/Fetching.tsx'
import { Line } from '../ui/Line.tsx'
import { PartnerField } from '../warehouse/PartnerField.tsx'
import { plainRefusal } from '../warehouse/words.ts'
import { kilograms } from '../words.ts'
import { Outputs } from './Outputs.tsx'
import { bodyOfTrade, type Kind, kinds, makes, problemsOfTrade, sends, type Trade } from './trade.ts'
import { useCall } from './useCall.ts'

const verbs: Readonly<Record<Kind, () => string>> = {
  ship: () => t('确认发货'),
  sell: () => t('确认销售'),
  split: () => t('确认分装'),
  repack: () => t('确认换包装'),
  process: () => t('确认加工'),
  return: () => t('确认退货'),
  lose: () => t('确认报损'),
  destroy: () => t('确认销毁'),
}

/** What one does with a lot by its weight: ship, sell, split, repack, process, return, lose, destroy. */
export default function TradePage({ params, holder }: PageProps) {
  const id = params.id!
  const fetched = useCall(useCallback(() => call('cold-lot.read', { params: { id } }), [id]))
  return <Fetching of={fetched}>{(lot) => <TradeForm lot={lot} holderId={holder.id} />}</Fetching>
}

function TradeForm({ lot, holderId }: { lot: ColdLotDetail; holderId: string }) {
  const stock = lot.balances.find((balance) => balance.holderId === holderId)?.grams ?? 0
  const none = { goodsId: '', goodsName: '', kilograms: '' }
  const [trade, setTrade] = useState<Trade>({ kind: 'ship', kilograms: '', toId: '', outputs: [none] })
  const [to, setTo] = useState<ColdHolder | null>(null)
  const [tried, setTried] = useState(false)
  const [problem, setProblem] = useState('')
  const [busy, setBusy] = useState(false)
  // One key for all tries of the same deed: a lost answer does not make two of it.
  const key = useRef(uuidv7())
  const wrong = tried ? problemsOfTrade(trade, stock) : {}
  const change = (values: Partial<Trade>) => {
    setTrade((before) => ({ ...before, ...values }))
    setProblem('')
  }
  const submit = async (event: Event) => {
    event.preventDefault()
    setTried(true)
    if (Object.keys(problemsOfTrade(trade, stock)).length > 0) return
    setBusy(true)
    try {
      const body = bodyOfTrade(trade, lot, holderId, key.current)
      await call('cold-trade.record', { body })
      say(
        t('{kind} {weight} 已登记', { kind: t(coldTradeKindNames[trade.kind]), weight: trade.kilograms + t(' 千克') }),
      )
      void refreshDesk()
      go(`/lots/${lot.id}`, { replace: true })
    } catch (error) {
      const offline = error instanceof SendError && error.failure.kind === 'offline'
      if (!offline) key.current = uuidv7()
      setProblem(offline ? t('网络不通，没有收到答复。联网后再点一次，不会重复登记。') : plainRefusal(messageOf(error)))
    } finally {
      setBusy(false)
    }
  }
  return (
    <form onSubmit={(event) => void submit(event)} noValidate>
      <section class="card">
        <h2>{lot.goodsName}</h2>
        <p class="muted">
          {lot.lotNo} · {t('库存 {stock}', { stock: kilograms(stock) })}
        </p>
        {lot.gate !== 'released' && <p class="note warn">{t('这批货没有放行或放行已撤销，现在只能按销毁令处置。')}</p>}
        {lot.boxes > 0 && (
          <p class="note">{t('有 {boxes} 箱带码。整箱收发请到“扫码”逐箱扫。', { boxes: lot.boxes })}</p>
        )}
        <fieldset class="chips">
          <legend class="sr">{t('办理什么')}</legend>
          {kinds.map((kind) => (
            <button
              key={kind}
              type="button"
              class={trade.kind === kind ? 'chip on' : 'chip'}
              aria-pressed={trade.kind === kind}
              onClick={() => change({ kind })}
            >
              {t(coldTradeKindNames[kind])}
            </button>
          ))}
        </fieldset>
        {sends(trade.kind) && (
          <>
            <PartnerField
              self={holderId}
              value={to}
              onPick={(holder) => {
                setTo(holder)
                change({ toId: holder?.id ?? '' })
              }}
            />
            <p class="problem" role="alert">
              {wrong.toId}
            </p>
          </>
        )}
        <Line
          id="weight"
          label={makes(trade.kind) ? t('投入净重') : t('净重')}
          value={trade.kilograms}
          onInput={(typed) => change({ kilograms: typed })}
          problem={wrong.kilograms ?? ''}
          mode="decimal"
          maxLength={14}
          suffix={t('千克')}
        />
        <button
          type="button"
          class="text-button"
          onClick={() => change({ kilograms: kilograms(stock).replace(/[^\d.]/g, '') })}
        >
          {t('全部 {stock}', { stock: kilograms(stock) })}
        </button>
      </section>
      {makes(trade.kind) && <Outputs trade={trade} wrong={wrong} onChange={(outputs) => change({ outputs })} />}
      <p class="problem center" role="alert">
        {problem}
      </p>
      <button type="submit" class="primary submit-button" disabled={busy}>
        {busy ? t('请稍候…') : verbs[trade.kind]()}
      </button>
    </form>
  )
}
