/** @jsxImportSource preact */
import { useCallback, useEffect, useState } from 'preact/hooks'
import { SendError } from '../../device/failure.ts'
import { t } from '../../text.ts'
import { recall, remember } from '../kept.ts'
import type { PageProps } from '../page.ts'
import { go } from '../router.ts'
import { call } from '../server.ts'
import { messageOf, refreshDesk, say } from '../session.ts'
import { Line } from '../ui/Line.tsx'
import { dayFromNow } from '../words.ts'
import {
  bodyOf,
  type Draft,
  emptyDraft,
  type Field,
  fieldOrder,
  type Problems,
  problemsOf,
  problemsOfRefusal,
} from './declaration.ts'
import { GoodsField } from './GoodsField.tsx'
import { ownLotNo } from './own-lot.ts'
import { SlotFields } from './SlotFields.tsx'

interface Kept {
  readonly draft: Draft
  /** Number that the lot gets when none was typed: the same for every try. */
  readonly lotNo: string
}

const keyOf = (holderId: string) => `declaration ${holderId}`
const fresh = (): Kept => ({
  draft: emptyDraft,
  lotNo: ownLotNo(dayFromNow(0), crypto.getRandomValues(new Uint8Array(8))),
})

/** Declares a lot ahead; what is typed stays on the device until it is through. */
export default function DeclarePage({ holder }: PageProps) {
  const [kept, setKept] = useState<Kept | null>(null)
  useEffect(() => {
    void recall<Kept>(keyOf(holder.id)).then((found) => setKept(found ?? fresh()))
  }, [holder.id])
  return kept === null ? (
    <p class="loading">{t('正在载入…')}</p>
  ) : (
    <DeclareForm holderId={holder.id} kept={kept} onClear={() => setKept(fresh())} key={kept.lotNo} />
  )
}

function DeclareForm({ holderId, kept, onClear }: { holderId: string; kept: Kept; onClear: () => void }) {
  const [draft, setDraft] = useState(kept.draft)
  const [tried, setTried] = useState(false)
  const [refused, setRefused] = useState<Problems>({})
  const [problem, setProblem] = useState('')
  const [busy, setBusy] = useState(false)
  const problems: Problems = { ...(tried ? problemsOf(draft, dayFromNow(0)) : {}), ...refused }
  const change = useCallback(
    (values: Partial<Draft>) => {
      setDraft((before) => {
        const draft = { ...before, ...values }
        void remember(keyOf(holderId), { draft, lotNo: kept.lotNo })
        return draft
      })
      setRefused((before) => {
        const rest: Partial<Record<Field, string>> = { ...before }
        for (const field of Object.keys(values)) delete rest[field as Field]
        return rest
      })
    },
    [holderId, kept.lotNo],
  )
  const focusFirst = (wrong: Problems) => {
    const first = fieldOrder.find((field) => wrong[field])
    setTimeout(() => document.getElementById(first ?? '')?.focus(), 0)
  }
  const through = async (id: string) => {
    await remember(keyOf(holderId), undefined)
    say(t('已申报，请上传四项单证'))
    void refreshDesk()
    go(`/declarations/${id}`, { replace: true })
  }
  /** The answer to an earlier try was lost: it is there under the number of this draft. */
  const earlier = async (): Promise<string | undefined> => {
    const { items } = await call('cold-declaration.list', { query: {} })
    return items.find(({ lotNo }) => lotNo === kept.lotNo)?.id
  }
  const send = async () => {
    try {
      return await through((await call('cold-declaration.create', { body: bodyOf(draft, holderId, kept.lotNo) })).id)
    } catch (error) {
      const failure = error instanceof SendError ? error.failure : null
      if (failure?.code === 'taken' && draft.lotNo.trim() === '') {
        const id = await earlier()
        if (id) return through(id)
      }
      const wrong = failure ? problemsOfRefusal(failure.errors, failure.code, failure.message) : {}
      setRefused(wrong)
      focusFirst(wrong)
      setProblem(failure?.kind === 'offline' ? t('网络不通。填写的内容已保存在本机，联网后再提交。') : messageOf(error))
    }
  }
  const submit = async (event: Event) => {
    event.preventDefault()
    setTried(true)
    setProblem('')
    const wrong = problemsOf(draft, dayFromNow(0))
    const count = Object.keys(wrong).length
    if (count > 0) {
      setProblem(t('有 {count} 处需要修改', { count }))
      return focusFirst(wrong)
    }
    setBusy(true)
    await send().catch((error: unknown) => setProblem(messageOf(error)))
    setBusy(false)
  }
  const line = (field: Field, label: string, more: Partial<Parameters<typeof Line>[0]> = {}) => (
    <Line
      id={field}
      label={label}
      value={draft[field]}
      onInput={(value) => change({ [field]: value })}
      problem={problems[field] ?? ''}
      {...more}
    />
  )
  return (
    <form onSubmit={(event) => void submit(event)} noValidate>
      <section class="card">
        <h2>{t('货物')}</h2>
        <div class="fields">
          <GoodsField
            id="goodsId"
            label={t('商品')}
            name={draft.goodsName}
            problem={problems.goodsId ?? ''}
            onPick={({ id, name }) => change({ goodsId: id, goodsName: name })}
          />
          {line('origin', t('原产国（地区）'), { maxLength: 60 })}
          {line('plantNo', t('境外生产企业注册编号'), { maxLength: 40 })}
          {line('supplierLot', t('供应商批号'), { maxLength: 60 })}
          {line('containerNo', t('集装箱号或提单号'), { maxLength: 20, hint: t('选填') })}
          {line('lotNo', t('本单位批次号'), { maxLength: 20, hint: t('不填自动编号') })}
          {line('producedOn', t('生产日期'), { type: 'date', max: dayFromNow(0) })}
          {line('expiresOn', t('保质期至'), { type: 'date' })}
          {line('boxes', t('箱数'), { mode: 'numeric', maxLength: 6, suffix: t('箱') })}
          {line('kilograms', t('净重'), { mode: 'decimal', maxLength: 14, suffix: t('千克') })}
        </div>
      </section>
      <section class="card">
        <h2>{t('到仓')}</h2>
        <SlotFields draft={draft} problems={problems} onChange={change} />
      </section>
      <section class="card">
        <h2>{t('运输')}</h2>
        <div class="fields">
          {line('vehicle', t('车牌号'), { maxLength: 20, placeholder: t('闽C12345') })}
          {line('driverName', t('司机姓名'), { maxLength: 60 })}
          {line('driverMobile', t('司机手机号'), { type: 'tel', mode: 'tel', maxLength: 11 })}
        </div>
        <p class="muted small">{t('司机信息加密保存，只在办理时脱敏显示。')}</p>
      </section>
      <p class="problem center" role="alert">
        {problem}
      </p>
      <button type="submit" class="primary submit-button" disabled={busy}>
        {busy ? t('正在提交…') : t('提交申报')}
      </button>
      <button
        type="button"
        class="text-button"
        onClick={() => {
          void remember(keyOf(holderId), undefined)
          onClear()
        }}
      >
        {t('清空重填')}
      </button>
    </form>
  )
}
