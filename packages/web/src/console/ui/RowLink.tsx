import { Button } from 'antd'
import type { ReactNode } from 'react'

/** What a row is about, as the link that opens it, and what more is said of it below. */
export function RowLink({
  children,
  more,
  mono = false,
  onOpen,
}: {
  readonly children: ReactNode
  readonly more?: ReactNode
  readonly mono?: boolean
  readonly onOpen: () => void
}) {
  return (
    <>
      <Button
        type="link"
        className={mono ? 'link mono' : 'link'}
        onClick={(event) => {
          // The row, too, opens on a click.
          event.stopPropagation()
          onOpen()
        }}
      >
        {children}
      </Button>
      {more ? <div className="muted">{more}</div> : null}
    </>
  )
}
