import { type ReactNode, useEffect } from 'react'
import { t } from '../../text.ts'

interface Props {
  readonly title: string
  /** One sentence under the title. */
  readonly note?: ReactNode
  readonly actions?: ReactNode
  readonly children: ReactNode
}

/** Sets the title of the browser tab. */
export function useTitle(title: string): void {
  useEffect(() => {
    document.title = t('{title} · 守望', { title })
  }, [title])
}

/** Frame of every page: heading, actions, content; names the tab. */
export function Page({ title, note, actions, children }: Props) {
  useTitle(title)
  return (
    <div className="page">
      <header className="page-head">
        <div className="page-title">
          <h1>{title}</h1>
          {note ? <p>{note}</p> : null}
        </div>
        {actions ? <div className="page-actions">{actions}</div> : null}
      </header>
      {children}
    </div>
  )
}

/** White panel with an optional heading. */
export function Panel({
  title,
  extra,
  children,
  flush = false,
}: {
  readonly title?: ReactNode
  readonly extra?: ReactNode
  readonly children: ReactNode
  /** Without inner margin, for tables. */
  readonly flush?: boolean
}) {
  return (
    <section className="panel">
      {title || extra ? (
        <div className="panel-head">
          <h2>{title}</h2>
          {extra ? <div className="panel-extra">{extra}</div> : null}
        </div>
      ) : null}
      <div className={flush ? 'panel-body flush' : 'panel-body'}>{children}</div>
    </section>
  )
}
