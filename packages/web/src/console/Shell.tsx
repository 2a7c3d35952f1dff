import { Outlet, useRouterState } from '@tanstack/react-router'
import type { Me } from '@vigil/contract'
import { Button, Drawer } from 'antd'
import { useEffect, useState } from 'react'
import { t } from '../text.ts'
import { listen } from './kernel/live.ts'
import { menu } from './menu.ts'
import { AlertBadge } from './modules/alert/AlertBadge.tsx'
import { AlertToast } from './modules/alert/AlertToast.tsx'
import { ReauthDialog } from './modules/me/ReauthDialog.tsx'
import { StuckBadge } from './modules/sharing/StuckBadge.tsx'
import { Topbar } from './Topbar.tsx'
import { Icon, Sign } from './ui/icons.tsx'
import { ScopeLink } from './ui/ScopeLink.tsx'

function Modules({ me, onGo, label }: { me: Me; onGo?: () => void; label: string }) {
  return (
    <nav className="modules" aria-label={label}>
      {menu.map((group) => {
        const items = group.items.filter(
          ({ permission }) => !permission || [permission].flat().some((one) => me.permissions.includes(one)),
        )
        return items.length ? (
          <div key={group.name} className="module-group">
            <div className="module-group-name">{group.name}</div>
            {items.map((item) => (
              <ScopeLink key={item.to} to={item.to} className="module" {...(onGo ? { onClick: onGo } : {})}>
                <Icon name={item.icon} />
                {item.name}
                {item.to === '/sharing' ? <StuckBadge /> : null}
                {item.to === '/alerts' ? <AlertBadge /> : null}
              </ScopeLink>
            ))}
          </div>
        ) : null
      })}
    </nav>
  )
}

function Brand() {
  return (
    <div className="brand">
      <Sign />
      <div>
        <strong>{t('守望')}</strong>
        <span>{t('监管端')}</span>
      </div>
    </div>
  )
}

/** Frame of the signed-in console: modules at the left, area and period at the top, the page. */
export default function Shell({ me }: { me: Me }) {
  const [drawer, setDrawer] = useState(false)
  const path = useRouterState({ select: (state) => state.location.pathname })
  const watching = me.permissions.includes('overview.read') || me.permissions.includes('purchase.read')
  useEffect(() => (watching ? listen() : undefined), [watching])
  return (
    <div className="shell">
      <a className="skip" href="#content">
        {t('跳到正文')}
      </a>
      <aside className="side">
        <Brand />
        <Modules me={me} label={t('模块')} />
      </aside>
      <div className="main">
        <Topbar
          me={me}
          path={path}
          watching={watching}
          menuButton={
            <Button
              className="menu-button"
              aria-label={t('打开菜单')}
              icon={<Icon name="menu" />}
              onClick={() => setDrawer(true)}
            />
          }
        />
        <main id="content" tabIndex={-1}>
          <Outlet />
        </main>
      </div>
      <Drawer
        open={drawer}
        onClose={() => setDrawer(false)}
        placement="left"
        size={260}
        title={t('守望 · 监管端')}
        rootClassName="menu-drawer"
      >
        <Modules me={me} label={t('模块菜单')} onGo={() => setDrawer(false)} />
      </Drawer>
      <ReauthDialog />
      <AlertToast />
    </div>
  )
}
