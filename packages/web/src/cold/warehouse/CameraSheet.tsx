/** @jsxImportSource preact */
import { useEffect, useRef, useState } from 'preact/hooks'
import { Sheet } from '../../device/Sheet.tsx'
import { t } from '../../text.ts'

/** How long the same code in front of the camera counts as one scan, in ms. */
const sameMs = 2500

/** Camera over the page; it goes on scanning until it is closed. */
export function CameraSheet(props: {
  readonly onScan: (text: string) => void
  readonly last: string
  readonly onClose: () => void
}) {
  const video = useRef<HTMLVideoElement>(null)
  const [message, setMessage] = useState(t('正在打开相机…'))
  const latest = useRef(props.onScan)
  latest.current = props.onScan
  useEffect(() => {
    let gone = false
    let end: () => void = () => undefined
    let seen = { text: '', at: 0 }
    const onRead = (text: string) => {
      const at = Date.now()
      const isSame = text === seen.text && at - seen.at < sameMs
      seen = { text, at }
      if (!isSame) latest.current(text)
    }
    const begin = async () => {
      try {
        const { startScan } = await import('../../device/camera.ts')
        if (gone || !video.current) return
        const stop = await startScan(video.current, onRead, t('改用扫描枪，或手工输入编码'))
        if (gone) stop()
        else {
          end = stop
          setMessage('')
        }
      } catch (error) {
        // The class is in the part that may not have been loaded.
        const known = error instanceof Error && error.name === 'ScanError'
        setMessage(known ? error.message : t('扫码组件没有载入，请联网后再试，或改用扫描枪'))
      }
    }
    void begin()
    return () => {
      gone = true
      end()
    }
  }, [])
  return (
    <Sheet title={t('扫码')} onClose={props.onClose} full>
      <div class="camera">
        <video ref={video} playsInline muted aria-label={t('相机画面')} />
        <span class="camera-line" aria-hidden="true" />
      </div>
      <p class="camera-text" role="status">
        {message || props.last || t('对准箱、托盘或批次上的码，可连续扫')}
      </p>
    </Sheet>
  )
}
