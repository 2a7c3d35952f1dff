import type { LedgerStep } from './ledger.book.ts'

/** What an event means for the ledger, before it is known of what and where. */
export type Meaning =
  | 'receive'
  | 'accept'
  | 'ship'
  | 'return'
  | 'sell'
  | 'sample'
  | 'lose'
  | 'destroy'
  | 'transform'
  | 'label'
  | 'seen'
  | 'count'
  | 'handled'
  | 'unsupported'

/** Steps that happen to goods that lie where they are, and so before their release too. */
const quiet = new Set([
  'commissioning',
  'encoding',
  'packing',
  'storing',
  'holding',
  'inspecting',
  'sensor_reporting',
  'arriving',
  'unloading',
])
const lost = new Set(['stolen', 'damaged', 'unavailable', 'disposed', 'unknown'])

/** Reads the business step, disposition and action of an event (CBV 2.0) as what the ledger makes of it. */
export function meaningOf({ kind, action, bizStep, disposition }: LedgerStep): Meaning {
  if (kind === 'TransformationEvent') return 'transform'
  if (bizStep === 'void_shipping') return 'unsupported'
  if (kind === 'AggregationEvent' && (bizStep === 'packing' || bizStep === 'unpacking' || bizStep === null))
    return 'label'
  if (bizStep === 'receiving') return 'receive'
  if (bizStep === 'accepting') return 'accept'
  if (bizStep === 'shipping' || bizStep === 'consigning') return disposition === 'returned' ? 'return' : 'ship'
  if (bizStep === 'retail_selling' || bizStep === 'dispensing' || disposition === 'retail_sold') return 'sell'
  if (bizStep === 'stock_taking' || bizStep === 'cycle_counting') return 'count'
  if (bizStep === 'sampling') return 'sample'
  if (bizStep === 'destroying' || disposition === 'destroyed') return 'destroy'
  if (bizStep === 'decommissioning' || (action === 'DELETE' && disposition !== null && lost.has(disposition)))
    return 'lose'
  if (action === 'DELETE' && kind === 'ObjectEvent') return 'unsupported'
  return bizStep !== null && quiet.has(bizStep) ? 'seen' : 'handled'
}
