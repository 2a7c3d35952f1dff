import { t } from '../../text.ts'
import type { ColdPage } from '../page.ts'

const owners = ['importer', 'trader', 'processor', 'shop'] as const

/** Pages of whoever declares, holds and sells goods. */
export const deskPages: readonly ColdPage[] = [
  {
    path: '/declarations',
    title: () => t('我的申报'),
    kinds: owners,
    nav: { label: () => t('申报'), icon: 'file', order: 20 },
    view: () => import('./Declarations.tsx'),
  },
  {
    path: '/declarations/new',
    title: () => t('新申报'),
    kinds: owners,
    up: '/declarations',
    view: () => import('./DeclarePage.tsx'),
  },
  {
    path: '/declarations/:id',
    title: () => t('申报详情'),
    up: '/declarations',
    view: () => import('./DeclarationPage.tsx'),
  },
  {
    path: '/stock',
    title: () => t('我的库存'),
    nav: { label: () => t('库存'), icon: 'box', order: 30 },
    view: () => import('./Stock.tsx'),
  },
  { path: '/lots/:id', title: () => t('批次'), up: '/stock', view: () => import('./LotPage.tsx') },
  {
    path: '/lots/:id/labels',
    title: () => t('赋码与标签'),
    kinds: owners,
    up: '/stock',
    view: () => import('../warehouse/LabelPage.tsx'),
  },
  { path: '/contacts', title: () => t('召回通知方式'), up: '/', view: () => import('./Contacts.tsx') },
  { path: '/lots/:id/trade', title: () => t('办理'), up: '/stock', view: () => import('./TradePage.tsx') },
  {
    path: '/partners',
    title: () => t('往来单位与商品'),
    kinds: owners,
    nav: { label: () => t('往来'), icon: 'user', order: 60 },
    view: () => import('./Partners.tsx'),
  },
  { path: '/recalls/:id', title: () => t('召回通知'), up: '/', view: () => import('./RecallPage.tsx') },
]
