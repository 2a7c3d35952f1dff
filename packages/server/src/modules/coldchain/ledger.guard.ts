import { type EpcisEvent, toShortName } from '@vigil/epcis/document'
import { canonicalUri } from '@vigil/epcis/identifier'
import { stepOf } from '@vigil/epcis/trace'
import { beyondScope } from '../../kernel/db/index.ts'
import { type CapturedEvent, type CaptureGuard, EventsRefused, type Refusal } from '../epcis/index.ts'
import type { LedgerStep } from './ledger.book.ts'
import { applyStep } from './ledger.domain.ts'
import { loadBook } from './ledger.load.ts'
import { storeBook } from './ledger.store.ts'

/** Despatch advice that an event names, canonical. */
function adviceOf(event: EpcisEvent): string | null {
  const list = 'bizTransactionList' in event ? (event.bizTransactionList ?? []) : []
  const found = list.find(({ type }) => type !== undefined && toShortName('bizTransactionType', type) === 'desadv')
  return found ? (canonicalUri(found.bizTransaction) ?? found.bizTransaction) : null
}

const ledgerStep = ({ hash, event }: CapturedEvent): LedgerStep => ({
  ...stepOf({ id: hash, event }),
  hash,
  advice: adviceOf(event),
})

/**
 * Passes new events through gate and ledger, whoever sends them. A declaration of error moves nothing: what it takes back is
 * put right by events of its own.
 * @throws EventsRefused that names each event which may not be
 */
export const ledgerGuard: CaptureGuard = (tx, captured, { by }) =>
  beyondScope(tx, async () => {
    const real = captured.filter(({ event }) => event.errorDeclaration === undefined)
    const steps = real.map(ledgerStep)
    const book = steps.length === 0 ? undefined : await loadBook(tx, steps)
    if (!book) return
    const refusals = steps.flatMap((step, index): Refusal[] => {
      const refused = applyStep(book, step)
      if (!refused) return []
      const { rule, message, uri } = refused
      const { position, hash } = real[index]!
      return [{ position, hash, path: '', rule, message: uri === null ? message : `${message}（${uri}）` }]
    })
    if (refusals.length > 0) throw new EventsRefused(refusals)
    await storeBook(tx, book, by, new Date(Math.max(...steps.map(({ time }) => time))))
  })
