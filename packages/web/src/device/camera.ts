import { BarcodeDetector as Ponyfill, prepareZXingModule } from 'barcode-detector/ponyfill'
import wasmUrl from 'zxing-wasm/reader/zxing_reader.wasm?url'
import { t } from '../text.ts'

const formats = ['ean_13', 'code_128', 'qr_code', 'data_matrix'] as const
interface Detector {
  detect(source: HTMLVideoElement): Promise<readonly { rawValue: string }[]>
}
interface NativeDetector {
  new (options: { formats: readonly string[] }): Detector
  getSupportedFormats(): Promise<readonly string[]>
}

async function createDetector(): Promise<Detector> {
  const native = (self as { BarcodeDetector?: NativeDetector }).BarcodeDetector
  if (native) {
    const supported = await native.getSupportedFormats().catch((): readonly string[] => [])
    if (formats.every((format) => supported.includes(format))) return new native({ formats })
  }
  // Served from the own origin: it must work where no other host can be reached.
  prepareZXingModule({ overrides: { locateFile: (path: string) => (path.endsWith('.wasm') ? wasmUrl : path) } })
  return new Ponyfill({ formats: [...formats] })
}

/** Why the camera cannot be used, in words for a person. */
export class ScanError extends Error {
  override readonly name = 'ScanError'
}

function cameraMessage(error: unknown, otherwise: string): string {
  const name = error instanceof Error ? error.name : ''
  if (name === 'NotAllowedError' || name === 'SecurityError')
    return t('没有相机权限，请在手机设置中允许，或{otherwise}', { otherwise })
  if (name === 'NotFoundError' || name === 'OverconstrainedError')
    return t('没有找到后置相机，请{otherwise}', { otherwise })
  if (name === 'NotReadableError') return t('相机被其他应用占用，请关闭后再试')
  return t('相机无法打开，请{otherwise}', { otherwise })
}

/**
 * Reads codes from the rear camera into `video` until stopped. Throws ScanError with a message for the person.
 * @param onCode called for every code read; the caller decides when to stop
 * @param otherwise what one can do without a camera: 改用…
 */
export async function startScan(
  video: HTMLVideoElement,
  onCode: (raw: string) => void,
  otherwise: string,
): Promise<() => void> {
  const devices = navigator.mediaDevices as MediaDevices | undefined
  if (!devices?.getUserMedia) throw new ScanError(t('浏览器不支持扫码（需要 HTTPS），请{otherwise}', { otherwise }))
  let stream: MediaStream
  try {
    const video = { facingMode: { ideal: 'environment' }, width: { ideal: 1280 }, height: { ideal: 720 } }
    stream = await devices.getUserMedia({ video, audio: false })
  } catch (error) {
    throw new ScanError(cameraMessage(error, otherwise))
  }
  let stopped = false
  const stop = () => {
    stopped = true
    for (const track of stream.getTracks()) track.stop()
    video.srcObject = null
  }
  try {
    const detector = await createDetector()
    video.srcObject = stream
    await video.play()
    const look = async () => {
      if (stopped) return
      try {
        const [code] = video.readyState >= 2 ? await detector.detect(video) : []
        if (code && !stopped) onCode(code.rawValue)
      } catch {
        // A frame that cannot be read is followed by the next.
      }
      setTimeout(() => void look(), 120)
    }
    void look()
  } catch {
    stop()
    throw new ScanError(t('扫码组件无法载入，请{otherwise}', { otherwise }))
  }
  return stop
}
