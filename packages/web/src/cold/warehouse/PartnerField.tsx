/** @jsxImportSource preact */
import type { ColdHolder } from '@vigil/contract'
import { useEffect, useState } from 'preact/hooks'
import { t } from '../../text.ts'
import { recall, remember } from '../kept.ts'
import { call } from '../server.ts'
import { messageOf } from '../session.ts'
import { Line } from '../ui/Line.tsx'
import { holderKindName } from '../words.ts'

const kept = 'recent partners'
const mostKept = 12

/** Businesses that goods were sent to from this device, for when there is no network. */
async function keep(holder: ColdHolder): Promise<void> {
  const before = (await recall<ColdHolder[]>(kept)) ?? []
  await remember(kept, [holder, ...before.filter(({ id }) => id !== holder.id)].slice(0, mostKept))
}

/** To whom goods go: by name or code, or one of the last. */
export function PartnerField(props: {
  readonly self: string
  readonly value: ColdHolder | null
  readonly onPick: (holder: ColdHolder | null) => void
}) {
  const [text, setText] = useState('')
  const [found, setFound] = useState<readonly ColdHolder[]>([])
  const [problem, setProblem] = useState('')
  const { self } = props
  useEffect(() => {
    let gone = false
    const q = text.trim()
    const look = async () => {
      const recent = (await recall<ColdHolder[]>(kept)) ?? []
      if (q.length < 2) return recent
      const { items } = await call('cold-holder.list', { query: { q } })
      return items
    }
    const timer = setTimeout(() => {
      look().then(
        (items) => {
          if (gone) return
          setFound(items.filter(({ id }) => id !== self).slice(0, 12))
          setProblem(q.length >= 2 && items.length === 0 ? t('没有找到，请核对名称或编号') : '')
        },
        (error) => gone || setProblem(messageOf(error)),
      )
    }, 250)
    return () => {
      gone = true
      clearTimeout(timer)
    }
  }, [text, self])
  if (props.value)
    return (
      <p class="picked">
        <span class="label">{t('收货方')}</span>
        <strong>{props.value.name}</strong>
        <button type="button" class="link" onClick={() => props.onPick(null)}>
          {t('更换')}
        </button>
      </p>
    )
  return (
    <div class="partner">
      <Line
        id="partner"
        label={t('收货方')}
        value={text}
        onInput={setText}
        problem={problem}
        placeholder={t('输入名称或编号查找')}
        maxLength={60}
      />
      <ul>
        {found.map((holder) => (
          <li key={holder.id}>
            <button
              type="button"
              class="option"
              onClick={() => {
                props.onPick(holder)
                void keep(holder)
              }}
            >
              {holder.name}
              <span class="muted">
                {' '}
                {holderKindName(holder.kind)} {holder.code}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </div>
  )
}
