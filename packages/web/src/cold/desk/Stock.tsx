/** @jsxImportSource preact */
import type { ColdStock } from '@vigil/contract'
import { useCallback } from 'preact/hooks'
import { t } from '../../text.ts'
import type { PageProps } from '../page.ts'
import { call } from '../server.ts'
import { Fetching } from '../ui/Fetching.tsx'
import { Go } from '../ui/Go.tsx'
import { dayFromNow, gateStateName, kilograms } from '../words.ts'
import { useCall } from './useCall.ts'

export const gateTones = {
  declared: 'wait',
  testing: 'wait',
  positive: 'bad',
  released: 'good',
  withdrawn: 'bad',
} as const

function Row({ item: { lot, grams, boxes, holderId, holderName }, own }: { item: ColdStock; own: string }) {
  const today = dayFromNow(0)
  const expired = lot.expiresOn !== null && lot.expiresOn < today
  return (
    <li>
      <Go to={`/lots/${lot.id}`} class="card">
        <div class="task-head">
          <span class={`tag ${gateTones[lot.gate]}`}>{gateStateName(lot.gate)}</span>
          {lot.expiresOn !== null && (
            <span class={expired ? 'problem' : 'muted'}>
              {expired ? t('已过保质期 {day}', { day: lot.expiresOn }) : t('保质期至 {day}', { day: lot.expiresOn })}
            </span>
          )}
        </div>
        <p class="task-what">
          <strong>{lot.goodsName}</strong>
          <span class="number">{kilograms(grams)}</span>
        </p>
        <p class="muted task-more">
          {[
            lot.lotNo,
            lot.origin,
            boxes > 0 ? t('{boxes} 箱有码', { boxes }) : '',
            holderId === own ? '' : t('存放在{name}', { name: holderName }),
          ]
            .filter(Boolean)
            .join(' · ')}
        </p>
      </Go>
    </li>
  )
}

/** What lies at the business, and of its own in the warehouse, by lot; what is on the way to it and from it. */
export default function Stock({ holder }: PageProps) {
  const load = useCallback(async () => {
    const query = { holder: holder.id }
    const [stock, ways] = await Promise.all([
      call('cold-desk.stock', { query }),
      call('cold-trade.in-transit', { query }),
    ])
    return { stock: stock.items, ways: ways.items }
  }, [holder.id])
  const fetched = useCall(load)
  return (
    <Fetching of={fetched}>
      {({ stock, ways }) => (
        <>
          {stock.length === 0 ? (
            <p class="empty-state">{t('没有库存。收到货后在这里看到。')}</p>
          ) : (
            <ul class="rows">
              {stock.map((item) => (
                <Row key={`${item.lot.id}${item.holderId}`} item={item} own={holder.id} />
              ))}
            </ul>
          )}
          {ways.length > 0 && (
            <section class="card on-the-way">
              <h2>{t('在途')}</h2>
              <ul class="log">
                {ways.map((way) => (
                  <li key={`${way.uri}${way.lotId}`}>
                    <strong>{way.goodsName}</strong> {kilograms(way.grams - way.lostGrams)}
                    <span class="muted">
                      {' '}
                      {way.fromName} → {way.toName}
                    </span>
                  </li>
                ))}
              </ul>
            </section>
          )}
        </>
      )}
    </Fetching>
  )
}
