import type { Contract } from '@vigil/contract'
import { accessHandlers, accountImport } from './kernel/access/index.ts'
import { areaHandlers, areaImport } from './kernel/area/index.ts'
import { fileHandlers } from './kernel/file/index.ts'
import type { Handlers } from './kernel/http/handler.ts'
import type { OpenKernel } from './kernel/open.ts'
import { partyHandlers, partyImport } from './kernel/party/index.ts'
import { moreLists } from './lists.ts'
import { type Alerts, openAlerts } from './modules/alert/index.ts'
import { auditHandlers } from './modules/audit/index.ts'
import { type Channel, openChannel, tell, tellNearest } from './modules/channel/index.ts'
import { type Coldchain, ledgerGuard, nationalTable, openColdchain, sensorGuard } from './modules/coldchain/index.ts'
import { type Compliance, openCompliance } from './modules/compliance/index.ts'
import { type Epcis, openEpcis } from './modules/epcis/index.ts'
import {
  createExporter,
  type Exporter,
  exportable,
  exportHandlers,
  seedTemplates,
  startExports,
} from './modules/export/index.ts'
import { type Followups, openFollowups } from './modules/followup/index.ts'
import { importHandlers, type Kinds, runningScopes, startImports } from './modules/import/index.ts'
import { type Notices, openNotices } from './modules/notice/index.ts'
import { type Opening, openOpening } from './modules/opening/index.ts'
import { openPharmacy, pharmacyImports } from './modules/pharmacy/index.ts'
import { openSharing, type Sharing } from './modules/sharing/index.ts'
import { openStaff, staffImport, staffResultImport } from './modules/staff/index.ts'
import { openStopSales, type StopSales } from './modules/stopsale/index.ts'
import { openSurveillance, type Surveillance } from './modules/surveillance/index.ts'
import { vaultHandlers } from './modules/vault/index.ts'

export interface Modules {
  readonly handlers: Handlers<Contract>
  readonly pharmacy: Awaited<ReturnType<typeof openPharmacy>>
  readonly exporter: Exporter
  readonly sharing: Sharing
  readonly alerts: Alerts
  readonly surveillance: Surveillance
  readonly channel: Channel
  readonly stopSales: StopSales
  readonly followups: Followups
  readonly notices: Notices
  readonly opening: Opening
  readonly compliance: Compliance
  readonly epcis: Epcis
  readonly coldchain: Coldchain
  /** What can be imported from files, by name. */
  readonly imports: Kinds
  close(): Promise<void>
}

/** The only list of modules: what each one handles, and what it does in the background. */
export async function openModules(kernel: OpenKernel, logError: (error: unknown) => void): Promise<Modules> {
  const pharmacy = await openPharmacy(kernel, logError)
  const stopSales = await openStopSales(kernel, pharmacy.purchases)
  const exporter = createExporter(kernel, pharmacy.purchases, [
    ...stopSales.lists(exportable),
    ...moreLists(kernel, pharmacy.purchases.reference),
  ])
  await seedTemplates(exporter, [nationalTable])
  const stopExports = await startExports(exporter, logError)
  const sharing = openSharing(exporter, logError)
  const { courier } = sharing
  const followups = openFollowups(kernel, pharmacy.purchases.reference, { tell, tellNearest, courier }, logError)
  const notices = openNotices(kernel)
  const compliance = await openCompliance(kernel, pharmacy.purchases, notices, logError)
  const { reference } = pharmacy.purchases
  const channel = openChannel(kernel, reference, logError)
  const alerts = openAlerts(kernel, reference, notices, logError)
  const surveillance = openSurveillance(
    kernel,
    pharmacy.purchases,
    { onEvaluated: alerts.applySignals, importing: () => runningScopes(kernel, 'purchase') },
    logError,
  )
  const opening = openOpening(kernel, reference, tell, logError)
  const staff = openStaff(kernel, reference, logError)
  const epcis = openEpcis(kernel, { guards: [ledgerGuard, sensorGuard], logError })
  const coldchain = openColdchain(kernel, reference, epcis, channel.contacts, logError)
  const kinds = [
    ...pharmacyImports(kernel, pharmacy.purchases),
    areaImport(kernel),
    partyImport(kernel),
    accountImport(kernel),
    ...stopSales.imports,
    staffImport(kernel, reference),
    staffResultImport(kernel),
    ...coldchain.imports,
  ]
  const imports: Kinds = new Map(kinds.map((kind) => [kind.name, kind]))
  const stopImports = await startImports(kernel, imports, logError)
  return {
    pharmacy,
    imports,
    exporter,
    sharing,
    alerts,
    surveillance,
    channel,
    stopSales,
    followups,
    notices,
    opening,
    compliance,
    epcis,
    coldchain,
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
      ...alerts.handlers,
      ...surveillance.handlers,
      ...channel.handlers,
      ...stopSales.handlers,
      ...followups.handlers,
      ...notices.handlers,
      ...compliance.handlers,
      ...opening.handlers,
      ...staff.handlers,
      ...epcis.handlers,
      ...coldchain.handlers,
    },
    close: async () => {
      stopImports()
      stopExports()
      coldchain.close()
      await epcis.close()
      await staff.close()
      await opening.close()
      await surveillance.close()
      await alerts.close()
      await channel.close()
      await sharing.close()
      await compliance.close()
      stopSales.close()
      await followups.close()
      await pharmacy.close()
    },
  }
}
