import { deskPages } from './desk/pages.ts'
import type { ColdPage } from './page.ts'
import type { Holder } from './state.ts'
import { warehousePages } from './warehouse/pages.ts'

/** All pages; the first that fits an address is shown. */
export const pages: readonly ColdPage[] = [...deskPages, ...warehousePages]

/** Whether a page is one of a kind of business. */
export const isFor = ({ kinds }: Pick<ColdPage, 'kinds'>, kind: Holder['kind']): boolean =>
  kinds === undefined || kinds.includes(kind)

/** Pages of the bar for a kind of business, in their order. */
export const barOf = (kind: Holder['kind']) =>
  pages
    .filter(
      (page): page is ColdPage & { nav: NonNullable<ColdPage['nav']> } => page.nav !== undefined && isFor(page, kind),
    )
    .sort((a, b) => a.nav.order - b.nav.order)
