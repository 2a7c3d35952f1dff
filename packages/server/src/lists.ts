import type { Kernel } from './kernel/kernel.ts'
import { alertList, responseList } from './modules/alert/index.ts'
import { complianceList, measureList } from './modules/compliance/index.ts'
import { type Exportable, exportable } from './modules/export/index.ts'
import type { Reference } from './modules/pharmacy/index.ts'
import { ruleList, scanList } from './modules/surveillance/index.ts'

/** Lists of modules that the export cannot know, because they themselves stand on it. */
export const moreLists = ({ clock }: Pick<Kernel, 'clock'>, reference: Reference): readonly Exportable[] => [
  exportable(alertList(reference)),
  exportable(complianceList(reference)),
  exportable(measureList(reference)),
  exportable(responseList(reference, () => clock.now())),
  exportable(ruleList(reference)),
  exportable(scanList(reference)),
]
