import type { importRoutes } from '@vigil/contract'
import type { Handlers } from '../../kernel/http/handler.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import { downloadHandout } from './import.handout.ts'
import type { Kinds } from './import.job.ts'
import { downloadErrors, listImports, lookImport, readImport } from './import.read.ts'
import { cancelImport, mapImport, startImport } from './import.service.ts'
import { createImport } from './import.upload.ts'

export const importHandlers = (kernel: Kernel, kinds: Kinds): Handlers<typeof importRoutes> => ({
  'import.create': ({ caller, query, upload }) => createImport(kernel, kinds, caller, query.kind, upload),
  'import.list': ({ caller, query }) => listImports(kernel, kinds, caller, query),
  'import.read': ({ caller, params }) => readImport(kernel, kinds, caller, params.id),
  'import.look': ({ caller, params }) => lookImport(kernel, kinds, caller, params.id),
  'import.map': ({ caller, params, body }) => mapImport(kernel, kinds, caller, params.id, body),
  'import.check': ({ caller, params }) => startImport(kernel, kinds, caller, params.id, 'check'),
  'import.run': ({ caller, params }) => startImport(kernel, kinds, caller, params.id, 'run'),
  'import.cancel': ({ caller, params }) => cancelImport(kernel, kinds, caller, params.id),
  'import.handout': ({ caller, params }) => downloadHandout(kernel, kinds, caller, params.id),
  'import.errors': ({ caller, params }) => downloadErrors(kernel, kinds, caller, params.id),
})
