/** @jsxImportSource preact */
import { t } from '../../text.ts'
import { arrivalsOf } from '../scan/movement.ts'
import { Go } from '../ui/Go.tsx'
import { kilograms, shortTime } from '../words.ts'
import { WithPack } from './WithPack.tsx'

/** What is on the way here, to be received by scanning. */
export default function ReceiveList() {
  return (
    <WithPack>
      {(pack) => {
        const arrivals = arrivalsOf(pack)
        if (arrivals.length === 0) return <p class="empty">{t('没有在途货物。发货方登记发货后会显示在这里。')}</p>
        return (
          <ul class="rows">
            {arrivals.map(({ uri, fromName, returned, sentAt, lines, grams }) => (
              <li key={uri}>
                <Go to={`/receive/${encodeURIComponent(uri)}`} class="card go-card">
                  <div class="row-head">
                    <strong>{fromName}</strong>
                    <span class="number">{kilograms(grams)}</span>
                  </div>
                  <p>{lines.map(({ goodsName, lotNo }) => `${goodsName} ${lotNo}`).join('、')}</p>
                  <p class="muted">
                    {returned && <span class="tag warn">{t('退货')}</span>}
                    {t('{time} 发出', { time: shortTime(sentAt) })} ·{' '}
                    {t('{count} 箱', { count: pack.boxes.filter(({ dispatch }) => dispatch === uri).length })}
                  </p>
                </Go>
              </li>
            ))}
          </ul>
        )
      }}
    </WithPack>
  )
}
