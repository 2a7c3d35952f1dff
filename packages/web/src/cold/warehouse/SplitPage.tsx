/** @jsxImportSource preact */
import type { ColdGoods } from '@vigil/contract'
import { useState } from 'preact/hooks'
import { t } from '../../text.ts'
import type { PageProps } from '../page.ts'
import { Line } from '../ui/Line.tsx'
import { gramsOf, kilograms } from '../words.ts'
import { GoodsField } from './GoodsField.tsx'
import { LeavePage } from './LeavePage.tsx'
import { tradeName } from './words.ts'

const kinds = ['split', 'repack', 'process'] as const

interface Output {
  readonly goods: ColdGoods | null
  readonly lotNo: string
  readonly mass: string
}
const blank: Output = { goods: null, lotNo: '', mass: '' }

function OutputFields(props: { n: number; value: Output; onChange: (value: Output) => void; onDrop?: () => void }) {
  const { n, value, onChange } = props
  const wrong = value.mass !== '' && !gramsOf(value.mass)
  return (
    <fieldset class="card">
      <legend>{t('产出 {n}', { n })}</legend>
      <GoodsField id={`goods-${n}`} value={value.goods} onPick={(goods) => onChange({ ...value, goods })} />
      <div class="pair">
        <Line
          id={`output-mass-${n}`}
          label={t('重量（千克）')}
          mode="decimal"
          value={value.mass}
          onInput={(mass) => onChange({ ...value, mass })}
          problem={wrong ? t('最多三位小数') : ''}
          maxLength={14}
        />
        <Line
          id={`output-lot-${n}`}
          label={t('批号')}
          hint={t('空着由系统编')}
          value={value.lotNo}
          onInput={(lotNo) => onChange({ ...value, lotNo })}
          problem={/^[0-9A-Za-z./-]*$/.test(value.lotNo) ? '' : t('只能用字母、数字和 . / -')}
          maxLength={20}
        />
      </div>
      {props.onDrop && (
        <button type="button" class="link" onClick={props.onDrop}>
          {t('删除这一项')}
        </button>
      )}
    </fieldset>
  )
}

/** Splits, repacks or processes goods: what goes in is scanned, what comes out is weighed. */
export default function SplitPage({ holder }: PageProps) {
  const [kind, setKind] = useState<(typeof kinds)[number]>('split')
  const [outputs, setOutputs] = useState<readonly Output[]>([blank])
  const made = outputs.map(({ goods, lotNo, mass }) => ({ goodsId: goods?.id ?? '', lotNo, grams: gramsOf(mass) ?? 0 }))
  const sum = made.reduce((all, { grams }) => all + grams, 0)
  const whole = made.every(({ goodsId, grams }) => goodsId !== '' && grams > 0)
  const more = (total: number) => {
    const fits = kind === 'process' ? sum <= total : sum === total
    return whole && fits ? { outputs: made } : null
  }
  const balance = (total: number) => {
    if (total === 0 || sum === 0) return ''
    if (sum > total) return t('产出比投入多 {mass}', { mass: kilograms(sum - total) })
    if (sum === total) return t('投入与产出相等')
    const share = ((sum / total) * 100).toFixed(1)
    const rate = t('出成率 {share}%，损耗 {mass}', { share, mass: kilograms(total - sum) })
    return kind === 'process' ? rate : t('分装、换包装前后重量须相等，还差 {mass}', { mass: kilograms(total - sum) })
  }
  return (
    <LeavePage
      holder={holder}
      kind={kind}
      title={t('登记{kind}', { kind: tradeName(kind) })}
      more={more}
      head={
        <fieldset class="chips" aria-label={t('办理')}>
          {kinds.map((each) => (
            <button
              key={each}
              type="button"
              class={each === kind ? 'chip on' : 'chip'}
              aria-pressed={each === kind}
              onClick={() => setKind(each)}
            >
              {tradeName(each)}
            </button>
          ))}
        </fieldset>
      }
    >
      {(total) => (
        <>
          {outputs.map((value, i) => (
            <OutputFields
              // biome-ignore lint/suspicious/noArrayIndexKey: outputs have no identity but their place
              key={i}
              n={i + 1}
              value={value}
              onChange={(next) => setOutputs(outputs.map((each, at) => (at === i ? next : each)))}
              {...(outputs.length > 1 ? { onDrop: () => setOutputs(outputs.filter((_, at) => at !== i)) } : {})}
            />
          ))}
          <button type="button" class="secondary wide" onClick={() => setOutputs([...outputs, blank])}>
            {t('再加一项产出')}
          </button>
          <p class="muted" role="status">
            {balance(total)}
          </p>
        </>
      )}
    </LeavePage>
  )
}
