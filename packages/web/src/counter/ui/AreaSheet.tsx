/** @jsxImportSource preact */
import { useEffect, useState } from 'preact/hooks'
import { Sheet } from '../../device/Sheet.tsx'
import { t } from '../../text.ts'
import { loadAreas } from '../app/data.ts'
import * as state from '../app/state.ts'
import { provinces } from '../core/area.ts'

interface AreaSheetProps {
  readonly value: string
  readonly onPick: (code: string) => void
  readonly onClose: () => void
}

/** Residence by province, city and county; begins where the present value lies. */
export function AreaSheet({ value, onPick, onClose }: AreaSheetProps) {
  const book = state.areas.value
  const [at, setAt] = useState(() => book?.parent(value) ?? '')
  const [failed, setFailed] = useState(false)
  useEffect(() => {
    void loadAreas().then(() => setFailed(state.areas.value === null))
  }, [])
  const choices = at === '' ? (book?.children('') ?? provinces) : (book?.children(at) ?? [])
  const up = at === '' ? '' : (book?.parent(at) ?? '')
  const choose = (code: string) => {
    if ((book?.children(code).length ?? 0) > 0) setAt(code)
    else onPick(code)
  }
  return (
    <Sheet title={t('现住地区')} onClose={onClose} full>
      {failed && (
        <p class="note warn" role="alert">
          {t('地区数据没有载入，联网后再试；现在可先选省份')}
        </p>
      )}
      {at !== '' && (
        <button type="button" class="crumb" onClick={() => setAt(up)}>
          {t('‹ 返回上一级')}　<strong>{book?.name(at)}</strong>
        </button>
      )}
      <ul class="options grid">
        {choices.map(({ code, name }) => (
          <li key={code}>
            <button
              type="button"
              class={code === value ? 'option on' : 'option'}
              aria-pressed={code === value}
              onClick={() => choose(code)}
            >
              {name}
            </button>
          </li>
        ))}
        {at !== '' && (
          <li class="whole">
            <button type="button" class="option quiet" onClick={() => onPick(at)}>
              {t('不清楚，只填到此级')}
            </button>
          </li>
        )}
      </ul>
    </Sheet>
  )
}
