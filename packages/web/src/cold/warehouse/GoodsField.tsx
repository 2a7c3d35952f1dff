/** @jsxImportSource preact */
import type { ColdGoods } from '@vigil/contract'
import { useEffect, useState } from 'preact/hooks'
import { t } from '../../text.ts'
import { recall, remember } from '../kept.ts'
import { call } from '../server.ts'
import { messageOf } from '../session.ts'

/** One of the registered goods; the list is kept for when there is no network. */
export function GoodsField(props: {
  readonly id: string
  readonly value: ColdGoods | null
  readonly onPick: (goods: ColdGoods | null) => void
}) {
  const [all, setAll] = useState<readonly ColdGoods[]>([])
  const [problem, setProblem] = useState('')
  useEffect(() => {
    let gone = false
    const begin = async () => {
      const kept = await recall<ColdGoods[]>('goods')
      if (!gone && kept) setAll(kept)
      const { items } = await call('cold-goods.list', { query: {} })
      if (!gone) setAll(items)
      await remember('goods', items)
    }
    begin().catch((error) => gone || setProblem(messageOf(error)))
    return () => {
      gone = true
    }
  }, [])
  return (
    <div class="field">
      <label for={props.id}>{t('商品')}</label>
      <select
        id={props.id}
        value={props.value?.id ?? ''}
        onChange={(event) => props.onPick(all.find(({ id }) => id === event.currentTarget.value) ?? null)}
      >
        <option value="">{t('请选择')}</option>
        {all.map(({ id, name, spec }) => (
          <option key={id} value={id}>
            {spec ? `${name} ${spec}` : name}
          </option>
        ))}
      </select>
      <p class="problem">{all.length === 0 ? problem : ''}</p>
    </div>
  )
}
