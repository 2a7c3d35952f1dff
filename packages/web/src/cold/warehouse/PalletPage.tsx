/** @jsxImportSource preact */
import { uuidv7 } from '@vigil/codes'
import { useRef, useState } from 'preact/hooks'
import { Icon } from '../../device/Icon.tsx'
import { t } from '../../text.ts'
import type { PageProps } from '../page.ts'
import { readCode } from '../scan/code.ts'
import { expectedStock, type Pack } from '../scan/movement.ts'
import { scan as take, totalOf } from '../scan/session.ts'
import { call } from '../server.ts'
import { messageOf, say } from '../session.ts'
import { kilograms } from '../words.ts'
import { Lots } from './Lots.tsx'
import { ScanBox } from './ScanBox.tsx'
import { Submit } from './Submit.tsx'
import { lotIn, useScanning } from './useScanning.ts'
import { WithPack } from './WithPack.tsx'
import { refreshPack } from './work.ts'

type Box = Pack['boxes'][number]

const ssccOf = (uri: string) => uri.split('/').pop() ?? ''

function Standing(props: { pack: Pack; uri: string; boxes: readonly Box[]; holderId: string; found: boolean }) {
  const { pack, uri, boxes, holderId } = props
  const [asked, setAsked] = useState(false)
  const [busy, setBusy] = useState(false)
  const lots = boxes.map(({ lotId }) => lotId).filter((id, i, all) => all.indexOf(id) === i)
  const file = (format: string) => `/api/coldchain/holders/${holderId}/pallets/${ssccOf(uri)}/label?format=${format}`
  const onBreak = async () => {
    setBusy(true)
    try {
      await call('cold-pallet.break', { params: { id: holderId }, body: { key: uuidv7(), code: uri } })
      say(t('已拆托'))
      await refreshPack()
    } catch (error) {
      say(messageOf(error), 'warn')
    } finally {
      setBusy(false)
    }
  }
  return (
    <li>
      <section class={props.found ? 'card pallet found' : 'card pallet'} aria-label={ssccOf(uri)}>
        <div class="row-head">
          <strong class="code">(00){ssccOf(uri)}</strong>
          <span class="number">
            {t('{count} 箱 {mass}', {
              count: boxes.length,
              mass: kilograms(boxes.reduce((sum, { grams }) => sum + grams, 0)),
            })}
          </span>
        </div>
        <p class="muted">
          {lots
            .map((id) => lotIn(pack, id))
            .map((lot) => `${lot?.goodsName ?? ''} ${lot?.lotNo ?? ''}`)
            .join('、')}
        </p>
        <div class="actions">
          <a class="secondary" href={file('pdf')} download>
            <Icon name="print" />
            {t('打印标签')}
          </a>
          <a class="secondary" href={file('zpl')} download>
            {t('标签机（ZPL）')}
          </a>
          <button
            type="button"
            class="secondary"
            disabled={busy}
            onClick={() => (asked ? void onBreak() : setAsked(true))}
          >
            {asked ? t('确认拆托，托盘码作废') : t('拆托')}
          </button>
        </div>
      </section>
    </li>
  )
}

function Pallets({ pack, holder }: { pack: Pack } & Pick<PageProps, 'holder'>) {
  const here = pack.boxes.filter(({ dispatch }) => dispatch === null)
  const loose = here.filter(({ pallet }) => pallet === null)
  const pallets = here
    .map(({ pallet }) => pallet)
    .filter((uri, i, all): uri is string => uri !== null && all.indexOf(uri) === i)
  const lots = expectedStock(pack).lots
  const scanning = useScanning(`pallet ${holder.id}`, pack, { boxes: loose, lots }, false)
  const { session, change, clear } = scanning
  const [found, setFound] = useState('')
  const [problem, setProblem] = useState('')
  const asked = useRef({ codes: '', key: '' })
  const onScan = (text: string) => {
    const code = readCode(text)
    if (code.kind === 'pallet' && pallets.includes(code.uri)) return setFound(code.uri)
    scanning.onScan(text)
  }
  const onGo = async () => {
    setProblem('')
    try {
      const codes = [...session.scanned]
      // The same boxes again are the same request: its answer may only have been lost.
      if (asked.current.codes !== codes.join()) asked.current = { codes: codes.join(), key: uuidv7() }
      const body = { key: asked.current.key, codes }
      const { sscc, uri } = await call('cold-pallet.issue', { params: { id: holder.id }, body })
      clear()
      setFound(uri)
      say(t('托盘码 {sscc} 已生成，请打印贴好', { sscc }))
      await refreshPack()
    } catch (error) {
      setProblem(messageOf(error))
    }
  }
  const all = lots.map(({ id }) => ({ id, boxes: loose.filter(({ lotId }) => lotId === id) }))
  return (
    <>
      <ScanBox onScan={onScan} told={scanning.told} />
      {all
        .filter(({ boxes }) => boxes.some(({ uri }) => !session.scanned.includes(uri)))
        .map(({ id, boxes }) => (
          <button
            key={id}
            type="button"
            class="secondary wide"
            onClick={() => change((before) => boxes.reduce((next, { uri }) => take(next, uri, readCode(uri)), before))}
          >
            {t('选上 {lot} 全部未上托的 {count} 箱', { lot: lotIn(pack, id)?.lotNo ?? '', count: boxes.length })}
          </button>
        ))}
      {session.scanned.length > 0 && (
        <Lots pack={pack} session={session} change={change} take={scanning.take} missing={false} all={false} />
      )}
      {here.length === 0 && <p class="empty">{t('没有带码的箱，先赋码才能组托。')}</p>}
      <p class="problem" role="alert">
        {problem}
      </p>
      {loose.length > 0 && (
        <Submit
          sum={t('{count} 箱 {mass}', { count: session.scanned.length, mass: kilograms(totalOf(session)) })}
          label={t('生成托盘码')}
          disabled={session.scanned.length === 0 || session.scanned.length > 500}
          onGo={onGo}
        />
      )}
      {pallets.length > 0 && <h2 class="group-head">{t('在库托盘')}</h2>}
      <ul class="rows">
        {pallets
          .sort((a, b) => Number(b === found) - Number(a === found) || (a < b ? -1 : 1))
          .map((uri) => (
            <Standing
              key={uri}
              pack={pack}
              uri={uri}
              boxes={here.filter(({ pallet }) => pallet === uri)}
              holderId={holder.id}
              found={uri === found}
            />
          ))}
      </ul>
    </>
  )
}

/** Boxes onto a pallet with a number of its own, its label, and off it again. */
export default function PalletPage({ holder }: PageProps) {
  return <WithPack>{(pack) => <Pallets pack={pack} holder={holder} />}</WithPack>
}
