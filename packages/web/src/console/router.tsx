import { createRootRoute, createRoute, createRouter, lazyRouteComponent, Outlet } from '@tanstack/react-router'
import { Gate } from './Gate.tsx'
import { readSearch } from './kernel/scope.ts'
import { NotFound } from './modules/me/NotFound.tsx'
import { ErrorState, Loading } from './ui/states.tsx'

const root = createRootRoute({ component: Outlet, validateSearch: readSearch, notFoundComponent: NotFound })
const inside = createRoute({ getParentRoute: () => root, id: 'inside', component: Gate })
const under = () => inside

const invite = createRoute({
  getParentRoute: () => root,
  path: '/invite',
  component: lazyRouteComponent(() => import('./modules/me/InvitePage.tsx'), 'InvitePage'),
})

const screen = createRoute({
  getParentRoute: () => root,
  path: '/screen',
  component: lazyRouteComponent(() => import('./modules/screen/ScreenPage.tsx'), 'ScreenPage'),
})

const pages = [
  createRoute({
    getParentRoute: under,
    path: '/',
    component: lazyRouteComponent(() => import('./modules/overview/OverviewPage.tsx'), 'OverviewPage'),
  }),
  createRoute({
    getParentRoute: under,
    path: '/alerts',
    component: lazyRouteComponent(() => import('./modules/alert/AlertPage.tsx'), 'AlertPage'),
  }),
  createRoute({
    getParentRoute: under,
    path: '/alerts/$id',
    component: lazyRouteComponent(() => import('./modules/alert/OneAlertPage.tsx'), 'OneAlertPage'),
  }),
  createRoute({
    getParentRoute: under,
    path: '/response',
    component: lazyRouteComponent(() => import('./modules/alert/ResponsePage.tsx'), 'ResponsePage'),
  }),
  createRoute({
    getParentRoute: under,
    path: '/channels',
    component: lazyRouteComponent(() => import('./modules/channel/ChannelPage.tsx'), 'ChannelPage'),
  }),
  createRoute({
    getParentRoute: under,
    path: '/purchases',
    component: lazyRouteComponent(() => import('./modules/purchase/PurchasePage.tsx'), 'PurchasePage'),
  }),
  createRoute({
    getParentRoute: under,
    path: '/stores',
    component: lazyRouteComponent(() => import('./modules/store/StorePage.tsx'), 'StorePage'),
  }),
  createRoute({
    getParentRoute: under,
    path: '/opening',
    component: lazyRouteComponent(() => import('./modules/opening/OpeningPage.tsx'), 'OpeningPage'),
  }),
  createRoute({
    getParentRoute: under,
    path: '/staff',
    component: lazyRouteComponent(() => import('./modules/staff/StaffPage.tsx'), 'StaffPage'),
  }),
  createRoute({
    getParentRoute: under,
    path: '/compliance',
    component: lazyRouteComponent(() => import('./modules/compliance/CompliancePage.tsx'), 'CompliancePage'),
  }),
  createRoute({
    getParentRoute: under,
    path: '/compliance/$code',
    component: lazyRouteComponent(() => import('./modules/compliance/StoreConductPage.tsx'), 'StoreConductPage'),
  }),
  createRoute({
    getParentRoute: under,
    path: '/compliance-measures',
    component: lazyRouteComponent(() => import('./modules/compliance/MeasurePage.tsx'), 'MeasurePage'),
  }),
  createRoute({
    getParentRoute: under,
    path: '/compliance-rules',
    component: lazyRouteComponent(() => import('./modules/compliance/RulePage.tsx'), 'RulePage'),
  }),
  createRoute({
    getParentRoute: under,
    path: '/clinics',
    component: lazyRouteComponent(() => import('./modules/store/ClinicPage.tsx'), 'ClinicPage'),
  }),
  createRoute({
    getParentRoute: under,
    path: '/drugs',
    component: lazyRouteComponent(() => import('./modules/drug/DrugPage.tsx'), 'DrugPage'),
  }),
  createRoute({
    getParentRoute: under,
    path: '/duties',
    component: lazyRouteComponent(() => import('./modules/duty/DutyPage.tsx'), 'DutyPage'),
  }),
  createRoute({
    getParentRoute: under,
    path: '/rules',
    component: lazyRouteComponent(() => import('./modules/surveillance/RulePage.tsx'), 'RulePage'),
  }),
  createRoute({
    getParentRoute: under,
    path: '/scans',
    component: lazyRouteComponent(() => import('./modules/surveillance/ScanPage.tsx'), 'ScanPage'),
  }),
  createRoute({
    getParentRoute: under,
    path: '/exports',
    component: lazyRouteComponent(() => import('./modules/export/ExportPage.tsx'), 'ExportPage'),
  }),
  createRoute({
    getParentRoute: under,
    path: '/export-templates',
    component: lazyRouteComponent(() => import('./modules/export/TemplatePage.tsx'), 'TemplatePage'),
  }),
  createRoute({
    getParentRoute: under,
    path: '/sharing',
    component: lazyRouteComponent(() => import('./modules/sharing/SharingPage.tsx'), 'SharingPage'),
  }),
  createRoute({
    getParentRoute: under,
    path: '/stop-sales',
    component: lazyRouteComponent(() => import('./modules/stopsale/StopSalePage.tsx'), 'StopSalePage'),
  }),
  createRoute({
    getParentRoute: under,
    path: '/stop-sales/$id',
    component: lazyRouteComponent(() => import('./modules/stopsale/OrderPage.tsx'), 'OrderPage'),
  }),
  createRoute({
    getParentRoute: under,
    path: '/stop-sale-tasks',
    component: lazyRouteComponent(() => import('./modules/stopsale/CheckPage.tsx'), 'CheckPage'),
  }),
  createRoute({
    getParentRoute: under,
    path: '/reimbursements',
    component: lazyRouteComponent(() => import('./modules/stopsale/ReimbursementPage.tsx'), 'ReimbursementPage'),
  }),
  createRoute({
    getParentRoute: under,
    path: '/followups',
    component: lazyRouteComponent(() => import('./modules/followup/FollowupPage.tsx'), 'FollowupPage'),
  }),
  createRoute({
    getParentRoute: under,
    path: '/followups/rules',
    component: lazyRouteComponent(() => import('./modules/followup/RulesPage.tsx'), 'RulesPage'),
  }),
  createRoute({
    getParentRoute: under,
    path: '/followups/$id',
    component: lazyRouteComponent(() => import('./modules/followup/PersonPage.tsx'), 'PersonPage'),
  }),
  createRoute({
    getParentRoute: under,
    path: '/imports',
    component: lazyRouteComponent(() => import('./modules/import/ImportPage.tsx'), 'ImportPage'),
  }),
  createRoute({
    getParentRoute: under,
    path: '/imports/$id',
    component: lazyRouteComponent(() => import('./modules/import/RunPage.tsx'), 'RunPage'),
  }),
  createRoute({
    getParentRoute: under,
    path: '/accounts',
    component: lazyRouteComponent(() => import('./modules/account/AccountPage.tsx'), 'AccountPage'),
  }),
  createRoute({
    getParentRoute: under,
    path: '/roles',
    component: lazyRouteComponent(() => import('./modules/account/RolePage.tsx'), 'RolePage'),
  }),
  createRoute({
    getParentRoute: under,
    path: '/api-keys',
    component: lazyRouteComponent(() => import('./modules/account/ApiKeyPage.tsx'), 'ApiKeyPage'),
  }),
  createRoute({
    getParentRoute: under,
    path: '/coldchain',
    component: lazyRouteComponent(() => import('./modules/coldchain/ColdchainPage.tsx'), 'ColdchainPage'),
  }),
  createRoute({
    getParentRoute: under,
    path: '/coldchain/trace',
    component: lazyRouteComponent(() => import('./modules/coldchain/TracePage.tsx'), 'TracePage'),
  }),
  createRoute({
    getParentRoute: under,
    path: '/coldchain/recalls',
    component: lazyRouteComponent(() => import('./modules/coldchain/RecallsPage.tsx'), 'RecallsPage'),
  }),
  createRoute({
    getParentRoute: under,
    path: '/coldchain/recalls/$id',
    component: lazyRouteComponent(() => import('./modules/coldchain/RecallPage.tsx'), 'RecallPage'),
  }),
  createRoute({
    getParentRoute: under,
    path: '/coldchain/mocks',
    component: lazyRouteComponent(() => import('./modules/coldchain/MockPage.tsx'), 'MockPage'),
  }),
  createRoute({
    getParentRoute: under,
    path: '/coldchain/$id',
    component: lazyRouteComponent(() => import('./modules/coldchain/LotPage.tsx'), 'LotPage'),
  }),
  createRoute({
    getParentRoute: under,
    path: '/areas',
    component: lazyRouteComponent(() => import('./modules/area/AreaPage.tsx'), 'AreaPage'),
  }),
  createRoute({
    getParentRoute: under,
    path: '/parties',
    component: lazyRouteComponent(() => import('./modules/party/PartyPage.tsx'), 'PartyPage'),
  }),
  createRoute({
    getParentRoute: under,
    path: '/audit',
    component: lazyRouteComponent(() => import('./modules/audit/AuditPage.tsx'), 'AuditPage'),
  }),
  createRoute({
    getParentRoute: under,
    path: '/vault',
    component: lazyRouteComponent(() => import('./modules/vault/VaultPage.tsx'), 'VaultPage'),
  }),
  createRoute({
    getParentRoute: under,
    path: '/me',
    component: lazyRouteComponent(() => import('./modules/me/MePage.tsx'), 'MePage'),
  }),
]

export const router = createRouter({
  routeTree: root.addChildren([invite, screen, inside.addChildren(pages)]),
  // Plain `area=350500`: the default would quote what looks like a number.
  parseSearch: (text) => Object.fromEntries(new URLSearchParams(text)),
  stringifySearch: (search) => {
    const filled = Object.entries(search).filter(([, value]) => value !== undefined && value !== '')
    const text = new URLSearchParams(filled.map(([key, value]) => [key, String(value)])).toString()
    return text ? `?${text}` : ''
  },
  defaultPreload: 'intent',
  defaultPendingComponent: Loading,
  defaultErrorComponent: ({ error, reset }) => <ErrorState error={error} retry={reset} />,
  scrollRestoration: true,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
