/** @jsxImportSource preact */
import { useEffect, useState } from 'preact/hooks'
import { t } from '../text.ts'
import { fetchKeys, type KnownKeys, keptKeys } from './offline.ts'
import { readToken } from './token.ts'
import { chinaTime } from './verdict.ts'

/** Chrome's offer to install the page; other browsers do it from their menu. */
interface InstallPrompt extends Event {
  prompt(): Promise<void>
}

function useInstall(): (() => void) | null {
  const [offer, setOffer] = useState<InstallPrompt | null>(null)
  useEffect(() => {
    const keep = (event: Event) => {
      event.preventDefault()
      setOffer(event as InstallPrompt)
    }
    window.addEventListener('beforeinstallprompt', keep)
    return () => window.removeEventListener('beforeinstallprompt', keep)
  }, [])
  return offer && (() => void offer.prompt())
}

function Keys({ keys }: { keys: KnownKeys | null }) {
  if (!keys) return <p role="status">{t('这台设备还没有取得公钥：请在有网络时打开一次本页，之后断网也能核验。')}</p>
  return (
    <p role="status">
      {t('公钥 {id}，{time} 取得。断网也能核验。', { id: keys.keys[0]?.keyId ?? '', time: chinaTime(keys.at) })}
    </p>
  )
}

/** Where a certificate's code is typed or pasted, and what checking it without a network can tell. */
export function CheckPage({ go = (path) => location.assign(path) }: { go?: (path: string) => void }) {
  const [text, setText] = useState('')
  const [wrong, setWrong] = useState(false)
  const [keys, setKeys] = useState<KnownKeys | null>(keptKeys)
  const install = useInstall()
  useEffect(() => {
    void fetchKeys().then(setKeys)
  }, [])
  const check = (event: Event) => {
    event.preventDefault()
    const token = text
      .trim()
      .replace(/[?#].*$/, '')
      .replace(/\/$/, '')
      .split('/')
      .pop()
    if (token && readToken(token)) go(`/z/${token}`)
    else setWrong(true)
  }
  return (
    <>
      <form class="check" onSubmit={check}>
        <h1>{t('出仓证明核验')}</h1>
        <p>{t('用手机相机扫证明上的二维码，会打开本页核验；也可以把二维码的内容粘贴到下面。')}</p>
        <label for="token">{t('二维码内容')}</label>
        <textarea
          id="token"
          rows={4}
          value={text}
          spellcheck={false}
          autocapitalize="off"
          aria-invalid={wrong}
          aria-describedby={wrong ? 'wrong' : undefined}
          onInput={(event) => {
            setText(event.currentTarget.value)
            setWrong(false)
          }}
        />
        {wrong && (
          <p id="wrong" class="wrong" role="alert">
            {t('内容不是出仓证明的二维码，或没有扫全。')}
          </p>
        )}
        <button type="submit">{t('核验')}</button>
      </form>
      <section class="todo" aria-labelledby="offline">
        <h2 id="offline">{t('断网时能知道什么')}</h2>
        <ul>
          <li>{t('能：证明是否由公布的公钥签发，编号、批次、重量有没有被改动。')}</li>
          <li>{t('不能：后来有没有撤销、换发，货物有没有召回。这些要联网查。')}</li>
        </ul>
        <Keys keys={keys} />
      </section>
      {install && (
        <div class="buttons">
          <button type="button" onClick={install}>
            {t('安装到桌面')}
          </button>
        </div>
      )}
    </>
  )
}
