import type { exportRoutes } from '@vigil/contract'
import type { Handlers } from '../../kernel/http/handler.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import type { Purchases } from '../pharmacy/index.ts'
import { createExport, downloadExport, listExports, readExport } from './export.service.ts'

export const exportHandlers = (kernel: Kernel, purchases: Purchases): Handlers<typeof exportRoutes> => ({
  'export.create': ({ caller, body }) => createExport(kernel, purchases, caller, body),
  'export.list': ({ caller, query }) => listExports(kernel, purchases, caller, query),
  'export.read': ({ caller, params }) => readExport(kernel, purchases, caller, params.id),
  'export.download': ({ caller, params }) => downloadExport(kernel, purchases, caller, params.id),
})
