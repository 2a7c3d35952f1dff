import { useEffect, useRef } from 'preact/hooks'
import { idle, press } from '../scan/wedge.ts'

/** Puts a value into a field as if it had been typed. */
function put(field: HTMLInputElement, value: string): void {
  field.value = value
  field.dispatchEvent(new Event('input', { bubbles: true }))
}

/** Listens to a scanner that types, wherever the focus is; what it typed into a field is taken out again. */
export function useWedge(onScan: (text: string) => void): void {
  const latest = useRef(onScan)
  latest.current = onScan
  useEffect(() => {
    let wedge = idle
    let before: { field: HTMLInputElement; value: string } | null = null
    const onKey = (event: KeyboardEvent) => {
      const next = press(wedge, { key: event.key, ctrl: event.ctrlKey, at: event.timeStamp })
      wedge = next.wedge
      const field = event.target
      if (wedge.text.length === 1)
        before = field instanceof HTMLInputElement && field.type !== 'date' ? { field, value: field.value } : null
      if (next.scan === null) return
      event.preventDefault()
      event.stopPropagation()
      if (before) put(before.field, before.value)
      before = null
      latest.current(next.scan)
    }
    document.addEventListener('keydown', onKey, true)
    return () => document.removeEventListener('keydown', onKey, true)
  }, [])
}
