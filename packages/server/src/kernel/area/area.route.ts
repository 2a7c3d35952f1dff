import type { areaRoutes } from '@vigil/contract'
import { wholeScope } from '../access/caller.ts'
import type { Handlers } from '../http/handler.ts'
import { importFile } from '../import/index.ts'
import type { Kernel } from '../kernel.ts'
import { areaImport } from './area.import.ts'
import { listAreas } from './area.read.ts'

export const areaHandlers = (kernel: Kernel): Handlers<typeof areaRoutes> => ({
  'area.tree': async ({ caller }) => ({ items: await listAreas(kernel.db, wholeScope(caller)) }),
  'area.import': ({ caller, upload }) => importFile(kernel, areaImport(kernel), caller, upload),
})
