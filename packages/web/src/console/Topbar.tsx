import { useMutation, useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import type { Me } from '@vigil/contract'
import { Button, Dropdown, Tag } from 'antd'
import type { ReactNode } from 'react'
import { t } from '../text.ts'
import { call } from './kernel/api.ts'
import { lineage } from './kernel/areas.ts'
import { useLive } from './kernel/live.ts'
import { keys } from './kernel/query.ts'
import { useScope, useSetSearch } from './kernel/scope.ts'
import { leave } from './kernel/session.ts'
import { Tray } from './modules/export/Tray.tsx'
import { AreaPicker } from './ui/AreaPicker.tsx'
import { Icon } from './ui/icons.tsx'
import { Mark } from './ui/Mark.tsx'
import { PeriodPicker } from './ui/PeriodPicker.tsx'

const liveNames = { live: t('实时'), connecting: t('连接中'), retrying: t('重连中') } as const
/** Pages that show an area, and those that show a period as well. */
const byArea = [
  '/',
  '/purchases',
  '/alerts',
  '/response',
  '/followups',
  '/followups/rules',
  '/stores',
  '/accounts',
  '/parties',
  '/clinics',
  '/opening',
  '/staff',
  '/compliance',
  '/compliance-measures',
  '/stop-sales',
  '/stop-sale-tasks',
  '/reimbursements',
  '/coldchain',
  '/coldchain/recalls',
  '/coldchain/mocks',
]
const byPeriod = ['/', '/purchases', '/response', '/audit', '/opening', '/staff', '/reimbursements', '/coldchain']

function Breadcrumb() {
  const scope = useScope()
  const setSearch = useSetSearch()
  const line = lineage(scope.areas, scope.area)
  const store = useQuery({
    queryKey: [...keys.stores, 'one', scope.store],
    queryFn: () => call('store.read', { params: { code: scope.store ?? '' } }),
    enabled: scope.store !== undefined,
    retry: false,
  })
  if (line.length < 2 && !scope.store) return null
  return (
    <nav className="crumbs" aria-label={t('所在区划')}>
      <ol>
        {line.map((area, index) => (
          <li key={area.code}>
            {index < line.length - 1 || scope.store ? (
              <button type="button" onClick={() => setSearch({ area: area.code, store: undefined })}>
                {area.name}
              </button>
            ) : (
              <span aria-current="location">{area.name}</span>
            )}
          </li>
        ))}
        {scope.store ? (
          <li>
            <Tag closable={{ 'aria-label': t('不限药店') }} onClose={() => setSearch({ store: undefined })}>
              {store.data?.name ?? scope.store}
            </Tag>
          </li>
        ) : null}
      </ol>
    </nav>
  )
}

function LiveMark() {
  const live = useLive()
  return (
    <span className={`live ${live}`} role="status" title={t('新登记会在两秒内显示')}>
      <i aria-hidden="true" />
      {liveNames[live]}
    </span>
  )
}

/** Area, period, state of the live connection, messages, and the own account. */
export function Topbar({
  me,
  path,
  watching,
  menuButton,
}: {
  readonly me: Me
  readonly path: string
  readonly watching: boolean
  readonly menuButton: ReactNode
}) {
  const scope = useScope()
  const setSearch = useSetSearch()
  const navigate = useNavigate()
  const signOut = useMutation({
    mutationFn: () => call('session.delete'),
    onSettled: () => {
      leave()
      void navigate({ to: '/', search: {} as never })
    },
  })
  return (
    <header className="topbar">
      <div className="topbar-row">
        {menuButton}
        <div className="pickers">
          {byArea.includes(path) ? (
            <AreaPicker
              areas={scope.areas}
              value={scope.area}
              onChange={(area) => setSearch({ area, store: undefined })}
            />
          ) : null}
          {byPeriod.includes(path) ? (
            <PeriodPicker value={scope} onChange={(period) => setSearch({ ...period })} />
          ) : null}
        </div>
        <div className="topbar-end">
          {me.demo ? <Mark tone="warn">{t('演示数据')}</Mark> : null}
          {watching ? <LiveMark /> : null}
          {me.permissions.includes('purchase.export') ? <Tray /> : null}
          <Dropdown
            trigger={['click']}
            menu={{
              items: [{ key: 'me', label: t('我的账号') }, { type: 'divider' }, { key: 'out', label: t('退出登录') }],
              onClick: ({ key }) => {
                if (key === 'out') signOut.mutate()
                else void navigate({ to: '/me' })
              },
            }}
          >
            <Button type="text" className="who" aria-label={t('账号：{displayName}', { displayName: me.displayName })}>
              <Icon name="account" />
              <span className="who-name">{me.displayName}</span>
              <Icon name="down" size={12} />
            </Button>
          </Dropdown>
        </div>
      </div>
      {byArea.includes(path) ? <Breadcrumb /> : null}
    </header>
  )
}
