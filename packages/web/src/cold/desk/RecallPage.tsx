/** @jsxImportSource preact */
import type { ColdRecallDetail } from '@vigil/contract'
import { coldFateNames, coldRecallKindNames, coldRecallStateNames } from '@vigil/contract/terms'
import { useCallback, useState } from 'preact/hooks'
import { t } from '../../text.ts'
import type { PageProps } from '../page.ts'
import { call } from '../server.ts'
import { messageOf, refreshDesk, say } from '../session.ts'
import { Facts } from '../ui/Facts.tsx'
import { Fetching } from '../ui/Fetching.tsx'
import { Line } from '../ui/Line.tsx'
import { gramsOf, kilograms, time } from '../words.ts'
import { useCall } from './useCall.ts'

/** Grams on hand by the books of each lot at a holder that a recall asks about. */
const askedOf = ({ lines }: ColdRecallDetail, holderId: string) => {
  const lots = new Map<string, { lotNo: string; grams: number; confirmed: boolean }>()
  for (const line of lines) {
    if (line.holderId !== holderId || (line.fate !== 'on-hand' && line.fate !== 'unaccounted')) continue
    const known = lots.get(line.lotId) ?? { lotNo: line.lotNo, grams: 0, confirmed: false }
    lots.set(line.lotId, {
      lotNo: line.lotNo,
      grams: known.grams + line.mass,
      confirmed: known.confirmed || line.confirmed,
    })
  }
  return [...lots]
}

/** A notice of recall: stop, count, say what is here; the number of the books is one tap away. */
export default function RecallPage({ params, holder }: PageProps) {
  const id = params.id!
  const fetched = useCall(useCallback(() => call('cold-recall.read', { params: { id } }), [id]))
  return (
    <Fetching of={fetched}>
      {(recall) => {
        const asked = askedOf(recall, holder.id)
        const counted = new Set(recall.counts.map(({ lotNo }) => lotNo))
        return (
          <>
            <section class="card">
              <div class="row-head">
                <h2>{recall.lots.map(({ goodsName }) => goodsName).join('、')}</h2>
                <span class={`tag ${recall.state === 'open' ? 'bad' : ''}`}>
                  {t(coldRecallStateNames[recall.state])}
                </span>
              </div>
              {recall.state === 'open' && (
                <p class="note warn">
                  {recall.kind === 'mock'
                    ? t('这是演练：照常经营，请清点后报数。')
                    : t('立即停止销售和转移，就地封存，清点后报数。')}
                </p>
              )}
              <Facts
                rows={[
                  [t('编号'), recall.number],
                  [t('性质'), t(coldRecallKindNames[recall.kind])],
                  [t('原因'), recall.reason],
                  [t('下达'), recall.orderedBy],
                  [t('批次'), recall.lots.map(({ lotNo }) => lotNo).join('、')],
                  [t('通知时间'), recall.openedAt && time(recall.openedAt)],
                ]}
              />
            </section>
            {recall.state === 'open' &&
              asked.map(([lotId, lot]) => (
                <CountForm
                  key={`${lotId}${counted.has(lot.lotNo)}`}
                  recallId={id}
                  holderId={holder.id}
                  lotId={lotId}
                  lotNo={lot.lotNo}
                  booked={lot.grams}
                  done={counted.has(lot.lotNo)}
                  onDone={() => {
                    fetched.again()
                    void refreshDesk()
                  }}
                />
              ))}
            {recall.lines.length > 0 && (
              <section class="card">
                <h2>{t('本单位的去向')}</h2>
                <ul class="log">
                  {recall.lines.map((line) => (
                    <li key={`${line.lotId}${line.fate}${line.toName ?? ''}${line.grams}`}>
                      <strong>{t(coldFateNames[line.fate])}</strong> <span class="number">{kilograms(line.grams)}</span>
                      <span class="muted">
                        {' '}
                        {line.lotNo} {line.toName ?? ''}
                      </span>
                    </li>
                  ))}
                </ul>
              </section>
            )}
          </>
        )
      }}
    </Fetching>
  )
}

interface CountProps {
  readonly recallId: string
  readonly holderId: string
  readonly lotId: string
  readonly lotNo: string
  readonly booked: number
  readonly done: boolean
  readonly onDone: () => void
}

function CountForm({ recallId, holderId, lotId, lotNo, booked, done, onDone }: CountProps) {
  const [other, setOther] = useState(false)
  const [typed, setTyped] = useState('')
  const [note, setNote] = useState('')
  const [problem, setProblem] = useState('')
  const [busy, setBusy] = useState(false)
  const confirm = async (grams: number | null) => {
    if (grams === null) return setProblem(t('请填写清点到的千克数，没有就填 0'))
    setBusy(true)
    try {
      const body = { holderId, lotId, grams, note: note.trim() }
      await call('cold-recall.count', { params: { id: recallId }, body })
      say(t('已报 {weight}', { weight: kilograms(grams) }))
      onDone()
    } catch (error) {
      setProblem(messageOf(error))
    } finally {
      setBusy(false)
    }
  }
  return (
    <section class="card">
      <h2>{t('批次 {lotNo}', { lotNo })}</h2>
      <p>{t('账面在库 {booked}', { booked: kilograms(booked) })}</p>
      {done && <p class="note">{t('已报数。清点有变化可以再报，以最后一次为准。')}</p>}
      {other ? (
        <>
          <Line
            id={`count-${lotId}`}
            label={t('实际清点')}
            value={typed}
            onInput={setTyped}
            problem={problem}
            mode="decimal"
            suffix={t('千克')}
            maxLength={14}
          />
          <Line
            id={`note-${lotId}`}
            label={t('说明')}
            hint={t('选填')}
            value={note}
            onInput={setNote}
            maxLength={300}
          />
          <button
            type="button"
            class="primary submit-button"
            disabled={busy}
            onClick={() => void confirm(gramsOf(typed))}
          >
            {t('报数')}
          </button>
        </>
      ) : (
        <>
          <button type="button" class="primary submit-button" disabled={busy} onClick={() => void confirm(booked)}>
            {t('与账面一致，确认 {booked}', { booked: kilograms(booked) })}
          </button>
          <p class="problem" role="alert">
            {problem}
          </p>
          <button type="button" class="text-button" onClick={() => setOther(true)}>
            {t('数量不同')}
          </button>
        </>
      )}
    </section>
  )
}
