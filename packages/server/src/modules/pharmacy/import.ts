import type { ImportKind } from '../../kernel/import/index.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import { clinicImport } from './clinic.service.ts'
import { drugImport } from './drug.route.ts'
import { purchaseImport } from './purchase.import.ts'
import type { Purchases } from './purchase.module.ts'
import { storeImport } from './store.service.ts'

/** What can be imported into this module. */
export const pharmacyImports = (kernel: Kernel, purchases: Purchases): ImportKind[] => [
  purchaseImport(kernel, purchases),
  storeImport(kernel, purchases.reference),
  drugImport(kernel, purchases.reference),
  clinicImport(kernel, purchases.reference),
]
