/** @jsxImportSource preact */
import type { ComponentChildren } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { t } from '../text.ts'
import { Icon } from './Icon.tsx'

interface SheetProps {
  readonly title: string
  readonly onClose: () => void
  readonly children: ComponentChildren
  readonly full?: boolean
}

/** A panel over the page: keeps the focus inside, closes with Escape, gives the focus back. */
export function Sheet({ title, onClose, children, full = false }: SheetProps) {
  const panel = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const before = document.activeElement
    panel.current?.focus()
    return () => {
      if (before instanceof HTMLElement) before.focus()
    }
  }, [])
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape') onClose()
    if (event.key !== 'Tab') return
    const inside = panel.current?.querySelectorAll<HTMLElement>('button:not(:disabled), input, a[href], select')
    const first = inside?.[0]
    const last = inside?.[inside.length - 1]
    const at = document.activeElement
    if (event.shiftKey && (at === first || at === panel.current)) {
      event.preventDefault()
      last?.focus()
    } else if (!event.shiftKey && at === last) {
      event.preventDefault()
      first?.focus()
    }
  }
  return (
    <div class="shade">
      <div
        ref={panel}
        class={full ? 'sheet full' : 'sheet'}
        role="dialog"
        aria-modal="true"
        aria-label={title}
        tabIndex={-1}
        onKeyDown={onKeyDown}
      >
        <div class="sheet-head">
          <h2>{title}</h2>
          <button type="button" class="icon-button" onClick={onClose} aria-label={t('关闭')}>
            <Icon name="close" />
          </button>
        </div>
        <div class="sheet-body">{children}</div>
      </div>
    </div>
  )
}
