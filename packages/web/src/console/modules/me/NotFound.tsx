import { Link } from '@tanstack/react-router'
import { useTitle } from '../../ui/Page.tsx'

/** Page for an address that leads nowhere. */
export function NotFound() {
  useTitle('没有这个页面')
  return (
    <div className="state" role="alert">
      <h1>没有这个页面</h1>
      <span>网址可能写错了，或内容不在你的辖区内。</span>
      <Link to="/">回到总览</Link>
    </div>
  )
}
