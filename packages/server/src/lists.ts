import type { Kernel } from './kernel/kernel.ts'
import { alertList, responseList } from './modules/alert/index.ts'
import { coldLists } from './modules/coldchain/index.ts'
import { complianceList, measureList } from './modules/compliance/index.ts'
import { type Exportable, exportable } from './modules/export/index.ts'
import type { Reference } from './modules/pharmacy/index.ts'
import { ruleList, scanList } from './modules/surveillance/index.ts'

/** Lists of modules that the export cannot know, because they themselves stand on it. */
export const moreLists = (kernel: Kernel, reference: Reference): readonly Exportable[] => [
  exportable(alertList(reference)),
  exportable(complianceList(reference)),
  exportable(measureList(reference)),
  exportable(responseList(reference, () => kernel.clock.now())),
  exportable(ruleList(reference)),
  exportable(scanList(reference)),
  ...coldLists(kernel, reference, exportable),
]
