/** @jsxImportSource preact */
import type { ComponentChildren } from 'preact'
import { addressOf, go } from '../router.ts'

/** A link to a page of the desk. */
export function Go(props: {
  readonly to: string
  readonly class?: string
  readonly current?: boolean
  readonly label?: string
  readonly onGo?: () => void
  readonly children: ComponentChildren
}) {
  return (
    <a
      href={addressOf(props.to)}
      class={props.class}
      aria-current={props.current ? 'page' : undefined}
      aria-label={props.label}
      onClick={(event) => {
        if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return
        event.preventDefault()
        props.onGo?.()
        go(props.to)
      }}
    >
      {props.children}
    </a>
  )
}
