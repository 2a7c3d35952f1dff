import type { CellValue, Column } from '../../kernel/tabular/index.ts'

/** Tracking events of 21 CFR 1.1325–1.1350 that imported goods go through, under the names of the rule. */
export const trackingEvents = ['First receipt', 'Shipping', 'Receiving', 'Transformation'] as const
export type TrackingEvent = (typeof trackingEvents)[number]

/** A holder as the sheet names it. */
export interface SortablePlace {
  readonly name: string
  /** GLN or the URI that events name it with. */
  readonly id: string
  readonly address: string
}

/** One row: one lot in one event. A transformation has a row for each lot that went in and each lot that came out of it. */
export interface SortableFact {
  /** Rows of one event have one id: the event's hash. */
  readonly event: string
  readonly kind: TrackingEvent
  readonly at: Date
  /** Traceability lot code, the lot's number and its URI. */
  readonly lotCode: string
  readonly lotUri: string
  /** Where the lot code was given. */
  readonly source: SortablePlace
  readonly product: string
  readonly gtin: string
  readonly grams: number
  /** Of a transformation: whether the lot went in or came out. */
  readonly side: 'input' | 'output' | null
  readonly from: SortablePlace | null
  readonly place: SortablePlace
  readonly to: SortablePlace | null
  /** Such as customs declaration 220220261000001234. */
  readonly documentType: string
  readonly documentNumber: string
}

type SortableColumn = Column & { readonly value: (fact: SortableFact) => CellValue }
const text = (head: string, value: SortableColumn['value'], width = 18): SortableColumn => ({
  head,
  type: 'text',
  width,
  value,
})
const place = (head: string, of: (fact: SortableFact) => SortablePlace | null): SortableColumn[] => [
  text(`${head} name`, (fact) => of(fact)?.name, 28),
  text(`${head} identifier`, (fact) => of(fact)?.id, 28),
  text(`${head} address`, (fact) => of(fact)?.address, 32),
]

/**
 * Columns of the sortable sheet that FSMA 204 wants within 24 hours (21 CFR 1.1455(c)(3)), one row per lot and event: it can be sorted by
 * lot, place, day or document. Mass is in kilograms with three places, so that every gram is in it.
 */
export const sortableColumns: readonly SortableColumn[] = [
  text('Event ID', ({ event }) => event, 24),
  text('Critical tracking event', ({ kind }) => kind, 20),
  { head: 'Event date and time', type: 'datetime', width: 20, value: ({ at }) => at },
  text('Traceability lot code', ({ lotCode }) => lotCode, 22),
  text('Lot URI', ({ lotUri }) => lotUri, 44),
  text('Product description', ({ product }) => product, 28),
  text('GTIN', ({ gtin }) => gtin, 16),
  text('Input or output', ({ side }) => side, 12),
  { head: 'Quantity', type: 'decimal', width: 12, value: ({ grams }) => (grams / 1000).toFixed(3) },
  text('Unit of measure', () => 'kg', 8),
  ...place('Traceability lot code source', ({ source }) => source),
  ...place('Immediate previous source', ({ from }) => from),
  ...place('Event location', (fact) => fact.place),
  ...place('Immediate subsequent recipient', ({ to }) => to),
  text('Reference document type', ({ documentType }) => documentType, 20),
  text('Reference document number', ({ documentNumber }) => documentNumber, 24),
]

/** Cells of a row in the order of `sortableColumns`. */
export const sortableRow = (fact: SortableFact): CellValue[] => sortableColumns.map(({ value }) => value(fact))
