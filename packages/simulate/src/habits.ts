import { citizenIdCheckDigit } from '@vigil/codes'
import { compactDay } from './dates.ts'
import { findPerson } from './people.ts'
import { type Draft, purchaseId, stamp } from './purchase.ts'
import { hash32, type Random } from './random.ts'
import type { City, HabitKind, SimulatedPurchase, Store, StoreHabit } from './types.ts'

/** The store's habit that is in force on a day, or undefined. */
export function habitOn(store: Store, day: number): StoreHabit | undefined {
  return store.habits.find((habit) => habit.from <= day && day < habit.to)
}

/** Batch entry: most of the day's sales are typed in one after the other in the last minutes before closing. */
export function gatherAtClosing(store: Store, habit: StoreHabit, drafts: Draft[], random: Random): Draft[] {
  const moved = drafts.map((draft) => ({ ...draft, late: random.chance(habit.share) }))
  const count = moved.filter((draft) => draft.late).length
  if (count < 2) return drafts
  let second = store.closesAt * 60 - 60 - count * 40
  return moved.map(({ late, ...draft }) => {
    if (!late) return draft
    second += 12 + random.below(28)
    return {
      ...draft,
      sold: Math.max(second, store.opensAt * 60),
      truth: { ...draft.truth, habit: 'batch-entry' as const },
    }
  })
}

/** A habit of writing the wrong person: changes a share of the store's purchases in place and labels them. */
export function applyDocumentHabit(
  city: City,
  store: Store,
  day: number,
  habit: StoreHabit,
  purchase: SimulatedPurchase,
  random: Random,
  run: Run,
): void {
  const rewrite = rewrites[habit.kind]
  if (rewrite === undefined || !random.chance(habit.share)) return
  if (rewrite(city, store, day, purchase, random, run)) purchase.truth = { ...purchase.truth, habit: habit.kind }
}

/** Where a made-up run of numbers has got to in a store's day. */
export type Run = { next: number }

type Rewrite = (city: City, store: Store, day: number, purchase: SimulatedPurchase, random: Random, run: Run) => boolean

const rewrites: Partial<Record<HabitKind, Rewrite>> = {
  'fabricated-id'(city, store, day, purchase, _random, run) {
    // Numbers counted up through the week: same area, same birthday, running sequence, check digit right.
    const birthday = inventedBirthday(city, store)
    const start = hash32(city.seed, store.index, Math.floor(day / 7)) % 800
    const sequence = 1 + ((start + (day % 7) * 25 + run.next++) % 999)
    setCitizenId(purchase, city.counties[store.countyIndex]!.idAreaCode + birthday + pad3(sequence))
    return true
  },
  'same-birthday'(city, store, _day, purchase, random) {
    const area = city.counties[store.countyIndex]!.idAreaCode
    setCitizenId(purchase, area + inventedBirthday(city, store) + pad3(1 + random.below(999)))
    return true
  },
  'shared-id'(city, store, day, purchase) {
    // One number serves for about a month.
    const household = store.catchment.first + ((store.index + Math.floor(day / 30)) % store.catchment.count)
    const lender = findPerson(city, city.counties[store.countyIndex]!, household, 0)
    if (lender === undefined || lender.name === purchase.name) return false
    purchase.documentType = lender.documentType
    purchase.documentNumber = lender.documentNumber
    return true
  },
  'shared-mobile'(_city, store, _day, purchase) {
    const clerk = store.clerks[0]
    if (clerk === undefined || clerk.mobile === purchase.mobile) return false
    purchase.mobile = clerk.mobile
    return true
  },
  'staff-id'(_city, store, _day, purchase, random) {
    if (store.clerks.length === 0) return false
    const clerk = random.pick(store.clerks)
    purchase.documentType = 'citizen-id'
    purchase.documentNumber = clerk.documentNumber
    purchase.name = clerk.name
    purchase.mobile = clerk.mobile
    purchase.boughtFor = null
    return true
  },
}

function pad3(n: number): string {
  return String(n).padStart(3, '0')
}

/** A round date of birth that the store's clerk likes: the first of January of a year 22 to 61 years back. */
function inventedBirthday(city: City, store: Store): string {
  const age = 22 + (hash32(city.seed, 81, store.index) % 40)
  return `${compactDay(city.epochDay - Math.floor(age * 365.2425)).slice(0, 4)}0101`
}

function setCitizenId(purchase: SimulatedPurchase, first17: string): void {
  purchase.documentType = 'citizen-id'
  purchase.documentNumber = first17 + citizenIdCheckDigit(first17)
}

/** Near-identical entries: one to three copies seconds or minutes later, alike but for a digit, a space or the quantity. */
export function doubleEntries(
  city: City,
  habit: StoreHabit,
  draft: Draft,
  purchase: SimulatedPurchase,
  random: Random,
  made: { sold: number; purchase: SimulatedPurchase }[],
): void {
  if (!random.chance(habit.share)) return
  const latest = draft.store.closesAt * 60 - 1
  const sold = Math.min(latest, draft.sold + 20 + random.below(400))
  const copy: SimulatedPurchase = {
    ...purchase,
    ...stamp(city, { ...draft, sold }, random),
    id: purchaseId(city, draft.day, sold, random),
    items: purchase.items.map((item) => ({
      ...item,
      quantity: random.chance(0.3) ? item.quantity + 1 : item.quantity,
    })),
    mobile: random.chance(0.4) ? swapLastDigits(purchase.mobile) : purchase.mobile,
    truth: { habit: 'near-identical' },
  }
  made.push({ sold, purchase: copy })
}

function swapLastDigits(mobile: string): string {
  return mobile.slice(0, 9) + mobile[10] + mobile[9]
}
