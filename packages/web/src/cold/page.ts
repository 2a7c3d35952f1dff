import type { ComponentType } from 'preact'
import type { IconName } from '../device/Icon.tsx'
import type { Holder } from './state.ts'

export interface PageProps {
  /** Business for which the page acts. */
  readonly holder: Holder
  /** What stands in the address for the parts of `path` with a colon. */
  readonly params: Readonly<Record<string, string>>
}

/** A page of the desk. */
export interface ColdPage {
  /** Below /cold: `/stock`, `/declarations/:id`. */
  readonly path: string
  readonly title: () => string
  /** Whose page it is; everybody's when left out. */
  readonly kinds?: readonly Holder['kind'][]
  /** Its place in the bar; the first four stand at the thumb, the rest behind 更多. */
  readonly nav?: { readonly label: () => string; readonly icon: IconName; readonly order: number }
  /** Where the arrow leads; no arrow without. */
  readonly up?: string
  readonly view: () => Promise<{ readonly default: ComponentType<PageProps> }>
}
