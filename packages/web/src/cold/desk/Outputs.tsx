/** @jsxImportSource preact */
import { t } from '../../text.ts'
import { Line } from '../ui/Line.tsx'
import { gramsOf } from '../words.ts'
import { GoodsField } from './GoodsField.tsx'
import { madeOf, type Output, type Trade, yieldOf } from './trade.ts'

interface Given {
  readonly trade: Trade
  readonly wrong: Readonly<Record<string, string>>
  readonly onChange: (outputs: readonly Output[]) => void
}

/** The lots that come out of splitting, repacking or processing, and the yield. */
export function Outputs({ trade: { kind, kilograms, outputs }, wrong, onChange }: Given) {
  const change = (at: number, values: Partial<Output>) =>
    onChange(outputs.map((output, index) => (index === at ? { ...output, ...values } : output)))
  const share = yieldOf(gramsOf(kilograms) ?? 0, madeOf(outputs))
  return (
    <section class="card">
      <h2>{t('产出')}</h2>
      {outputs.map((output, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the place is what a line is known by
        <fieldset key={at} class="fields output">
          <legend class="sr">{t('产出第 {number} 批', { number: at + 1 })}</legend>
          <GoodsField
            id={`output-goods-${at}`}
            label={t('商品')}
            name={output.goodsName}
            problem={wrong[`goods.${at}`] ?? ''}
            onPick={({ id, name }) => change(at, { goodsId: id, goodsName: name })}
          />
          <Line
            id={`output-weight-${at}`}
            label={t('产出净重')}
            value={output.kilograms}
            onInput={(typed) => change(at, { kilograms: typed })}
            problem={wrong[`outputs.${at}`] ?? ''}
            mode="decimal"
            maxLength={14}
            suffix={t('千克')}
          />
          {outputs.length > 1 && (
            <button
              type="button"
              class="text-button"
              onClick={() => onChange(outputs.filter((_, index) => index !== at))}
            >
              {t('删除第 {number} 批', { number: at + 1 })}
            </button>
          )}
        </fieldset>
      ))}
      {outputs.length < 50 && (
        <button
          type="button"
          class="text-button"
          onClick={() => onChange([...outputs, { goodsId: '', goodsName: '', kilograms: '' }])}
        >
          {t('再加一批')}
        </button>
      )}
      <p class="problem" role="alert">
        {wrong.outputs}
      </p>
      {kind === 'process' && share !== null && (
        <p class="note">{t('得率 {share}%，其余记为加工损耗。', { share: (share / 10).toFixed(1) })}</p>
      )}
    </section>
  )
}
