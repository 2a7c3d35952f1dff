import type { Contract } from '@vigil/contract'
import { accessHandlers, accountImport } from './kernel/access/index.ts'
import { areaHandlers, areaImport } from './kernel/area/index.ts'
import { fileHandlers } from './kernel/file/index.ts'
import type { Handlers } from './kernel/http/handler.ts'
import type { OpenKernel } from './kernel/open.ts'
import { partyHandlers, partyImport } from './kernel/party/index.ts'
import { auditHandlers } from './modules/audit/index.ts'
import { createExporter, type Exporter, exportHandlers, seedTemplates, startExports } from './modules/export/index.ts'
import { importHandlers, type Kinds, startImports } from './modules/import/index.ts'
import { type Notices, openNotices } from './modules/notice/index.ts'
import { openPharmacy, pharmacyImports } from './modules/pharmacy/index.ts'
import { openSharing, type Sharing } from './modules/sharing/index.ts'
import { vaultHandlers } from './modules/vault/index.ts'

export interface Modules {
  readonly handlers: Handlers<Contract>
  readonly pharmacy: Awaited<ReturnType<typeof openPharmacy>>
  readonly exporter: Exporter
  readonly sharing: Sharing
  readonly notices: Notices
  /** What can be imported from files, by name. */
  readonly imports: Kinds
  close(): Promise<void>
}

/** The only list of modules: what each one handles, and what it does in the background. */
export async function openModules(kernel: OpenKernel, logError: (error: unknown) => void): Promise<Modules> {
  const pharmacy = await openPharmacy(kernel, logError)
  const exporter = createExporter(kernel, pharmacy.purchases)
  await seedTemplates(exporter)
  const stopExports = await startExports(exporter, logError)
  const sharing = openSharing(exporter, logError)
  const notices = openNotices(kernel)
  const kinds = [
    ...pharmacyImports(kernel, pharmacy.purchases),
    areaImport(kernel),
    partyImport(kernel),
    accountImport(kernel),
  ]
  const imports: Kinds = new Map(kinds.map((kind) => [kind.name, kind]))
  const stopImports = await startImports(kernel, imports, logError)
  return {
    pharmacy,
    imports,
    exporter,
    sharing,
    notices,
    handlers: {
      ...accessHandlers(kernel),
      ...areaHandlers(kernel),
      ...partyHandlers(kernel),
      ...pharmacy.handlers,
      ...exportHandlers(exporter),
      ...importHandlers(kernel, imports),
      ...fileHandlers(kernel),
      ...auditHandlers(kernel),
      ...vaultHandlers(kernel),
      ...sharing.handlers,
      ...notices.handlers,
    },
    close: async () => {
      stopImports()
      stopExports()
      await sharing.close()
      await pharmacy.close()
    },
  }
}
