import type { ColdRecallDetail } from '@vigil/contract'
import { t } from '../../../text.ts'
import { formatShare } from '../../kernel/format.ts'
import { fateColours, fateNames, weight } from './words.ts'

/** Where the grams of a recall are: a bar in parts, and the same in words. */
export function RecallBar({
  byFate,
  total,
  name = t('去向'),
}: Pick<ColdRecallDetail, 'byFate' | 'total'> & { readonly name?: string }) {
  return (
    <div className="recall">
      <div className="recall-bar" aria-hidden="true">
        {byFate.map(({ fate, grams }) => (
          <span key={fate} style={{ flexGrow: grams / total, background: fateColours[fate] }} />
        ))}
      </div>
      <ul className="recall-key" aria-label={name}>
        {byFate.map(({ fate, grams }) => (
          <li key={fate}>
            <i style={{ background: fateColours[fate] }} aria-hidden="true" />
            {t('{fate} {mass}，{share}', {
              fate: fateNames[fate],
              mass: weight(grams),
              share: formatShare(grams, total),
            })}
          </li>
        ))}
        <li>{t('合计 {mass}', { mass: weight(total) })}</li>
      </ul>
    </div>
  )
}
