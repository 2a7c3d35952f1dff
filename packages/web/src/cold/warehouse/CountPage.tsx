/** @jsxImportSource preact */
import { useState } from 'preact/hooks'
import { t } from '../../text.ts'
import type { PageProps } from '../page.ts'
import { countBodies, expectedStock, type Pack } from '../scan/movement.ts'
import { missingOf, totalOf } from '../scan/session.ts'
import { kilograms, shortTime } from '../words.ts'
import { finish } from './finish.ts'
import { Lots } from './Lots.tsx'
import { ScanBox } from './ScanBox.tsx'
import { Submit } from './Submit.tsx'
import { useScanning } from './useScanning.ts'
import { WithPack } from './WithPack.tsx'

const uncountedMs = 30 * 86_400_000

function Count({ pack, holder }: { pack: Pack } & Pick<PageProps, 'holder'>) {
  const { session, change, clear, onScan, take, told } = useScanning(
    `count ${holder.id}`,
    pack,
    expectedStock(pack),
    false,
  )
  const [lost, setLost] = useState(false)
  const total = totalOf(session)
  const bodies = countBodies(session, lost, { holderId: holder.id, at: new Date().toISOString() })
  const touchedLots = new Set(
    session.expected.boxes.filter(({ uri }) => session.scanned.includes(uri)).map((b) => b.lotId),
  )
  const missing = missingOf(session).filter(({ lotId }) => touchedLots.has(lotId))
  const stale = pack.stock.filter(
    ({ countedAt, movedAt }) => Date.now() - Date.parse(countedAt ?? movedAt) > uncountedMs,
  )
  const onGo = async () => {
    if (await finish(t('盘点'), bodies, '/scan')) clear()
  }
  return (
    <>
      {stale.length > 0 && (
        <p class="note warn">{t('{count} 批超过 30 天没有盘点，会列入缺口清单', { count: stale.length })}</p>
      )}
      <ScanBox onScan={onScan} told={told} />
      <Lots pack={pack} session={session} change={change} take={take} missing all />
      <p class="muted">
        {pack.stock.some(({ countedAt }) => countedAt !== null) &&
          t('上次盘点 {time}', {
            time: shortTime(pack.stock.map(({ countedAt }) => countedAt ?? '').reduce((a, b) => (a > b ? a : b), '')),
          })}
      </p>
      <Submit
        sum={t('已盘 {mass}', { mass: kilograms(total) })}
        label={missing.length > 0 && !lost ? t('还差 {count} 箱', { count: missing.length }) : t('提交盘点')}
        disabled={total === 0 || (missing.length > 0 && !lost)}
        onGo={onGo}
      >
        {missing.length > 0 && (
          <label class="check">
            <input type="checkbox" checked={lost} onChange={(event) => setLost(event.currentTarget.checked)} />
            {t('没有找到的 {count} 箱登记为损失', { count: missing.length })}
          </label>
        )}
      </Submit>
    </>
  )
}

/** Counts the stock: what was not counted for long is a gap. */
export default function CountPage({ holder }: PageProps) {
  return <WithPack>{(pack) => <Count pack={pack} holder={holder} />}</WithPack>
}
