/** @jsxImportSource preact */
import { useEffect, useRef, useState } from 'preact/hooks'
import { Icon } from '../../device/Icon.tsx'
import { t } from '../../text.ts'
import type { Pack } from '../scan/movement.ts'
import { boxesIn, gramsIn, missingOf, type Session, weigh } from '../scan/session.ts'
import { Go } from '../ui/Go.tsx'
import { gramsOf, kilograms } from '../words.ts'
import { bar, lotIn } from './useScanning.ts'
import { shortCode } from './words.ts'

interface Props {
  readonly pack: Pack
  readonly session: Session
  readonly change: (make: (session: Session) => Session) => unknown
  readonly take: (text: string) => void
  /** Whether boxes that were not scanned are told: where all of them are to be found. */
  readonly missing: boolean
  /** Lots of which nothing was scanned are shown, too. */
  readonly all: boolean
}

function Weigh({ pack, session, change, lotId }: Pick<Props, 'pack' | 'session' | 'change'> & { lotId: string }) {
  const [typed, setTyped] = useState('')
  const [problem, setProblem] = useState('')
  const most = session.expected.lots.find(({ id }) => id === lotId)?.grams ?? 0
  const field = useRef<HTMLInputElement>(null)
  const isAsked = session.last?.outcome === 'weigh' && session.last.lotId === lotId
  useEffect(() => {
    if (isAsked) field.current?.focus()
  }, [isAsked])
  const onSubmit = (event: Event) => {
    event.preventDefault()
    const grams = gramsOf(typed)
    if (grams === null || grams === 0) setProblem(t('请填写千克数，最多三位小数'))
    else if (grams > most) setProblem(t('最多 {mass}', { mass: kilograms(most) }))
    else {
      setProblem('')
      setTyped('')
      change((before) => weigh(before, lotId, grams))
    }
  }
  const name = lotIn(pack, lotId)?.lotNo ?? ''
  return (
    <form class="weigh" onSubmit={onSubmit}>
      <input
        ref={field}
        value={typed}
        onInput={(event) => setTyped(event.currentTarget.value)}
        inputMode="decimal"
        maxLength={14}
        placeholder={t('不扫箱，填千克数')}
        aria-label={t('{lot} 的重量（千克）', { lot: name })}
        aria-invalid={problem !== ''}
      />
      <button type="submit" class="small" disabled={typed.trim() === ''}>
        {t('填入')}
      </button>
      <p class="problem" role="alert">
        {problem}
      </p>
    </form>
  )
}

function Boxes({ list, take }: { list: readonly { uri: string; grams: number }[]; take?: (uri: string) => void }) {
  return (
    <ul class="box-list">
      {list.map(({ uri, grams }) => (
        <li key={uri}>
          <span class="code">{shortCode(uri)}</span>
          <span class="muted">{kilograms(grams)}</span>
          {take && (
            <button
              type="button"
              class="icon-only"
              aria-label={t('撤回 {code}', { code: shortCode(uri) })}
              onClick={() => take(uri)}
            >
              <Icon name="close" size={18} />
            </button>
          )}
        </li>
      ))}
    </ul>
  )
}

function Lot({ pack, session, change, take, missing, id }: Omit<Props, 'all'> & { id: string }) {
  const lot = lotIn(pack, id)
  const boxes = session.expected.boxes.filter((box) => box.lotId === id)
  const done = boxesIn(session, id)
  const left = missingOf(session).filter((box) => box.lotId === id)
  const weighed = session.weighed[id]
  const most = session.expected.lots.find((each) => each.id === id)?.grams ?? 0
  const why = bar(lot)
  return (
    <li class="card scan-lot">
      <div class="row-head">
        <strong>{lot?.goodsName}</strong>
        <span class="number">{kilograms(gramsIn(session, id))}</span>
      </div>
      <p class="muted">
        {t('批次 {lot}', { lot: lot?.lotNo ?? '' })} ·{' '}
        {missing ? t('应有 {mass}', { mass: kilograms(most) }) : t('库存 {mass}', { mass: kilograms(most) })}
        {boxes.length > 0 && ` · ${t('箱 {done}/{all}', { done: done.length, all: boxes.length })}`}
      </p>
      {why !== '' && <p class="tag bad">{why}</p>}
      {boxes.length > 0 && missing && (
        <progress class="bar-done" max={boxes.length} value={done.length} aria-label={t('已扫箱数')} />
      )}
      {weighed !== undefined ? (
        <p class="weighed">
          {t('按重量 {mass}', { mass: kilograms(weighed) })}
          <button type="button" class="link" onClick={() => change((before) => weigh(before, id, 0))}>
            {t('撤回')}
          </button>
        </p>
      ) : (
        done.length === 0 && <Weigh pack={pack} session={session} change={change} lotId={id} />
      )}
      {done.length > 0 && (
        <details>
          <summary>{t('已扫 {count} 箱', { count: done.length })}</summary>
          <Boxes list={done} take={take} />
        </details>
      )}
      {missing && weighed === undefined && left.length > 0 && done.length > 0 && (
        <details open={left.length <= 8}>
          <summary class="bad-text">{t('还差 {count} 箱', { count: left.length })}</summary>
          <Boxes list={left} />
        </details>
      )}
    </li>
  )
}

/** What was scanned and weighed, by lot, what is missing, and codes that do not belong. */
export function Lots({ all, ...props }: Props) {
  const { session, take } = props
  const shown = session.expected.lots.filter(({ id }) => all || gramsIn(session, id) > 0 || session.last?.lotId === id)
  return (
    <>
      {session.strays.length > 0 && (
        <section class="card strays">
          <h2>{t('不在清单里的码 {count} 个', { count: session.strays.length })}</h2>
          <ul>
            {session.strays.map(({ text, code, times }) => (
              <li key={text}>
                <span class="code">{shortCode('uri' in code ? code.uri : text)}</span>
                {times > 1 && <span class="muted">{t('{times} 次', { times })}</span>}
                <Go to={`/scan/${encodeURIComponent(text)}`} class="small">
                  {t('查明')}
                </Go>
                <button
                  type="button"
                  class="icon-only"
                  aria-label={t('移除 {code}', { code: shortCode(text) })}
                  onClick={() => take(text)}
                >
                  <Icon name="close" size={18} />
                </button>
              </li>
            ))}
          </ul>
        </section>
      )}
      <ul class="rows">
        {shown.map(({ id }) => (
          <Lot key={id} {...props} id={id} />
        ))}
      </ul>
    </>
  )
}
