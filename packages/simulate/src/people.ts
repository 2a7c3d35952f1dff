import { citizenIdCheckDigit } from '@vigil/codes'
import { compactDay } from './dates.ts'
import { givenNameOf, streetAddress, surnameOf } from './names.ts'
import { hash32 } from './random.ts'
import type { City, County, DocumentType, Relation, Store } from './types.ts'

/** Place in the household: head, spouse, child, parent of the head. */
export type Slot = 0 | 1 | 2 | 3
export const slots: readonly Slot[] = [0, 1, 2, 3]

export type Document = { documentType: DocumentType; documentNumber: string }
export type Person = Document & { name: string; mobile: string; age: number; slot: Slot; household: number }

// Years by which spouse, child and parent differ from the head, by the household's group (0–7).
const yearsOlder = [
  [0, 0, 0, 0, 0, 0, 0, 0],
  [-4, -3, -2, -1, 0, 1, 2, 3],
  [-21, -23, -24, -25, -26, -28, -30, -33],
  [20, 22, 24, 25, 26, 28, 30, 32],
] as const

const mobilePrefixes = [
  '134',
  '135',
  '136',
  '137',
  '138',
  '139',
  '150',
  '151',
  '152',
  '157',
  '158',
  '159',
  '182',
  '183',
  '187',
  '188',
  '130',
  '131',
  '132',
  '155',
  '156',
  '185',
  '186',
  '133',
  '153',
  '180',
  '181',
  '189',
  '177',
  '199',
]
const purposes = { exists: 12, sex: 13, surname: 14, given: 15, origin: 16, mobile: 17, document: 18, home: 19 }

/** Most households that a county may have, so that its ID numbers stay distinct (see `sequenceOf`). */
export const maxHouseholds = 400_000

/** Step of the permutation that gives each household its rank: near the golden section, without a common divisor. */
export function rankStepFor(households: number): number {
  let step = Math.floor(households * 0.6180339887) | 1
  while (gcd(step, households) !== 1) step += 2
  return step
}

function gcd(a: number, b: number): number {
  let [x, y] = [a, b]
  while (y !== 0) [x, y] = [y, x % y]
  return x
}

function headAge(rank: number, households: number): number {
  const u = rank / households
  return 24 + 44 * (0.6 * u + 0.4 * u * u)
}

/**
 * Three digits of an ID number, distinct for all persons with the same area code and birthday. Birthdays grow with the
 * rank, so persons of one slot and group who share a birthday have consecutive ranks; slot, group and rank modulo 5
 * therefore tell them apart, and the county's block tells counties with the same area code apart.
 */
function sequenceOf(county: County, slot: Slot, rank: number, birthDay: number, male: boolean): string {
  const place = county.idBlock * 160 + slot * 40 + (rank & 7) * 5 + ((rank >> 3) % 5)
  const scrambled = (place * 167 + (hash32(birthDay, 7) % 499)) % 499
  return String(scrambled * 2 + (male ? 1 : 2)).padStart(3, '0')
}

type Household = { city: City; county: County; household: number; rank: number; hash: number; headMale: boolean }

/** The stable facts of a household; every member is derived from them. */
function openHousehold(city: City, county: County, household: number): Household {
  const hash = hash32(city.seed, purposes.sex, county.householdOffset + household)
  // A permutation of the county's households: the rank decides birthdays, so that neighbours are of all ages.
  const rank = (household * county.rankStep + county.rankShift) % county.households
  return { city, county, household, rank, hash, headMale: hash % 10 < 6 }
}

function memberAge(h: Household, slot: Slot): number {
  return headAge(h.rank, h.county.households) + yearsOlder[slot][h.rank & 7]!
}

function memberExists(h: Household, slot: Slot): boolean {
  if (slot === 0) return true
  const chance = hash32(h.hash, purposes.exists, slot) % 100
  const age = memberAge(h, slot)
  if (slot === 1) return chance < 85
  if (slot === 2) return chance < 75 && age > 0.1
  return chance < 45 && age < 95
}

function isMale(h: Household, slot: Slot): boolean {
  if (slot === 0) return h.headMale
  if (slot === 1) return !h.headMale
  return (hash32(h.hash, purposes.sex, slot) & 1) === 1
}

function nameOf(h: Household, slot: Slot): string {
  const male = isMale(h, slot)
  // A child bears the father's surname, a parent of the head the head's.
  const family = slot === 2 ? (h.headMale ? 0 : 1) : slot === 3 ? 0 : slot
  const surname = surnameOf(hash32(h.hash, purposes.surname, family))
  return surname + givenNameOf(hash32(h.hash, purposes.given, slot), male)
}

function personNumber(h: Household, slot: Slot): number {
  return (h.county.householdOffset + h.household) * 4 + slot
}

// 86,028,121 is prime and does not divide 10^8: multiplying by it permutes the eight digits, so no two persons share them.
function eightDigits(h: Household, slot: Slot): string {
  return String((personNumber(h, slot) * 86_028_121 + (h.city.seed % 10_000_000)) % 100_000_000).padStart(8, '0')
}

function mobileOf(h: Household, slot: Slot): string {
  return mobilePrefixes[hash32(h.hash, purposes.mobile, slot) % mobilePrefixes.length]! + eightDigits(h, slot)
}

function documentOf(h: Household, slot: Slot): Document {
  const kind = hash32(h.hash, purposes.document) % 1000
  if (kind < 3) return { documentType: 'passport', documentNumber: `E${eightDigits(h, slot)}` }
  if (kind < 6) return { documentType: 'hk-macau-permit', documentNumber: `H${eightDigits(h, slot)}` }
  if (kind < 10) return { documentType: 'taiwan-permit', documentNumber: eightDigits(h, slot) }
  const birthDay = h.city.epochDay - 1 - Math.floor(memberAge(h, slot) * 365.2425)
  const origins = h.county.originCodes
  const origin = hash32(h.hash, purposes.origin)
  const areaCode = origin % 100 < 12 ? origins[(origin >>> 8) % origins.length]! : h.county.idAreaCode
  const first17 = areaCode + compactDay(birthDay) + sequenceOf(h.county, slot, h.rank, birthDay, isMale(h, slot))
  return { documentType: 'citizen-id', documentNumber: first17 + citizenIdCheckDigit(first17) }
}

function member(h: Household, slot: Slot): Person {
  return {
    ...documentOf(h, slot),
    name: nameOf(h, slot),
    mobile: mobileOf(h, slot),
    age: memberAge(h, slot),
    slot,
    household: h.household,
  }
}

/** The member in this place of a household (index within the county), or undefined if the place is empty. */
export function findPerson(city: City, county: County, household: number, slot: Slot): Person | undefined {
  const h = openHousehold(city, county, household)
  return memberExists(h, slot) ? member(h, slot) : undefined
}

/** Everyone of a household, the head first. */
export function householdMembers(city: City, county: County, household: number): Person[] {
  const h = openHousehold(city, county, household)
  return slots.filter((slot) => memberExists(h, slot)).map((slot) => member(h, slot))
}

export type Buyer = Person & {
  address: string
  areaCode: string
  contact: { name: string; mobile: string }
  /** For whom the purchase is made, if asked for. */
  dependant: (Document & { name: string; relation: Relation }) | null
}

/**
 * The buyer from a household: the wanted member if present and 16 or older, else the head. `forOther` asks for a
 * dependant: a child or an old parent before the spouse, and for a person who lives alone the neighbour.
 */
export function buyerOf(city: City, county: County, household: number, wanted: Slot, forOther: boolean): Buyer {
  const h = openHousehold(city, county, household)
  const slot = memberExists(h, wanted) && memberAge(h, wanted) >= 16 ? wanted : 0
  const person = member(h, slot)
  const other: Slot = slot === 0 ? (memberExists(h, 1) ? 1 : 3) : 0
  return {
    ...person,
    address: homeAddress(city, county, h),
    areaCode: county.code,
    contact: { name: nameOf(h, other), mobile: mobileOf(h, other) },
    dependant: forOther ? dependantOf(h, slot) : null,
  }
}

function dependantOf(h: Household, buyer: Slot): NonNullable<Buyer['dependant']> {
  for (const slot of [2, 3, 1, 0] as const) {
    if (slot === buyer || !memberExists(h, slot)) continue
    return { ...documentOf(h, slot), name: nameOf(h, slot), relation: 'family' }
  }
  const next = openHousehold(h.city, h.county, (h.household + 1) % h.county.households)
  return { ...documentOf(next, 0), name: nameOf(next, 0), relation: 'neighbour' }
}

function homeAddress(city: City, county: County, h: Household): string {
  const place = city.offices[homeStore(city, county, h.household).officeIndex]!.place
  return place + streetAddress(hash32(h.hash, purposes.home), place.endsWith('镇'))
}

/** The store in whose catchment a household lives (binary search over the county's run of stores). */
export function homeStore(city: City, county: County, household: number): Store {
  let low = county.firstStore
  let high = county.firstStore + county.storeCount - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if (city.stores[middle]!.catchment.first <= household) low = middle
    else high = middle - 1
  }
  return city.stores[low]!
}
