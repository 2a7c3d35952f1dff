import type { List } from '../../kernel/export/index.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import type { Reference } from '../pharmacy/index.ts'
import { declarationList, lotList } from './export.lot.ts'
import { sortableList } from './export.sortable.ts'
import { movementList, stockList } from './export.stock.ts'
import { temperatureList } from './export.temperature.ts'
import { gapList, recallList, tallyList, violationList } from './export.watch.ts'

/** The lists of the cold chain that can be taken out, each in the form that `form` gives it. */
export const coldLists = <T>(kernel: Kernel, reference: Reference, form: <R>(list: List<R>) => T): T[] => [
  form(declarationList(kernel, reference)),
  form(lotList(reference)),
  form(stockList(reference)),
  form(movementList(reference)),
  form(gapList(kernel, reference)),
  form(violationList(reference)),
  form(recallList(reference)),
  form(temperatureList(reference)),
  form(tallyList(reference)),
  form(sortableList(reference)),
]
