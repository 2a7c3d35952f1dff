/** @jsxImportSource preact */
import { useEffect, useState } from 'preact/hooks'
import { Icon } from '../../device/Icon.tsx'
import { t } from '../../text.ts'
import { recall, remember } from '../kept.ts'
import type { PageProps } from '../page.ts'
import { readCode } from '../scan/code.ts'
import type { Pack } from '../scan/movement.ts'
import { call } from '../server.ts'
import { messageOf, say } from '../session.ts'
import { Go } from '../ui/Go.tsx'
import { Line } from '../ui/Line.tsx'
import { gateStateName, gramsOf, kilograms } from '../words.ts'
import { CertifyForm } from './CertifyForm.tsx'
import { Submit } from './Submit.tsx'
import { lotIn } from './useScanning.ts'
import { useWedge } from './useWedge.ts'
import { WithPack } from './WithPack.tsx'
import { refreshPack } from './work.ts'

function AddBoxes({ lotId, rest }: { lotId: string; rest: number }) {
  const [count, setCount] = useState('')
  const [mass, setMass] = useState('')
  const [pallet, setPallet] = useState('')
  const [kept, setKept] = useState<readonly string[]>([])
  const [problem, setProblem] = useState('')
  useEffect(() => {
    void recall<string[]>(`codes ${lotId}`).then((codes) => setKept(codes ?? []))
  }, [lotId])
  useWedge((text) => {
    const code = readCode(text)
    if (code.kind === 'pallet') setPallet(code.uri.split('/').pop() ?? '')
    else if (code.kind === 'box') setKept((codes) => (codes.includes(code.uri) ? codes : [...codes, code.uri]))
    else say(t('不是箱码或托盘码'), 'warn')
  })
  const grams = gramsOf(mass) ?? 0
  const boxes = kept.length > 0 ? kept.length : /^\d{1,4}$/.test(count) ? Number(count) : 0
  const over = boxes * grams > rest
  const badPallet = pallet !== '' && readCode(pallet).kind !== 'pallet'
  const onGo = async () => {
    const list = Array.from({ length: boxes }, (_, i) => ({ grams, ...(kept[i] ? { code: kept[i] } : {}) }))
    try {
      await call('cold-lot.add-boxes', {
        params: { id: lotId },
        body: { boxes: list, ...(pallet === '' ? {} : { pallet }) },
      })
      await remember(`codes ${lotId}`, undefined)
      setKept([])
      setCount('')
      setPallet('')
      setProblem('')
      say(t('已赋码 {count} 箱，可以打印标签', { count: boxes }))
      await refreshPack()
    } catch (error) {
      setProblem(messageOf(error))
    }
  }
  return (
    <section class="card">
      <h2>{t('赋码')}</h2>
      <p class="muted">{t('还有 {mass} 没有赋码', { mass: kilograms(rest) })}</p>
      {kept.length > 0 ? (
        <p class="note">
          {t('保留货物自带的 {count} 个箱码，不再另贴。', { count: kept.length })}{' '}
          <button type="button" class="link" onClick={() => setKept([])}>
            {t('改用新码')}
          </button>
        </p>
      ) : null}
      <div class="pair">
        <Line
          id="label-count"
          label={t('箱数')}
          mode="numeric"
          value={kept.length > 0 ? String(kept.length) : count}
          onInput={setCount}
          maxLength={4}
        />
        <Line
          id="label-mass"
          label={t('每箱千克数')}
          mode="decimal"
          value={mass}
          onInput={setMass}
          problem={over ? t('超过没有赋码的重量') : ''}
          maxLength={14}
        />
      </div>
      <Line
        id="label-pallet"
        label={t('托盘 SSCC')}
        hint={t('选填，18 位')}
        mode="numeric"
        value={pallet}
        onInput={setPallet}
        problem={badPallet ? t('位数或校验位不对') : ''}
        maxLength={18}
      />
      <p class="problem" role="alert">
        {problem}
      </p>
      <Submit
        sum={boxes > 0 && grams > 0 ? t('{count} 箱 {mass}', { count: boxes, mass: kilograms(boxes * grams) }) : ''}
        label={t('生成箱码')}
        disabled={boxes === 0 || boxes > 2000 || grams === 0 || over || badPallet}
        onGo={onGo}
      />
    </section>
  )
}

function Temperature({ lotId, holderId }: { lotId: string; holderId: string }) {
  const [message, setMessage] = useState('')
  const onFile = async (file: File | undefined) => {
    if (!file) return
    const body = new FormData()
    body.append('file', file)
    setMessage(t('正在读取…'))
    try {
      const { items } = await call('cold-temperature.add', { params: { id: lotId }, query: { holderId }, body })
      const [last] = items
      const degrees = (tenths: number) => `${(tenths / 10).toFixed(1)} ℃`
      const exposed = last?.exposures.some(({ duration }) => duration > 0)
      setMessage(
        last
          ? t('{count} 个读数，{low} 至 {high}，{word}', {
              count: last.readings,
              low: degrees(last.lowest),
              high: degrees(last.highest),
              word: exposed ? t('有超温') : t('没有超温'),
            })
          : '',
      )
    } catch (error) {
      setMessage(messageOf(error))
    }
  }
  return (
    <section class="card">
      <h2>{t('温度记录')}</h2>
      <label class="secondary wide file">
        <Icon name="file" />
        {t('上传记录仪文件（CSV）')}
        <input
          type="file"
          accept=".csv,text/csv,text/plain"
          onChange={(event) => {
            void onFile(event.currentTarget.files?.[0])
            event.currentTarget.value = ''
          }}
        />
      </label>
      <p class="muted" role="status">
        {message}
      </p>
    </section>
  )
}

function Lot({ pack, lotId, holder }: { pack: Pack; lotId: string } & Pick<PageProps, 'holder'>) {
  const lot = lotIn(pack, lotId)
  const grams = pack.stock.find((held) => held.lotId === lotId)?.grams ?? 0
  const boxes = pack.boxes.filter((box) => box.lotId === lotId && box.dispatch === null)
  const rest = Math.max(0, grams - boxes.reduce((sum, box) => sum + box.grams, 0))
  if (!lot) return <p class="empty">{t('本仓没有这一批的库存。')}</p>
  const file = (format: string) => `/api/coldchain/lots/${lotId}/labels?format=${format}`
  return (
    <>
      <section class="card">
        <div class="row-head">
          <strong>{lot.goodsName}</strong>
          <span class="number">{kilograms(grams)}</span>
        </div>
        <p class="muted">
          {lot.lotNo} · {gateStateName(lot.gate)} · {t('已赋码 {count} 箱', { count: boxes.length })}
        </p>
        {boxes.length > 0 && (
          <div class="actions">
            <a class="secondary" href={file('pdf')} download>
              <Icon name="print" />
              {t('打印标签（PDF）')}
            </a>
            <a class="secondary" href={file('zpl')} download>
              {t('标签机（ZPL）')}
            </a>
          </div>
        )}
        <Go to={`/lots/${lotId}`} class="text-button">
          {t('批次详情')}
        </Go>
      </section>
      {rest > 0 && <AddBoxes lotId={lotId} rest={rest} />}
      {lot.kind === 'imported' && lot.gate === 'released' && <CertifyForm lot={lot} stock={grams} self={holder.id} />}
      <Temperature lotId={lotId} holderId={holder.id} />
    </>
  )
}

/** Codes and labels of a lot's boxes, its exit certificates, and its temperatures. */
export default function LabelPage({ holder, params }: PageProps) {
  return <WithPack>{(pack) => <Lot pack={pack} lotId={params.id ?? ''} holder={holder} />}</WithPack>
}
