import { contract } from '@vigil/contract'
import type { FastifyInstance } from 'fastify'
import { authenticate, type Caller, wholeScope } from './kernel/access/index.ts'
import { record } from './kernel/audit/index.ts'
import { auditOf } from './kernel/command/command.ts'
import { systemScope, withScope } from './kernel/db/index.ts'
import { createServer } from './kernel/http/server.ts'
import type { OpenKernel } from './kernel/open.ts'
import { discoveryHeaders, problemOfStandard } from './modules/epcis/index.ts'
import { type Modules, openModules } from './modules.ts'
import { consolePage, serveWeb } from './web/serve.ts'

export interface App {
  readonly http: FastifyInstance
  readonly modules: Modules
  close(): Promise<void>
}

/** The whole server over an open kernel: modules, routes, nothing listening yet. */
export async function buildApp(
  kernel: OpenKernel,
  { logError = console.error, web = false }: { logError?: (error: unknown) => void; web?: boolean } = {},
): Promise<App> {
  const modules = await openModules(kernel, logError)
  const http = await createServer(contract, modules.handlers, {
    authenticate: (request) => authenticate(kernel, request),
    refused: (caller, request, problem) =>
      recordRefusal(kernel, caller, `${request.method} ${request.routeOptions.url ?? ''}`, problem.details.code),
    trustProxy: kernel.config.trustProxy,
    problemOfStandard,
    discover: discoveryHeaders,
    sockets: modules.epcis.sockets,
    ...(web && { page: consolePage }),
    logError,
  })
  if (web) await serveWeb(http, kernel.config)
  return {
    http,
    modules,
    close: async () => {
      await http.close()
      await modules.close()
    },
  }
}

/** A signed-in caller was refused: what he tried is recorded, without the parameters. */
async function recordRefusal(
  kernel: OpenKernel,
  caller: Caller | undefined,
  route: string,
  code: string,
): Promise<void> {
  if (!caller) return
  const path = wholeScope(caller)[0] ?? '/'
  await withScope(kernel.db, systemScope, (tx) =>
    record(
      tx,
      auditOf(caller, { action: 'request.refused', object: route, path, outcome: 'refused', detail: { code } }),
    ),
  )
}
