/** The four classes whose sale is registered: 退热、止咳、抗生素、抗病毒. */
export const drugClasses = ['antipyretic', 'cough', 'antibiotic', 'antiviral'] as const
export type DrugClass = (typeof drugClasses)[number]

/** Habits of a store that a supervisor wants to find; the truth label of each purchase they touch. */
export const habitKinds = [
  'fabricated-id',
  'same-birthday',
  'shared-id',
  'shared-mobile',
  'staff-id',
  'batch-entry',
  'near-identical',
] as const
export type HabitKind = (typeof habitKinds)[number]

export type DocumentType = 'citizen-id' | 'passport' | 'hk-macau-permit' | 'taiwan-permit'
export type Symptom = 'fever' | 'cough' | 'sore-throat' | 'fatigue' | 'chest-tightness' | 'diarrhoea' | 'other'
export type Relation = 'family' | 'colleague' | 'neighbour' | 'other'

export type County = {
  code: string
  name: string
  lon: number
  lat: number
  /** Area code printed in its residents' ID numbers; a development zone has none of its own in GB/T 2260. */
  idAreaCode: string
  /** Which of the units that share an ID area code this is: keeps ID numbers unique. */
  idBlock: number
  /** Area codes of the residents who moved here, disjoint between counties. */
  originCodes: readonly string[]
  /** Share of the city's purchases, sums to 1. */
  weight: number
  households: number
  /** The permutation of households that spreads ages (see people.ts). */
  rankStep: number
  rankShift: number
  /** Households of the counties before this one, for numbering persons over the city. */
  householdOffset: number
  /** Indices into `City.stores`, one run. */
  firstStore: number
  storeCount: number
}

export type Office = { code: string; name: string; place: string; countyCode: string; lon: number; lat: number }

export type Party = {
  creditCode: string
  name: string
  kind: 'chain' | 'store'
  areaCode: string
  address: string
}

export type Clerk = { name: string; documentNumber: string; mobile: string }

/** How the store's entries reach the bureau: at once, or in batches `everyDays` apart at `hour` o'clock (0 days: that evening). */
export type Reporting = { kind: 'live' } | { kind: 'late'; everyDays: number; hour: number }

/** Days by index from the city's start day; `to` is not included. */
export type DayInterval = { from: number; to: number }

export type StoreHabit = DayInterval & { kind: HabitKind; share: number }

export type Store = {
  /** Index in `City.stores`. */
  index: number
  /** Ten digits: county code and a running number. */
  code: string
  name: string
  creditCode: string
  licenceNo: string
  countyIndex: number
  areaCode: string
  officeCode: string
  /** Index in `City.offices`. */
  officeIndex: number
  address: string
  lon: number
  lat: number
  /** Index in `City.chains`, or null for an independent store. */
  chain: number | null
  /** Share of the city's purchases, sums to 1 over all stores. */
  size: number
  /** Minutes after midnight. */
  opensAt: number
  closesAt: number
  clerks: Clerk[]
  reporting: Reporting
  silences: DayInterval[]
  habits: StoreHabit[]
  /** The households around the store, as indices within the county. */
  catchment: { first: number; count: number }
}

export type Promotion = DayInterval & { id: string; chain: number; drugClasses: readonly DrugClass[]; lift: number }
export type Chain = { name: string; creditCode: string }

export type FeverClinic = { name: string; areaCode: string; address: string; phone: string; lon: number; lat: number }

export type Epidemic = {
  id: string
  countyCode: string
  drugClass: DrugClass
  /** First possible day of a case, 'YYYY-MM-DD'. */
  startDay: string
  /** Number of injected purchases; those that fall after the last simulated day are not made. */
  size: number
  /** Parameters of the lognormal delay from the start, in days: median `medianDays`, spread `sdLog`. */
  medianDays?: number
  sdLog?: number
}

export type CityOptions = {
  seed: number
  /** GB/T 2260 code of one of the demo cities, for example '350500'. */
  city: string
  startDay: string
  days: number
  stores?: number
  /** Mean number of purchases a day over the period, epidemics not counted. */
  dailyPurchases?: number
  epidemics?: readonly Epidemic[]
  /** Share of stores with each bad habit; a kind left out keeps its default. */
  habits?: Partial<Record<HabitKind, number>>
}

export type City = {
  seed: number
  code: string
  name: string
  startDay: string
  days: number
  dailyPurchases: number
  /** Days since 1900-01-01 of the first day, for ages. */
  epochDay: number
  counties: County[]
  offices: Office[]
  parties: Party[]
  chains: Chain[]
  stores: Store[]
  clinics: FeverClinic[]
  promotions: Promotion[]
  epidemics: Epidemic[]
  /** Injected purchases of each epidemic by day. */
  epidemicCases: Uint32Array[]
  /** Expected purchases of the whole city by day (row) and class (column), if every store reported. */
  expected: Float64Array
}

export type PurchaseItem = { drugKey: string; drugClass: DrugClass; quantity: number }

export type SimulatedPurchase = {
  id: string
  storeCode: string
  soldAt: string
  reportedAt: string
  documentType: DocumentType
  documentNumber: string
  name: string
  mobile: string
  residenceAreaCode: string
  residenceAddress: string
  emergencyContact: { name: string; mobile: string }
  items: PurchaseItem[]
  symptoms: Symptom[]
  temperatureTenths: number | null
  boughtFor: null | { name: string; documentType: DocumentType; documentNumber: string; relation: Relation }
  travelHistory: string | null
  /** Never sent: what the generator knows about this purchase. */
  truth: { outbreak?: string; habit?: HabitKind; promotion?: string }
}

/** A wrong option of `createCity`; `field` names it. */
export class SimulationOptionError extends Error {
  readonly field: string
  constructor(field: string, message: string) {
    super(`${field}: ${message}`)
    this.name = 'SimulationOptionError'
    this.field = field
  }
}
