import type { ColdLot } from '@vigil/contract'
import { useState } from 'preact/hooks'
import { t } from '../../text.ts'
import { readCode } from '../scan/code.ts'
import type { Pack } from '../scan/movement.ts'
import { boxesIn, drop, type Expected, gramsIn, type Session, scan } from '../scan/session.ts'
import { dayFromNow, gateStateName, kilograms } from '../words.ts'
import type { Told } from './ScanBox.tsx'
import { feel } from './signal.ts'
import { useSession } from './useSession.ts'
import { outcomeText, shortCode } from './words.ts'

export const lotIn = (pack: Pack, id: string | null): ColdLot | undefined => pack.lots.find((lot) => lot.id === id)

/** Why a lot may not leave; '' when it may. */
export function bar(lot: ColdLot | undefined): string {
  if (!lot) return ''
  if (lot.gate !== 'released') return t('{gate}，不能出库、销售', { gate: gateStateName(lot.gate) })
  if (lot.expiresOn !== null && lot.expiresOn < dayFromNow(0)) return t('已过保质期，不能出库、销售')
  return ''
}

function toldOf(pack: Pack, session: Session): Told | null {
  const { last } = session
  if (!last) return null
  const lot = lotIn(pack, last.lotId)
  const tone = last.outcome === 'fine' || last.outcome === 'many' || last.outcome === 'weigh' ? 'good' : 'bad'
  const about = lot ? `${lot.goodsName} ${lot.lotNo}　` : `${shortCode(last.text)}　`
  const count = lot ? boxesIn(session, lot.id).length : 0
  const sum = lot && count > 0 ? t('{count} 箱 {mass}', { count, mass: kilograms(gramsIn(session, lot.id)) }) : ''
  return { tone: last.outcome === 'twice' ? 'warn' : tone, word: outcomeText(last.outcome), more: about + sum }
}

/**
 * A session with what is said of its last scan.
 * @param key of what is scanned for @param mayLeave whether only what may be sold or sent on is taken
 */
export function useScanning(key: string, pack: Pack, expected: Expected, mayLeave: boolean) {
  const { session, change, clear } = useSession(key, expected)
  const [barred, setBarred] = useState<Told | null>(null)
  const onScan = (text: string) => {
    let told: Told | null = null
    const next = change((before) => {
      const after = scan(before, text, readCode(text))
      const lot = lotIn(pack, after.last?.lotId ?? null)
      const why = mayLeave ? bar(lot) : ''
      if (why === '') return after
      told = { tone: 'bad', word: why, more: `${lot?.goodsName} ${lot?.lotNo}` }
      return before
    })
    setBarred(told)
    feel(told === null && toldOf(pack, next)?.tone === 'good')
  }
  const take = (text: string) => {
    setBarred(null)
    change((before) => drop(before, text))
  }
  return { session, change, clear, onScan, take, told: barred ?? toldOf(pack, session) }
}
