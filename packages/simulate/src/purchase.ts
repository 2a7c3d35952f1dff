import { uuidv7 } from '@vigil/codes'
import { localTime } from './dates.ts'
import { drugs, type StarterDrug } from './drugs.ts'
import { type Buyer, buyerOf, type Slot } from './people.ts'
import { cumulate, pickCumulative, type Random } from './random.ts'
import {
  type City,
  type DrugClass,
  drugClasses,
  type PurchaseItem,
  type SimulatedPurchase,
  type Store,
  type Symptom,
} from './types.ts'

/** A sale before its person and goods are filled in. `sold` is in seconds after the day's midnight. */
export type Draft = {
  store: Store
  day: number
  sold: number
  classIndex: number
  countyIndex: number
  household: number
  slot: Slot
  truth: SimulatedPurchase['truth']
}

// Milliseconds of 1900-01-01 00:00 +08:00.
const epochMs = -25_567 * 86_400_000 - 8 * 3_600_000

/** UUIDv7 of the sold second with random bits from the stream: the same seed gives the same id. */
export function purchaseId(city: City, day: number, sold: number, random: Random): string {
  const bytes = new Uint8Array(10)
  for (let i = 0; i < 10; i += 4) {
    const word = random.u32()
    for (let j = i; j < Math.min(10, i + 4); j++) bytes[j] = word >>> (8 * (j - i))
  }
  return uuidv7(epochMs + (city.epochDay + day) * 86_400_000 + sold * 1000, bytes)
}

/** When it was sold and when the bureau heard of it, both as local time with offset. */
export function stamp(city: City, draft: Draft, random: Random): { soldAt: string; reportedAt: string } {
  const day = city.epochDay + draft.day
  const { reporting } = draft.store
  const second = reporting.kind === 'live' ? draft.sold + 3 + random.below(57) : batchSecond(draft, reporting)
  return { soldAt: localTime(day, draft.sold), reportedAt: localTime(day, second) }
}

/** Second, counted from the day's midnight, of the batch in which a late store reports the sale. */
function batchSecond(draft: Draft, reporting: { everyDays: number; hour: number }): number {
  const { store, day } = draft
  if (reporting.everyDays === 0) return store.closesAt * 60 + 600 + (store.index % 30) * 60
  const wait = reporting.everyDays - ((day + store.index) % reporting.everyDays)
  return wait * 86_400 + reporting.hour * 3600 + (store.index % 60) * 60
}

/** Fills in buyer, goods, symptoms and times of a sale. */
export function buildPurchase(city: City, draft: Draft, random: Random): SimulatedPurchase {
  const outbreak = draft.truth.outbreak !== undefined
  const drugClass = drugClasses[draft.classIndex]!
  const buyer: Buyer = buyerOf(
    city,
    city.counties[draft.countyIndex]!,
    draft.household,
    draft.slot,
    random.chance(0.12),
  )
  const symptoms = symptomsFor(drugClass, outbreak, random)
  return {
    id: purchaseId(city, draft.day, draft.sold, random),
    storeCode: draft.store.code,
    ...stamp(city, draft, random),
    documentType: buyer.documentType,
    documentNumber: buyer.documentNumber,
    name: buyer.name,
    mobile: buyer.mobile,
    residenceAreaCode: buyer.areaCode,
    residenceAddress: buyer.address,
    emergencyContact: buyer.contact,
    items: itemsFor(draft.classIndex, random),
    symptoms,
    temperatureTenths: temperatureFor(symptoms.includes('fever'), random),
    boughtFor: buyer.dependant,
    travelHistory: random.chance(0.02) ? random.pick(journeys) : null,
    truth: draft.truth,
  }
}

const journeys = [
  '14天内到过外省',
  '14天内到过本省其他设区市',
  '14天内乘坐过长途客车',
  '14天内接触过外省返乡人员',
  '近期从境外返回',
] as const

// Chance of each symptom being named when a drug of the class is bought.
const symptomChances: Readonly<Record<DrugClass, readonly (readonly [Symptom, number])[]>> = {
  antipyretic: [
    ['fever', 0.16],
    ['cough', 0.08],
    ['sore-throat', 0.08],
    ['fatigue', 0.06],
    ['other', 0.1],
  ],
  cough: [
    ['fever', 0.03],
    ['cough', 0.5],
    ['sore-throat', 0.1],
    ['chest-tightness', 0.03],
    ['other', 0.04],
  ],
  antibiotic: [
    ['fever', 0.04],
    ['cough', 0.08],
    ['sore-throat', 0.15],
    ['diarrhoea', 0.05],
    ['other', 0.2],
  ],
  antiviral: [
    ['fever', 0.08],
    ['cough', 0.1],
    ['sore-throat', 0.1],
    ['fatigue', 0.05],
    ['other', 0.12],
  ],
}

function symptomsFor(drugClass: DrugClass, outbreak: boolean, random: Random): Symptom[] {
  const factor = outbreak ? 3 : 1
  return symptomChances[drugClass]
    .filter(([, chance]) => random.chance(Math.min(0.8, chance * factor)))
    .map(([name]) => name)
}

/** Temperature in 0.1 °C; every fourth purchase without fever and every tenth with it has none. */
function temperatureFor(fever: boolean, random: Random): number | null {
  if (random.chance(fever ? 0.1 : 0.25)) return null
  if (fever) return 373 + Math.min(27, Math.floor(-8 * Math.log(1 - random.unit())))
  return Math.max(358, Math.min(370, Math.round(365 + 2.5 * random.normal())))
}

const byClass: readonly (readonly StarterDrug[])[] = drugClasses.map((drugClass) =>
  drugs.filter((drug) => drug.drugClass === drugClass),
)
// The catalogue lists the usual first: popularity falls with the rank.
const popularity = byClass.map((list) => cumulate(list.map((_, rank) => 1 / (rank + 2))))
const otherClass = cumulate([30, 38, 20, 12])

function itemsFor(classIndex: number, random: Random): PurchaseItem[] {
  const items = [itemOf(classIndex, random)]
  for (let chance = 0.28; random.chance(chance); chance /= 4) {
    const next = itemOf(pickCumulative(otherClass, random.unit()), random)
    if (!items.some((item) => item.drugKey === next.drugKey)) items.push(next)
  }
  return items
}

/** Classes of the goods of one sale, as a set of bits by place in `drugClasses`; by the chances of `itemsFor`. */
export function classBits(classIndex: number, random: Random): number {
  let bits = 1 << classIndex
  for (let chance = 0.28; random.chance(chance); chance /= 4) bits |= 1 << pickCumulative(otherClass, random.unit())
  return bits
}

function itemOf(classIndex: number, random: Random): PurchaseItem {
  const drug = byClass[classIndex]![pickCumulative(popularity[classIndex]!, random.unit())]!
  const u = random.unit()
  return { drugKey: drug.key, drugClass: drug.drugClass, quantity: u < 0.78 ? 1 : u < 0.94 ? 2 : 3 + random.below(3) }
}
