/** @jsxImportSource preact */
import { useState } from 'preact/hooks'
import { t } from '../../text.ts'
import { call } from '../server.ts'
import { messageOf, say } from '../session.ts'
import { Line } from '../ui/Line.tsx'
import { gramsOf, kilograms } from '../words.ts'

interface Given {
  readonly id: string
  readonly side: 'consignor' | 'warehouse'
  /** What was declared. */
  readonly boxes: number
  readonly grams: number
  /** This side has said something before: a reason is asked for. */
  readonly changed: boolean
  readonly onDone: () => void
}

/** What a side counted on arrival. */
export function FigureForm({ id, side, boxes: declared, grams: weight, changed, onDone }: Given) {
  const [boxes, setBoxes] = useState('')
  const [weighed, setWeighed] = useState('')
  const [reason, setReason] = useState('')
  const [tried, setTried] = useState(false)
  const [problem, setProblem] = useState('')
  const [busy, setBusy] = useState(false)
  const count = /^\d{1,6}$/.test(boxes.trim()) ? Number(boxes) : 0
  const grams = gramsOf(weighed)
  const wrong = {
    boxes: count < 1 ? t('请填写实到箱数') : '',
    weighed: grams === null || grams < 1 ? t('请填写实到千克数，最多 3 位小数') : '',
    reason: changed && reason.trim() === '' ? t('更改已报的数量须写明原因') : '',
  }
  const submit = async (event: Event) => {
    event.preventDefault()
    setTried(true)
    if (Object.values(wrong).some(Boolean)) return
    setBusy(true)
    setProblem('')
    try {
      const body = { side, boxes: count, grams: grams!, reason: reason.trim() }
      const { state } = await call('cold-declaration.figure', { params: { id }, body })
      const said = { entered: t('数量一致，已入仓'), disputed: t('与对方数量不符，请核对') }
      say(said[state as keyof typeof said] ?? t('已报数，等待对方'), state === 'disputed' ? 'warn' : 'ok')
      onDone()
    } catch (error) {
      setProblem(messageOf(error))
    } finally {
      setBusy(false)
    }
  }
  const fill = () => {
    setBoxes(String(declared))
    setWeighed(kilograms(weight).replace(/[^\d.]/g, ''))
  }
  return (
    <form onSubmit={(event) => void submit(event)} noValidate>
      <div class="fields">
        <Line
          id="figure-boxes"
          label={t('实到箱数')}
          value={boxes}
          onInput={setBoxes}
          problem={tried ? wrong.boxes : ''}
          mode="numeric"
          maxLength={6}
          suffix={t('箱')}
        />
        <Line
          id="figure-weight"
          label={t('实到净重')}
          value={weighed}
          onInput={setWeighed}
          problem={tried ? wrong.weighed : ''}
          mode="decimal"
          maxLength={14}
          suffix={t('千克')}
        />
      </div>
      {changed && (
        <Line
          id="figure-reason"
          label={t('更正原因')}
          value={reason}
          onInput={setReason}
          problem={tried ? wrong.reason : ''}
          maxLength={300}
        />
      )}
      <p class="problem" role="alert">
        {problem}
      </p>
      <button type="button" class="text-button" onClick={fill}>
        {t('与申报一致，填入申报数')}
      </button>
      <button type="submit" class="primary submit-button" disabled={busy}>
        {side === 'warehouse' ? t('监管仓报数') : t('货主报数')}
      </button>
    </form>
  )
}
