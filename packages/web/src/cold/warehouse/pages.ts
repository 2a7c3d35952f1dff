import './warehouse.css'
import { t } from '../../text.ts'
import type { ColdPage } from '../page.ts'

const sellers = ['shop', 'trader', 'processor'] as const
const warehouse = ['warehouse'] as const

/** Pages of the warehouse and of whoever scans. */
export const warehousePages: readonly ColdPage[] = [
  {
    path: '/arrivals',
    title: () => t('到货'),
    kinds: warehouse,
    nav: { label: () => t('到货'), icon: 'truck', order: 5 },
    view: () => import('./Arrivals.tsx'),
  },
  {
    path: '/arrivals/:id',
    title: () => t('入仓'),
    kinds: warehouse,
    up: '/arrivals',
    view: () => import('./EntryPage.tsx'),
  },
  {
    path: '/scan',
    title: () => t('扫码'),
    nav: { label: () => t('扫码'), icon: 'scan', order: 10 },
    view: () => import('./ScanPage.tsx'),
  },
  { path: '/scan/:code', title: () => t('这是什么'), up: '/scan', view: () => import('./ScanPage.tsx') },
  { path: '/receive', title: () => t('收货'), up: '/scan', view: () => import('./ReceiveList.tsx') },
  { path: '/receive/:dispatch', title: () => t('扫码收货'), up: '/receive', view: () => import('./ReceivePage.tsx') },
  { path: '/ship', title: () => t('扫码发货'), up: '/scan', view: () => import('./ShipPage.tsx') },
  {
    path: '/sell',
    title: () => t('扫码销售'),
    kinds: sellers,
    up: '/scan',
    view: () => import('./SellPage.tsx'),
  },
  {
    path: '/split',
    title: () => t('分装加工'),
    kinds: sellers,
    up: '/scan',
    view: () => import('./SplitPage.tsx'),
  },
  { path: '/count', title: () => t('盘点'), up: '/scan', view: () => import('./CountPage.tsx') },
  {
    path: '/house',
    title: () => t('库位'),
    kinds: warehouse,
    nav: { label: () => t('库位'), icon: 'home', order: 25 },
    view: () => import('./HousePage.tsx'),
  },
  {
    path: '/house/:id',
    title: () => t('赋码与出证'),
    kinds: warehouse,
    up: '/house',
    view: () => import('./LabelPage.tsx'),
  },
  { path: '/foreign', title: () => t('外省出仓证明'), up: '/scan', view: () => import('./ForeignPage.tsx') },
  { path: '/foreign/:number', title: () => t('外省出仓证明'), up: '/scan', view: () => import('./ForeignPage.tsx') },
  { path: '/pallets', title: () => t('托盘'), up: '/scan', view: () => import('./PalletPage.tsx') },
  { path: '/outbox', title: () => t('待上传'), up: '/scan', view: () => import('./OutboxPage.tsx') },
]
