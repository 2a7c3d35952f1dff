/** What can go wrong, each labelled in the truth of the items that it touches. */
export const tradeFaultKinds = [
  'unreleased-sale',
  'lost-boxes',
  'swapped-labels',
  'double-receipt',
  'forged-certificate',
  'excursion',
] as const
export type TradeFaultKind = (typeof tradeFaultKinds)[number]

export type TradePartyKind = 'importer' | 'warehouse' | 'trader' | 'processor' | 'shop'

export type TradeParty = {
  /** Index in `Trade.parties`. */
  index: number
  kind: TradePartyKind
  name: string
  gln: string
  /** As a party (PGLN) and as a place (SGLN) of events. */
  uri: string
  locationUri: string
  areaCode: string
  countyIndex: number
  address: string
  lon: number
  lat: number
}

export type TradeGoods = {
  gtin: string
  name: string
  category: 'ultra-frozen' | 'frozen' | 'chilled-meat' | 'chilled'
  origin: string
  plantNo: string
  boxGrams: number
  shelfLifeDays: number
  /** Highest temperature in 0.1 °C. */
  limitTenths: number
}

export type TradeOptions = {
  /** 0 to 4,294,967,295. */
  seed: number
  /** Code of a demo city: 350500, 430200, 140500, 141000. */
  city: string
  startDay: string
  /** Days over which consignments arrive; the last ones are traded for some weeks more. */
  days: number
  /** Consignments, one to three lots each: some 170 events on average. */
  consignments: number
  importers?: number
  traders?: number
  processors?: number
  shops?: number
  /** How many of each fault to inject; default none. At most one of a kind in a consignment. */
  faults?: Partial<Record<TradeFaultKind, number>>
}

export type Trade = {
  seed: number
  city: string
  startDay: string
  epochDay: number
  days: number
  consignments: number
  parties: readonly TradeParty[]
  /** By kind, and by `kind/countyIndex`. */
  partiesOf: ReadonlyMap<string, readonly TradeParty[]>
  goods: readonly TradeGoods[]
  /** Faults by consignment. */
  faults: ReadonlyMap<number, readonly TradeFault[]>
}

/** `id` is the kind and a running number: `lost-boxes/3`. */
export type TradeFault = { id: string; kind: TradeFaultKind; consignment: number }

/** Never sent: what an item really is. */
export type TradeTruth = {
  consignment: number
  fault?: string
  /** A gate and a ledger that do their work refuse this event. */
  refused?: boolean
}

/** An EPCIS 2.0 event as JSON; no identifier, no record time: both are the repository's. */
export type TradeEvent = { readonly type: string; readonly eventTime: string; readonly [name: string]: unknown }

export type TradeLot = {
  uri: string
  gtin: string
  lotNo: string
  supplierLot: string
  container: string
  grams: number
  boxes: number
  produced: string
  expires: string
}

type At = {
  /** Milliseconds since 1970; items come in this order. */
  at: number
  truth: TradeTruth
}

/**
 * What happens, in order of time. A declaration, a release and a shown certificate are acts of the bureau's own procedure, which no event
 * says; a record is what a logger measured on the way of a dispatch.
 */
export type TradeItem = At &
  (
    | {
        kind: 'declaration'
        /** In the business transactions of the entry's event. */
        uri: string
        lot: TradeLot
        importer: number
        warehouse: number
        /** Hour that was booked, ms since 1970. */
        slot: number
      }
    | { kind: 'release'; lot: string }
    | { kind: 'certificate'; holder: number; number: string; lot: string; grams: number; token: string }
    | { kind: 'record'; advice: string; lot: string; readings: { at: number; tenths: number }[] }
    | { kind: 'event'; event: TradeEvent }
  )

/** Where the grams of a consignment's lots are at the end, by lot, imported or made. Each sums to what came to be of the lot. */
export type TradeBalance = {
  lot: string
  born: number
  onHand: { party: number; grams: number }[]
  inTransit: number
  used: number
  sold: number
  sampled: number
  destroyed: number
  lost: number
}
