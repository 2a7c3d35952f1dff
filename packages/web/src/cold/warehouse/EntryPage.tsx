/** @jsxImportSource preact */
import type { ColdDeclarationDetail } from '@vigil/contract'
import { useEffect, useRef, useState } from 'preact/hooks'
import { t } from '../../text.ts'
import { recall, remember } from '../kept.ts'
import type { PageProps } from '../page.ts'
import { readCode } from '../scan/code.ts'
import { call } from '../server.ts'
import { messageOf, say } from '../session.ts'
import { Go } from '../ui/Go.tsx'
import { Line } from '../ui/Line.tsx'
import { declarationStateName, gramsOf, kilograms, time } from '../words.ts'
import { ScanBox, type Told } from './ScanBox.tsx'
import { Submit } from './Submit.tsx'
import { feel } from './signal.ts'
import { shortCode } from './words.ts'
import { entries, openWork, refused, submit, waiting } from './work.ts'

const sides = { consignor: () => t('货主'), warehouse: () => t('监管仓') }

function Figures({ one }: { one: ColdDeclarationDetail }) {
  const last = (side: 'consignor' | 'warehouse') => one.figures.findLast((figure) => figure.side === side)
  return (
    <table class="figures-table">
      <thead>
        <tr>
          <th scope="col">{t('数量')}</th>
          <th scope="col">{t('箱数')}</th>
          <th scope="col">{t('重量')}</th>
        </tr>
      </thead>
      <tbody>
        <tr>
          <th scope="row">{t('申报')}</th>
          <td>{one.boxes}</td>
          <td>{kilograms(one.grams)}</td>
        </tr>
        {(['consignor', 'warehouse'] as const).map((side) => {
          const said = last(side)
          return (
            <tr key={side}>
              <th scope="row">{sides[side]()}</th>
              <td>{said?.boxes ?? '—'}</td>
              <td>{said ? kilograms(said.grams) : t('未报')}</td>
            </tr>
          )
        })}
      </tbody>
    </table>
  )
}

/** Boxes that were scanned off the vehicle, kept on the device; each code counts once. */
function useCount(id: string) {
  const [codes, setCodes] = useState<readonly string[]>([])
  const latest = useRef(codes)
  useEffect(() => {
    void recall<string[]>(`entry ${id}`).then((kept) => {
      if (!kept || latest.current.length > 0) return
      latest.current = kept
      setCodes(kept)
    })
  }, [id])
  const set = (next: readonly string[]) => {
    latest.current = next
    setCodes(next)
    void remember(`entry ${id}`, next.length === 0 ? undefined : next)
  }
  const add = (text: string): Told => {
    const code = readCode(text)
    const own = 'uri' in code ? code.uri : text
    if (code.kind !== 'box') return { tone: 'bad', word: t('不是箱码'), more: t('没有箱码的货请直接填箱数') }
    if (latest.current.includes(own)) return { tone: 'warn', word: t('重复：已经扫过'), more: shortCode(own) }
    set([...latest.current, own])
    return { tone: 'good', word: t('第 {n} 箱', { n: latest.current.length }), more: shortCode(own) }
  }
  return { codes, add, clear: () => set([]) }
}

function Count({ one, onDone }: { one: ColdDeclarationDetail; onDone: () => void }) {
  const { codes, add, clear } = useCount(one.id)
  const [told, setTold] = useState<Told | null>(null)
  const [boxes, setBoxes] = useState('')
  const [mass, setMass] = useState('')
  const [reason, setReason] = useState('')
  const said = one.figures.some(({ side }) => side === 'warehouse')
  const count = codes.length > 0 && boxes === '' ? codes.length : Number(boxes)
  const grams = gramsOf(mass)
  const bad = boxes !== '' && !/^[1-9]\d{0,5}$/.test(boxes.trim())
  const other = one.figures.findLast(({ side }) => side === 'consignor') ?? one
  const differs = count > 0 && !!grams && (count !== other.boxes || grams !== other.grams)
  const onScan = (text: string) => {
    const next = add(text)
    setTold(next)
    feel(next.tone === 'good')
  }
  const onGo = async () => {
    const body = { side: 'warehouse' as const, boxes: count, grams: grams ?? 0, reason: reason.trim() }
    const before = refused.value.length
    try {
      const work = { kind: 'figure' as const, declarationId: one.id, body }
      await submit([{ title: t('入仓：{number}', { number: one.number }), work }])
      // The goods' own codes are kept when the boxes are coded.
      if (codes.length > 0) await remember(`codes ${one.lotId}`, codes)
      clear()
      if (refused.value.length > before) say(t('被退回，请看原因'), 'warn')
      else say(waiting.value.length > 0 ? t('已存在本机，联网后自动上传') : t('已登记'))
      onDone()
    } catch (error) {
      say(messageOf(error), 'warn')
    }
  }
  return (
    <>
      <ScanBox onScan={onScan} told={told} />
      {codes.length > 0 && (
        <p class="muted">
          {t('已扫 {count} 箱', { count: codes.length })}{' '}
          <button type="button" class="link" onClick={clear}>
            {t('重新扫')}
          </button>
        </p>
      )}
      <div class="pair">
        <Line
          id="entry-boxes"
          label={t('箱数')}
          mode="numeric"
          value={boxes}
          onInput={setBoxes}
          placeholder={codes.length > 0 ? String(codes.length) : ''}
          problem={bad ? t('请填写整数') : ''}
          maxLength={6}
        />
        <Line
          id="entry-mass"
          label={t('过磅重量（千克）')}
          mode="decimal"
          value={mass}
          onInput={setMass}
          problem={mass !== '' && !grams ? t('请填写千克数，最多三位小数') : ''}
          maxLength={14}
        />
      </div>
      {said && <Line id="entry-reason" label={t('更改原因')} value={reason} onInput={setReason} maxLength={300} />}
      {differs && (
        <p class="note warn">
          {t('与货主的 {boxes} 箱 {mass} 不一致：提交后列为待处理差异，双方一致才能入仓。', {
            boxes: other.boxes,
            mass: kilograms(other.grams),
          })}
        </p>
      )}
      <Submit
        sum={count > 0 && grams ? t('{boxes} 箱 {mass}', { boxes: count, mass: kilograms(grams) }) : ''}
        label={said ? t('更改仓方数量') : t('登记仓方数量')}
        disabled={bad || !(count > 0) || !grams || (said && reason.trim() === '')}
        onGo={onGo}
      />
    </>
  )
}

/** Takes a vehicle in: counts or scans, weighs, compares; what differs is an issue to settle. */
export default function EntryPage({ params }: PageProps) {
  const [one, setOne] = useState<ColdDeclarationDetail | null>(null)
  const [problem, setProblem] = useState('')
  const id = params.id ?? ''
  const load = async () => {
    try {
      const fresh = await call('cold-declaration.read', { params: { id } })
      setOne(fresh)
      setProblem('')
      await remember(`arrival ${id}`, fresh)
    } catch (error) {
      setProblem(messageOf(error))
      const kept = await recall<ColdDeclarationDetail>(`arrival ${id}`)
      if (kept) setOne(kept)
    }
  }
  // biome-ignore lint/correctness/useExhaustiveDependencies: fetched once for each declaration
  useEffect(() => {
    openWork()
    void load()
  }, [id])
  if (!one) return problem === '' ? <p class="loading">{t('正在读取…')}</p> : <p class="note warn">{problem}</p>
  const isWaiting = entries.value.some(
    ({ body }) => body !== 'unreadable' && body.work.kind === 'figure' && body.work.declarationId === id,
  )
  const open = one.state === 'declared' || one.state === 'disputed'
  return (
    <div class="work">
      {problem !== '' && <p class="note warn">{problem}</p>}
      <section class="card">
        <div class="row-head">
          <strong>{one.vehicle}</strong>
          <span class={one.state === 'disputed' ? 'tag bad' : one.state === 'entered' ? 'tag good' : 'tag wait'}>
            {declarationStateName(one.state)}
          </span>
        </div>
        <p>
          {one.goodsName} · {one.ownerName}
        </p>
        <p class="muted">
          {one.number} · {t('预约 {time}', { time: time(one.slotAt) })} · {one.driverName} {one.driverMobile}
        </p>
        {one.problems.map(({ rule, detail }) => (
          <p key={rule} class="problem">
            {detail}
          </p>
        ))}
        <Figures one={one} />
        {one.state === 'disputed' && (
          <p class="note warn">{t('双方数量不符。请与货主复核，一方更改到一致后自动入仓；说过的数字都会保留。')}</p>
        )}
      </section>
      {isWaiting && <p class="note">{t('仓方数量还没有上传，或被退回。')}</p>}
      {open && !isWaiting && <Count one={one} onDone={() => void load()} />}
      {one.state === 'entered' && (
        <Go to={`/house/${one.lotId}`} class="primary">
          {t('赋码、打印标签')}
        </Go>
      )}
    </div>
  )
}
