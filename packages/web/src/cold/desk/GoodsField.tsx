/** @jsxImportSource preact */
import type { ColdGoods } from '@vigil/contract'
import { useCallback, useState } from 'preact/hooks'
import { Sheet } from '../../device/Sheet.tsx'
import { t } from '../../text.ts'
import { call } from '../server.ts'
import { Fetching } from '../ui/Fetching.tsx'
import { GoodsForm } from './GoodsForm.tsx'
import { useCall } from './useCall.ts'

/** Goods of the register: one is picked, or a new one is registered. */
export function GoodsField(props: {
  readonly id: string
  readonly label: string
  readonly name: string
  readonly problem?: string
  readonly onPick: (goods: Pick<ColdGoods, 'id' | 'name'>) => void
}) {
  const [open, setOpen] = useState(false)
  const wrong = Boolean(props.problem)
  return (
    <div class={wrong ? 'field wrong' : 'field'}>
      <span class="label" id={`${props.id}-label`}>
        {props.label}
      </span>
      <button
        type="button"
        id={props.id}
        class="pick"
        aria-labelledby={`${props.id}-label ${props.id}`}
        aria-describedby={`${props.id}-problem`}
        aria-haspopup="dialog"
        onClick={() => setOpen(true)}
      >
        {props.name || t('选择商品')}
      </button>
      <p class="problem" id={`${props.id}-problem`} role="alert">
        {props.problem}
      </p>
      {open && (
        <GoodsSheet
          onClose={() => setOpen(false)}
          onPick={(goods) => {
            props.onPick(goods)
            setOpen(false)
          }}
        />
      )}
    </div>
  )
}

function GoodsSheet(props: { onClose: () => void; onPick: (goods: ColdGoods) => void }) {
  const [text, setText] = useState('')
  const [isNew, setNew] = useState(false)
  const fetched = useCall(useCallback(() => call('cold-goods.list', { query: {} }), []))
  const wanted = text.trim()
  return (
    <Sheet title={isNew ? t('登记新商品') : t('选择商品')} onClose={props.onClose} full>
      {isNew ? (
        <GoodsForm name={wanted} onDone={props.onPick} />
      ) : (
        <>
          <div class="field">
            <label for="goods-search">{t('按名称或条码查找')}</label>
            <input id="goods-search" value={text} onInput={(event) => setText(event.currentTarget.value)} />
          </div>
          <Fetching of={fetched}>
            {({ items }) => (
              <ul>
                {items
                  .filter(({ name, gtin }) => name.includes(wanted) || gtin.includes(wanted))
                  .map((goods) => (
                    <li key={goods.id}>
                      <button type="button" class="option" onClick={() => props.onPick(goods)}>
                        {goods.name}
                        <span class="muted"> {goods.spec}</span>
                      </button>
                    </li>
                  ))}
              </ul>
            )}
          </Fetching>
          <button type="button" class="secondary wide" onClick={() => setNew(true)}>
            {t('没有？登记新商品')}
          </button>
        </>
      )}
    </Sheet>
  )
}
