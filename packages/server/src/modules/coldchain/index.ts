import type { coldchainRoutes } from '@vigil/contract'
import { registerBusinessFacts } from '../../kernel/access/index.ts'
import { createSigner } from '../../kernel/audit/index.ts'
import type { Handlers } from '../../kernel/http/handler.ts'
import type { ImportKind } from '../../kernel/import/index.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import { repeat } from '../../kernel/loop/index.ts'
import type { Contacts } from '../channel/index.ts'
import type { EpcisRepository } from '../epcis/index.ts'
import type { Reference } from '../pharmacy/index.ts'
import { certificatePurpose } from './certificate.domain.ts'
import type { Parts } from './coldchain.parts.ts'
import { coldchainHandlers } from './coldchain.route.ts'
import type {} from './coldchain.table.ts'
import { forgetDrivers } from './declaration.read.ts'
import { keepGaps } from './gap.store.ts'
import { holderFacts } from './holder.account.ts'
import { runMocks } from './mock.service.ts'
import { remindHolders } from './recall.remind.ts'
import { coldResultImport } from './result.import.ts'

export { addBoxes } from './box.service.ts'
export { certify } from './certificate.service.ts'
export type { Parts as ColdchainParts } from './coldchain.parts.ts'
export { ownDeclaration } from './declaration.read.ts'
export { addDocument, declare } from './declaration.service.ts'
export { countArrival } from './entry.service.ts'
export { coldLists } from './export.lists.ts'
export { nationalTable } from './export.template.ts'
export { keepGaps } from './gap.store.ts'
export { holderRole } from './holder.account.ts'
export { saveGoods, saveHolder } from './holder.service.ts'
export { enterResult, recordDisinfection, takeSample } from './inspect.service.ts'
export { ledgerGuard } from './ledger.guard.ts'
export { runMocks, saveMockRule } from './mock.service.ts'
export { savePrefix } from './prefix.service.ts'
export { addContact } from './recall.contact.ts'
export { disposeRecalled } from './recall.dispose.ts'
export { closeRecall, countRecalled, openRecall } from './recall.service.ts'
export { releaseLot } from './release.service.ts'
export { sensorGuard } from './temperature.guard.ts'
export { addTemperatures } from './temperature.service.ts'
export { recordTrade } from './trade.service.ts'
export { followViolation } from './violation.follow.ts'
export { addPhoto, scan } from './violation.service.ts'

export interface Coldchain {
  readonly parts: Parts
  /** What can be imported from files. */
  readonly imports: readonly ImportKind[]
  readonly handlers: Handlers<typeof coldchainRoutes>
  close(): void
}

/** How often it is looked whether a day has begun whose list of gaps is not kept yet, in ms. */
const gapLookMs = 600_000

/** How often holders who are silent in a recall are looked for, and exercises that are due, in ms. */
const recallLookMs = 60_000

/** Opens the module for one process, over the store of events that its guard watches. */
export function openColdchain(
  kernel: Kernel,
  reference: Reference,
  repository: EpcisRepository,
  contacts: Contacts,
  logError: (error: unknown) => void = console.error,
): Coldchain {
  const signer = createSigner(kernel.vault.deriveSecret(certificatePurpose))
  kernel.vault.onShred(forgetDrivers)
  registerBusinessFacts(holderFacts(reference))
  const parts = { kernel, reference, repository, signer, contacts }
  const ends = [
    repeat(gapLookMs, () => keepGaps(parts), logError),
    repeat(recallLookMs, () => remindHolders(parts).then(() => runMocks(parts)), logError),
  ]
  const close = () => {
    for (const end of ends) end()
  }
  return { parts, imports: [coldResultImport(parts)], handlers: coldchainHandlers(parts), close }
}
