import type { ColdPage } from '../page.ts'

/** Pages of the warehouse and of whoever scans. */
export const warehousePages: readonly ColdPage[] = []
