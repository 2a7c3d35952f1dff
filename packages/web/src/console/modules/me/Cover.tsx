import type { ReactNode } from 'react'
import { t } from '../../../text.ts'
import { Sign } from '../../ui/icons.tsx'
import { useTitle } from '../../ui/Page.tsx'

/** Frame of the pages before the console opens: sign-in, invitation, first steps. */
export function Cover({ title, note, children }: { title: string; note?: ReactNode; children: ReactNode }) {
  useTitle(title)
  return (
    <div className="cover">
      <aside className="cover-side">
        <div className="cover-brand">
          <Sign size={44} />
          <strong>{t('守望')}</strong>
        </div>
        <p>{t('零售药店疫情防控哨点平台')}</p>
        <p className="cover-line">{t('实名登记可追溯，异常情况早发现。')}</p>
      </aside>
      <main className="cover-main">
        <div className="cover-card">
          <h1>{title}</h1>
          {note ? <p className="hint">{note}</p> : null}
          {children}
        </div>
      </main>
    </div>
  )
}
