/** @jsxImportSource preact */
import type { ColdOverview } from '@vigil/contract'
import { useEffect, useState } from 'preact/hooks'
import { t } from '../../text.ts'
import type { PageProps } from '../page.ts'
import { call } from '../server.ts'
import { messageOf } from '../session.ts'
import { Go } from '../ui/Go.tsx'
import { dayFromNow, gateStateName, kilograms, time } from '../words.ts'
import { lotIn } from './useScanning.ts'
import { WithPack } from './WithPack.tsx'

type Slots = readonly { readonly at: string; readonly free: number }[]

function Free({ day, slots }: { day: string; slots: Slots }) {
  return (
    <div>
      <h3>{day}</h3>
      {slots.length === 0 ? (
        <p class="muted">{t('没有可约的时段')}</p>
      ) : (
        <ul class="slots">
          {slots.map(({ at, free }) => (
            <li key={at} class={free === 0 ? 'full' : ''}>
              {time(at).slice(11)}
              <span>{free === 0 ? t('满') : t('余 {free}', { free })}</span>
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}

/** How full the warehouse is, which hours are free, and what lies in it. */
export default function HousePage({ holder }: PageProps) {
  const [room, setRoom] = useState<ColdOverview['warehouses'][number] | null>(null)
  const [slots, setSlots] = useState<readonly { day: string; items: Slots }[]>([])
  const [problem, setProblem] = useState('')
  useEffect(() => {
    let gone = false
    const begin = async () => {
      const today = dayFromNow(0)
      const { warehouses } = await call('cold-chain.overview', { query: { from: today, to: today } })
      if (!gone) setRoom(warehouses.find(({ id }) => id === holder.id) ?? null)
      const days = [dayFromNow(2), dayFromNow(3)]
      const free = days.map(async (day) => ({
        day,
        ...(await call('cold-desk.slots', { params: { id: holder.id }, query: { day } })),
      }))
      const found = await Promise.all(free)
      if (!gone) setSlots(found)
    }
    begin().catch((error) => gone || setProblem(messageOf(error)))
    return () => {
      gone = true
    }
  }, [holder.id])
  const share = room ? Math.round((room.grams / Math.max(1, room.capacityGrams)) * 1000) / 10 : 0
  return (
    <WithPack>
      {(pack) => (
        <>
          {problem !== '' && <p class="note warn">{problem}</p>}
          {room && (
            <section class="card">
              <div class="row-head">
                <h2>{t('库容')}</h2>
                <span class="number">{share}%</span>
              </div>
              <meter
                class="room"
                min={0}
                max={room.capacityGrams}
                low={room.capacityGrams * 0.8}
                high={room.capacityGrams * 0.95}
                optimum={0}
                value={room.grams}
                aria-label={t('库容占用')}
              />
              <p class="muted">
                {t('在库 {mass} / {all}，{lots} 批，{waiting} 车待入仓', {
                  mass: kilograms(room.grams),
                  all: kilograms(room.capacityGrams),
                  lots: room.lots,
                  waiting: room.waiting,
                })}
              </p>
            </section>
          )}
          {slots.length > 0 && (
            <details class="card">
              <summary>{t('可预约时段')}</summary>
              {slots.map(({ day, items }) => (
                <Free key={day} day={day} slots={items} />
              ))}
            </details>
          )}
          <h2 class="group-head">{t('在库批次')}</h2>
          {pack.stock.length === 0 && <p class="empty">{t('没有库存。')}</p>}
          <ul class="rows">
            {pack.stock.map(({ lotId, grams }) => {
              const lot = lotIn(pack, lotId)
              return (
                <li key={lotId}>
                  <Go to={`/house/${lotId}`} class="card go-card">
                    <div class="row-head">
                      <strong>{lot?.goodsName}</strong>
                      <span class="number">{kilograms(grams)}</span>
                    </div>
                    <p class="muted">
                      {lot && (
                        <span
                          class={lot.gate === 'released' ? 'tag good' : lot.gate === 'testing' ? 'tag wait' : 'tag bad'}
                        >
                          {gateStateName(lot.gate)}
                        </span>
                      )}
                      {lot?.lotNo} ·{' '}
                      {t('已赋码 {count} 箱', {
                        count: pack.boxes.filter((box) => box.lotId === lotId && box.dispatch === null).length,
                      })}
                    </p>
                  </Go>
                </li>
              )
            })}
          </ul>
        </>
      )}
    </WithPack>
  )
}
