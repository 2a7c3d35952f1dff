/** @jsxImportSource preact */
import type { ComponentChildren } from 'preact'
import { t } from '../../text.ts'
import type { PageProps } from '../page.ts'
import { expectedStock, linesOf, type Pack, type TradeBody } from '../scan/movement.ts'
import { totalOf } from '../scan/session.ts'
import { kilograms } from '../words.ts'
import { finish } from './finish.ts'
import { Lots } from './Lots.tsx'
import { ScanBox } from './ScanBox.tsx'
import { Submit } from './Submit.tsx'
import { useScanning } from './useScanning.ts'
import { WithPack } from './WithPack.tsx'

interface Props extends Pick<PageProps, 'holder'> {
  readonly kind: 'ship' | 'return' | 'sell' | 'split' | 'repack' | 'process'
  readonly title: string
  /** What else the movement says; null while something is missing. */
  readonly more: (total: number) => Partial<TradeBody> | null
  /** Above the scanner. */
  readonly head?: ComponentChildren
  readonly children?: (total: number) => ComponentChildren
}

function Leave({ pack, holder, kind, title, more, head, children }: Props & { pack: Pack }) {
  const expected = expectedStock(pack)
  const { session, change, clear, onScan, take, told } = useScanning(
    `${kind === 'return' ? 'ship' : kind} ${holder.id}`,
    pack,
    expected,
    true,
  )
  const total = totalOf(session)
  const lines = linesOf(session)
  const rest = more(total)
  const onGo = async () => {
    const body = { ...rest, kind, holderId: holder.id, at: new Date().toISOString(), lines }
    if (await finish(title, [body], '/scan')) clear()
  }
  return (
    <>
      {head}
      <ScanBox onScan={onScan} told={told} />
      <Lots pack={pack} session={session} change={change} take={take} missing={false} all={pack.stock.length <= 5} />
      {pack.stock.length === 0 && <p class="empty">{t('没有库存。')}</p>}
      {children?.(total)}
      {lines.length > 500 && <p class="problem">{t('一次最多 500 箱，请分几次办理。')}</p>}
      <Submit
        sum={t('合计 {mass}，{count} 项', { mass: kilograms(total), count: lines.length })}
        label={title}
        disabled={total === 0 || rest === null || lines.length > 500}
        onGo={onGo}
      />
    </>
  )
}

/** Goods leave the stock by scanning: shipped, sold, or turned into others. */
export function LeavePage(props: Props) {
  return <WithPack>{(pack) => <Leave pack={pack} {...props} />}</WithPack>
}
