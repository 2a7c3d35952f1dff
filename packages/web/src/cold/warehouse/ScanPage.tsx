/** @jsxImportSource preact */
import { useEffect, useState } from 'preact/hooks'
import { SendError } from '../../device/failure.ts'
import { Icon, type IconName } from '../../device/Icon.tsx'
import { t } from '../../text.ts'
import type { PageProps } from '../page.ts'
import { arrivalsOf } from '../scan/movement.ts'
import { messageOf } from '../session.ts'
import type { Holder } from '../state.ts'
import { Go } from '../ui/Go.tsx'
import { LookCard } from './LookCard.tsx'
import { type Looked, look } from './look.ts'
import { ReportForm } from './ReportForm.tsx'
import { ScanBox, type Told } from './ScanBox.tsx'
import { feel } from './signal.ts'
import { shortCode } from './words.ts'
import { openWork, pack, refreshPack } from './work.ts'

interface Place {
  readonly to: string
  readonly label: () => string
  readonly icon: IconName
  readonly kinds?: readonly Holder['kind'][]
}
const places: readonly Place[] = [
  { to: '/receive', label: () => t('收货'), icon: 'box' },
  { to: '/ship', label: () => t('发货'), icon: 'truck' },
  { to: '/sell', label: () => t('销售'), icon: 'check', kinds: ['shop', 'trader', 'processor'] },
  { to: '/count', label: () => t('盘点'), icon: 'list' },
  { to: '/split', label: () => t('分装加工'), icon: 'edit', kinds: ['shop', 'trader', 'processor'] },
  { to: '/pallets', label: () => t('托盘'), icon: 'home' },
  { to: '/foreign', label: () => t('外省证明'), icon: 'file' },
]

/** "What is this": what a code is and whether it may be sold; and the ways to everything that is done by scanning. */
export default function ScanPage({ holder, params }: PageProps) {
  const [looked, setLooked] = useState<Looked | null>(null)
  const [told, setTold] = useState<Told | null>(null)
  const [reporting, setReporting] = useState<string | null>(null)
  useEffect(() => {
    openWork()
    void refreshPack()
  }, [])
  const onScan = async (text: string) => {
    setReporting(null)
    try {
      const found = await look(holder.id, pack.value, text)
      setLooked(found)
      setTold({ tone: found.tone, word: found.word, more: shortCode('uri' in found.code ? found.code.uri : text) })
      feel(found.tone === 'good')
    } catch (error) {
      const isOffline = error instanceof SendError && error.failure.kind === 'offline'
      const more = isOffline ? t('本机不知道这个码，没有网络不能核对') : messageOf(error)
      setLooked(null)
      setTold({ tone: 'warn', word: isOffline ? t('不能核对') : t('没有查到'), more })
      if (isOffline) setReporting(text)
      feel(false)
    }
  }
  // biome-ignore lint/correctness/useExhaustiveDependencies: the code of the address is looked up once
  useEffect(() => {
    if (params.code !== undefined) void onScan(params.code)
  }, [params.code])
  const arriving = pack.value ? arrivalsOf(pack.value).length : 0
  const isBusy = looked !== null || reporting !== null
  return (
    <div class="work">
      <ScanBox onScan={(text) => void onScan(text)} told={told} />
      {reporting !== null ? (
        <ReportForm holder={holder} code={reporting} onClose={() => setReporting(null)} />
      ) : (
        looked && (
          <LookCard
            looked={looked}
            onReport={() => setReporting('uri' in looked.code ? looked.code.uri : looked.text)}
          />
        )
      )}
      <nav class={isBusy ? 'ways small-ways' : 'ways'} aria-label={t('办理')}>
        {places
          .filter(({ kinds }) => !kinds || kinds.includes(holder.kind))
          .map(({ to, label, icon }) => (
            <Go key={to} to={to} class="way">
              <Icon name={icon} size={28} />
              <span>{label()}</span>
              {to === '/receive' && arriving > 0 && (
                <span class="badge">
                  {arriving}
                  <span class="sr">{t('笔在途')}</span>
                </span>
              )}
            </Go>
          ))}
      </nav>
    </div>
  )
}
