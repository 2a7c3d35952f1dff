import type { partyRoutes } from '@vigil/contract'
import type { Handlers } from '../http/handler.ts'
import { importFile } from '../import/index.ts'
import type { Kernel } from '../kernel.ts'
import { partyImport } from './party.import.ts'
import { listParties } from './party.read.ts'

export const partyHandlers = (kernel: Kernel): Handlers<typeof partyRoutes> => ({
  'party.list': ({ caller, query }) => listParties(kernel.db, caller, query),
  'party.import': ({ caller, upload }) => importFile(kernel, partyImport(kernel), caller, upload),
})
