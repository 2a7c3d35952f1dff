/** @jsxImportSource preact */
import type { ColdDeclaration } from '@vigil/contract'
import { useCallback, useState } from 'preact/hooks'
import { Icon } from '../../device/Icon.tsx'
import { t } from '../../text.ts'
import { call } from '../server.ts'
import { Fetching } from '../ui/Fetching.tsx'
import { Go } from '../ui/Go.tsx'
import { declarationStateName, kilograms, shortTime } from '../words.ts'
import { useCall } from './useCall.ts'

const tones = { declared: 'wait', disputed: 'bad', entered: 'good', cancelled: '' } as const
const states = ['declared', 'disputed', 'entered', 'cancelled'] as const
type State = (typeof states)[number]

function Row({ item }: { item: ColdDeclaration }) {
  return (
    <li>
      <Go to={`/declarations/${item.id}`} class="card">
        <div class="task-head">
          <span class={`tag ${tones[item.state]}`}>{declarationStateName(item.state)}</span>
          <span class="muted">{t('到仓 {time}', { time: shortTime(item.slotAt) })}</span>
        </div>
        <p class="task-what">
          <strong>{item.goodsName}</strong>
          <span class="number">{kilograms(item.grams)}</span>
        </p>
        <p class="muted task-more">
          {item.number} · {t('{boxes} 箱', { boxes: item.boxes })} · {item.warehouseName}
        </p>
      </Go>
    </li>
  )
}

/** What was declared, the newest first, by state. */
export default function Declarations() {
  const [state, setState] = useState<State | undefined>()
  const [more, setMore] = useState<{ items: ColdDeclaration[]; next: string | null } | null>(null)
  const load = useCallback(() => {
    setMore(null)
    return call('cold-declaration.list', { query: state ? { state } : {} })
  }, [state])
  const fetched = useCall(load)
  const next = more ? more.next : (fetched.data?.next ?? null)
  const showMore = async () => {
    if (next === null) return
    const page = await call('cold-declaration.list', { query: { ...(state ? { state } : {}), cursor: next } })
    setMore({ items: [...(more?.items ?? []), ...page.items], next: page.next })
  }
  return (
    <>
      <Go to="/declarations/new" class="primary page-action">
        <Icon name="plus" />
        {t('新申报')}
      </Go>
      <fieldset class="chips filter">
        <legend class="sr">{t('按状态筛选')}</legend>
        {([undefined, ...states] as const).map((each) => (
          <button
            key={each ?? ''}
            type="button"
            class={state === each ? 'chip on' : 'chip'}
            aria-pressed={state === each}
            onClick={() => setState(each)}
          >
            {each ? declarationStateName(each) : t('全部')}
          </button>
        ))}
      </fieldset>
      <Fetching of={fetched}>
        {({ items }) =>
          items.length === 0 ? (
            <p class="empty-state">{state ? t('没有这个状态的申报。') : t('还没有申报。货物到仓前 48 小时申报。')}</p>
          ) : (
            <ul class="rows">
              {[...items, ...(more?.items ?? [])].map((item) => (
                <Row key={item.id} item={item} />
              ))}
            </ul>
          )
        }
      </Fetching>
      {next !== null && (
        <button type="button" class="secondary wide more-rows" onClick={() => void showMore()}>
          {t('显示更多')}
        </button>
      )}
    </>
  )
}
