/** @jsxImportSource preact */
import { useState } from 'preact/hooks'
import { Icon } from '../../device/Icon.tsx'
import { t } from '../../text.ts'
import { CameraSheet } from './CameraSheet.tsx'
import { useWedge } from './useWedge.ts'

/** How the last scan went: shown large, since eyes come back from the goods. */
export interface Told {
  readonly tone: 'good' | 'warn' | 'bad'
  readonly word: string
  readonly more: string
}

/** Takes codes from a scanner that types, the camera, or fingers. */
export function ScanBox({ onScan, told }: { readonly onScan: (text: string) => void; readonly told: Told | null }) {
  const [camera, setCamera] = useState(false)
  const [typed, setTyped] = useState('')
  useWedge(onScan)
  const onSubmit = (event: Event) => {
    event.preventDefault()
    const text = typed.trim()
    setTyped('')
    if (text !== '') onScan(text)
  }
  return (
    <section class="scanbox" aria-label={t('扫码')}>
      <div class={`scan-told ${told?.tone ?? 'idle'}`} role="status" aria-live="assertive">
        <Icon name={told ? (told.tone === 'good' ? 'check' : 'warn') : 'scan'} size={32} />
        <div>
          <strong>{told?.word ?? t('请扫码')}</strong>
          <p>{told?.more ?? t('扫描枪直接扫；手机点相机；也可以输入编码')}</p>
        </div>
      </div>
      <form class="scan-row" onSubmit={onSubmit}>
        <button type="button" class="scan-camera" onClick={() => setCamera(true)}>
          <Icon name="scan" />
          {t('相机扫码')}
        </button>
        <input
          value={typed}
          onInput={(event) => setTyped(event.currentTarget.value)}
          aria-label={t('编码')}
          placeholder={t('输入编码')}
          maxLength={300}
          autocomplete="off"
          autocapitalize="off"
          spellcheck={false}
          enterkeyhint="done"
        />
        <button type="submit" class="scan-enter" disabled={typed.trim() === ''}>
          {t('确定')}
        </button>
      </form>
      {camera && (
        <CameraSheet onScan={onScan} last={told ? `${told.word}　${told.more}` : ''} onClose={() => setCamera(false)} />
      )}
    </section>
  )
}
