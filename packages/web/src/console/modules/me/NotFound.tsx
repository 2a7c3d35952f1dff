import { Link } from '@tanstack/react-router'
import { t } from '../../../text.ts'
import { useTitle } from '../../ui/Page.tsx'

/** Page for an address that leads nowhere. */
export function NotFound() {
  useTitle(t('没有这个页面'))
  return (
    <div className="state" role="alert">
      <h1>{t('没有这个页面')}</h1>
      <span>{t('网址可能写错了，或内容不在你的辖区内。')}</span>
      <Link to="/">{t('回到总览')}</Link>
    </div>
  )
}
