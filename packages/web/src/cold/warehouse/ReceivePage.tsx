/** @jsxImportSource preact */
import { useState } from 'preact/hooks'
import { t } from '../../text.ts'
import type { PageProps } from '../page.ts'
import { type Arrival, arrivalsOf, expectedArrival, type Pack, receiveBodies } from '../scan/movement.ts'
import { missingOf, totalOf } from '../scan/session.ts'
import { kilograms, shortTime } from '../words.ts'
import { finish } from './finish.ts'
import { Lots } from './Lots.tsx'
import { ScanBox } from './ScanBox.tsx'
import { Submit } from './Submit.tsx'
import { useScanning } from './useScanning.ts'
import { WithPack } from './WithPack.tsx'

function Receive({ pack, arrival, holder }: { pack: Pack; arrival: Arrival } & Pick<PageProps, 'holder'>) {
  const expected = expectedArrival(pack, arrival)
  const { session, change, clear, onScan, take, told } = useScanning(`receive ${arrival.uri}`, pack, expected, false)
  const [lost, setLost] = useState(false)
  const missing = missingOf(session).filter(({ lotId }) => session.weighed[lotId] === undefined)
  const total = totalOf(session)
  const missingGrams = missing.reduce((sum, { grams }) => sum + grams, 0)
  const onGo = async () => {
    const common = { holderId: holder.id, at: new Date().toISOString() }
    const bodies = receiveBodies(session, arrival, lost, common)
    if (await finish(t('收货：{from}', { from: arrival.fromName }), bodies, '/receive')) clear()
  }
  const isShort = missing.length > 0 && total > 0
  return (
    <>
      <p class="muted">
        {t('{from} {time} 发出，共 {mass}', {
          from: arrival.fromName,
          time: shortTime(arrival.sentAt),
          mass: kilograms(arrival.grams),
        })}
      </p>
      <ScanBox onScan={onScan} told={told} />
      <Lots pack={pack} session={session} change={change} take={take} missing all />
      <Submit
        sum={t('实收 {mass}，应收 {due}', { mass: kilograms(total), due: kilograms(arrival.grams) })}
        label={isShort && !lost ? t('还差 {count} 箱', { count: missing.length }) : t('确认收货')}
        disabled={total === 0 || (isShort && !lost)}
        onGo={onGo}
      >
        {isShort && (
          <label class="check">
            <input type="checkbox" checked={lost} onChange={(event) => setLost(event.currentTarget.checked)} />
            {t('缺少的 {count} 箱（{mass}）确认在途丢失，登记为途损', {
              count: missing.length,
              mass: kilograms(missingGrams),
            })}
          </label>
        )}
      </Submit>
    </>
  )
}

/** Receives a dispatch by scanning: it must match what was sent, box for box. */
export default function ReceivePage({ holder, params }: PageProps) {
  return (
    <WithPack>
      {(pack) => {
        const arrival = arrivalsOf(pack).find(({ uri }) => uri === params.dispatch)
        if (!arrival) return <p class="empty">{t('这笔发货已经收货，或者不是发给本单位的。')}</p>
        return <Receive key={arrival.uri} pack={pack} arrival={arrival} holder={holder} />
      }}
    </WithPack>
  )
}
