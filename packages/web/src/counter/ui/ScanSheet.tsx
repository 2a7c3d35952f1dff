/** @jsxImportSource preact */
import { useEffect, useRef, useState } from 'preact/hooks'
import { Sheet } from '../../device/Sheet.tsx'
import { t } from '../../text.ts'

/** Camera over the page; closes by itself when a code names a drug of the catalogue. */
export function ScanSheet({ onCode, onClose }: { onCode: (raw: string) => boolean; onClose: () => void }) {
  const video = useRef<HTMLVideoElement>(null)
  const [message, setMessage] = useState(t('正在打开相机…'))
  const latest = useRef(onCode)
  latest.current = onCode
  useEffect(() => {
    let stop: (() => void) | undefined
    let gone = false
    const begin = async () => {
      try {
        const { startScan } = await import('../../device/camera.ts')
        if (gone || !video.current) return
        const onRead = (raw: string) => {
          if (latest.current(raw)) navigator.vibrate?.(60)
          else setMessage(t('{raw} 不在登记目录中', { raw: raw.slice(0, 24) }))
        }
        const end = await startScan(video.current, onRead, t('改用拼音首字母查找'))
        if (gone) end()
        else {
          stop = end
          setMessage(t('对准药盒上的条码或 20 位追溯码'))
        }
      } catch (error) {
        // The class is in the part that may not have been loaded.
        const known = error instanceof Error && error.name === 'ScanError'
        setMessage(known ? error.message : t('扫码组件没有载入，请联网后再试，或用拼音首字母查找'))
      }
    }
    void begin()
    return () => {
      gone = true
      stop?.()
    }
  }, [])
  return (
    <Sheet title={t('扫码选药')} onClose={onClose} full>
      <div class="camera">
        <video ref={video} playsInline muted aria-label={t('相机画面')} />
        <span class="camera-line" aria-hidden="true" />
      </div>
      <p class="camera-text" role="status">
        {message}
      </p>
    </Sheet>
  )
}
