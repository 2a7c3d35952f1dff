/** @jsxImportSource preact */
import { useCallback, useEffect, useMemo, useState } from 'preact/hooks'
import { t } from '../text.ts'
import { CheckPage } from './CheckPage.tsx'
import { type Answer, look, type Target, targetOf } from './code.ts'
import { fetchKeys } from './offline.ts'
import { chinaTime, type Row, rowsOf, type Verdict, verdictOf, verdictOfTarget } from './verdict.ts'

const shapes = {
  good: 'M5 12.5l4.500 4.500L19 7.500',
  bad: 'M6 6l12 12M18 6L6 18',
  wait: 'M12 5v9M12 18.500v.01',
} as const

function Stamp({ verdict }: { verdict: Verdict }) {
  return (
    <section class={`stamp ${verdict.tone}`} aria-live="polite">
      <svg width="56" height="56" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
        <path d={shapes[verdict.tone]} />
      </svg>
      <div>
        <h1>{verdict.word}</h1>
        <p>{verdict.lead}</p>
      </div>
    </section>
  )
}

function Facts({ rows }: { rows: readonly Row[] }) {
  return (
    <dl class="facts">
      {rows.map(([label, value]) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}

function Todo({ verdict, hotline }: { verdict: Verdict; hotline: string }) {
  return (
    <section class="todo" aria-labelledby="todo">
      <h2 id="todo">{t('怎么办')}</h2>
      <ul>
        {verdict.todo.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      {hotline !== '' && (
        <a class="call" href={`tel:${hotline.replace(/[^+\d]/g, '')}`}>
          {t('拨打市场监管电话 {hotline}', { hotline })}
        </a>
      )}
    </section>
  )
}

function Site({ host, site }: { host: string; site: string }) {
  if (site !== '' && site !== host)
    return (
      <section class="site wrong" role="alert">
        <h2>{t('网址不对')}</h2>
        <p>
          {t('本页网址是 {host}，不是查询网站 {site}。请勿相信本页，重新扫码或手工输入正确的网址。', { host, site })}
        </p>
      </section>
    )
  return (
    <section class="site" aria-labelledby="site">
      <h2 id="site">{t('先看网址，再信结果')}</h2>
      <p class="host">{host}</p>
      <p>{t('结果只在这个网址上有效。仿冒网站可以做得一模一样：浏览器地址栏里的网址有一个字不同，就不要相信。')}</p>
    </section>
  )
}

/** What the scans tell; a copied code is scanned in many places. */
const scansText = (scans: number): string =>
  scans <= 1
    ? t('这是第 1 次扫这个码。')
    : t('这个码已被扫过 {scans} 次。如果次数多得不寻常，这可能是复制的码。', { scans })

interface Given {
  readonly path: string
  readonly host: string
  /** Host that the codes lead to; empty when the server was not told. */
  readonly site: string
  readonly hotline: string
}

const titles = { certificate: () => t('出仓证明核验'), other: () => t('进口冷链食品查询') }

/** What is known of a code, and what looks it up once more; without a network it is looked up again when there is one. */
function useAnswer(target: Target): [Answer | null, () => void] {
  const [answer, setAnswer] = useState<Answer | null>(null)
  const ask = useCallback(() => {
    if (target.kind !== 'certificate' && target.kind !== 'box') return
    setAnswer(null)
    void look(target).then(setAnswer)
  }, [target])
  useEffect(ask, [ask])
  // Whoever looked one up has the key for the next, which may come where there is no network.
  useEffect(() => {
    if (answer?.kind === 'certificate') void fetchKeys()
  }, [answer])
  const isOffline = answer?.kind === 'checked' || (answer?.kind === 'failed' && answer.why === 'offline')
  useEffect(() => {
    if (!isOffline) return
    window.addEventListener('online', ask)
    return () => window.removeEventListener('online', ask)
  }, [isOffline, ask])
  return [answer, ask]
}

/** The page behind the code of a certificate, box, lot or pallet: whether it is genuine, what it is, what to do. */
export function Page({ path, host, site, hotline }: Given) {
  const target = useMemo(() => targetOf(path), [path])
  const [answer, again] = useAnswer(target)
  const verdict = verdictOfTarget(target) ?? (answer && verdictOf(answer))
  const title = (target.kind === 'certificate' || target.kind === 'check' ? titles.certificate : titles.other)()
  const tab = verdict ? `${verdict.word} · ${title}` : title
  useEffect(() => {
    document.title = tab
  }, [tab])
  if (target.kind === 'check')
    return (
      <>
        <header class="top">{title}</header>
        <main>
          <CheckPage />
          <Site host={host} site={site} />
        </main>
      </>
    )
  const facts = answer?.kind === 'certificate' || answer?.kind === 'box' ? answer.facts : null
  const rows = answer ? rowsOf(answer) : []
  return (
    <>
      <header class="top">{title}</header>
      <main>
        {verdict === null ? (
          <p class="opening" role="status">
            {t('正在查询…')}
          </p>
        ) : (
          <>
            <Stamp verdict={verdict} />
            {verdict.tone === 'bad' && <Todo verdict={verdict} hotline={hotline} />}
            {rows.length > 0 && <Facts rows={rows} />}
            {facts && (
              <div class="scans">
                {rows.length > 0 && <p>{scansText(facts.scans)}</p>}
                <p>{t('查询时间 {time}', { time: chinaTime(facts.at) })}</p>
              </div>
            )}
            {verdict.tone !== 'bad' && <Todo verdict={verdict} hotline={hotline} />}
          </>
        )}
        <Site host={host} site={site} />
        <div class="buttons">
          {(answer?.kind === 'failed' || answer?.kind === 'checked') && (
            <button type="button" onClick={again}>
              {t('再查一次')}
            </button>
          )}
          {facts && (
            <button type="button" onClick={() => print()}>
              {t('打印')}
            </button>
          )}
        </div>
      </main>
    </>
  )
}
