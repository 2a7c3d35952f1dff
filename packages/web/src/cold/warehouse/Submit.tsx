/** @jsxImportSource preact */
import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'

/** What will be done, and the button that does it; it stays in sight. */
export function Submit(props: {
  readonly sum: string
  readonly label: string
  readonly disabled: boolean
  readonly onGo: () => Promise<void>
  readonly children?: ComponentChildren
}) {
  const [busy, setBusy] = useState(false)
  const onClick = async () => {
    setBusy(true)
    await props.onGo().finally(() => setBusy(false))
  }
  return (
    <div class="submit">
      {props.children}
      <p class="submit-sum" role="status">
        {props.sum}
      </p>
      <button type="button" class="primary" disabled={props.disabled || busy} onClick={() => void onClick()}>
        {props.label}
      </button>
    </div>
  )
}
