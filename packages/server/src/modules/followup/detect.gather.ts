import { dayOf } from '@vigil/codes'
import type { FollowupRules } from '@vigil/contract'
import { sql } from 'kysely'
import type { Tx } from '../../kernel/db/index.ts'
import {
  buyersByMobile,
  type PersonPurchase,
  type PurchaseRecord,
  purchasesOfPersons,
  recordsNow,
} from '../pharmacy/index.ts'
import { normaliseAddress } from './address.domain.ts'
import { type Finding, findCauses, firstDay, isFresh, type Purchase } from './cause.domain.ts'
import type { Parts } from './parts.ts'
import type { RuleBook } from './rules.service.ts'

type Personal = NonNullable<PurchaseRecord['personal']>

/** A person with what the rules say of the purchases today. */
export interface Examined {
  readonly person: Buffer
  readonly hex: string
  readonly rules: FollowupRules
  readonly ruleVersion: number
  readonly history: readonly Purchase[]
  readonly rows: ReadonlyMap<string, PersonPurchase>
  /** The newest purchase that was not undone, and who made it; the latter of persons with findings only. */
  readonly newest: PersonPurchase
  readonly personal: Personal | undefined
  readonly address: Buffer | undefined
  readonly findings: readonly Finding[]
}

export const hexOf = (key: Buffer): string => key.toString('hex')

const factsOf = (row: PersonPurchase): Purchase => ({
  ...row,
  undone: row.status === 'undone',
  mobile: row.mobileIndex && hexOf(row.mobileIndex),
})

function grouped<T>(list: readonly T[], key: (one: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>()
  for (const one of list) {
    const group = groups.get(key(one))
    if (group) group.push(one)
    else groups.set(key(one), [one])
  }
  return groups
}

/** Examined persons, and the others at their mobiles and addresses, for whom it may change something too. */
export interface Gathered {
  readonly examined: readonly Examined[]
  readonly touched: ReadonlySet<string>
}

/**
 * Looks at some persons: a bounded number of statements for all of them together, each by an index, within the longest
 * period of the rules. Only whoever meets a rule is decrypted. The transaction must see the whole country.
 */
export async function gather(parts: Parts, tx: Tx, book: RuleBook, persons: readonly Buffer[]): Promise<Gathered> {
  const { kernel, reference } = parts
  const today = dayOf(kernel.clock.now())
  const rows = grouped(await purchasesOfPersons(tx, persons, firstDay(today, book.back + book.fresh)), (row) =>
    hexOf(row.person),
  )
  const begun = [...rows].flatMap(([hex, list]) => {
    const newest = list
      .filter(({ status }) => status !== 'undone')
      .reduce<PersonPurchase | undefined>((best, one) => (best && best.soldAt >= one.soldAt ? best : one), undefined)
    const store = newest ?? list[0]
    const path = store && reference.store(store.storeCode)?.path
    if (!store || path === undefined) return []
    const { rules, version } = book.at(path)
    const history = list.map(factsOf)
    const byId = new Map(list.map((row) => [row.id, row]))
    return [{ person: store.person, hex, rules, ruleVersion: version, history, rows: byId, newest: newest ?? store }]
  })
  const touched = new Set<string>()
  const mobiles = await sharedMobiles(tx, begun, today)
  const atMobile = begun.map((one) => {
    const own = new Map([...mobiles].map(([mobile, at]) => [mobile, at(one.rules.mobile.days)?.size ?? 0]))
    const findings = findCauses(one.rules, one.history, { mobiles: own, address: 0 }, today)
    if (findings.some(({ kind }) => kind === 'mobile'))
      for (const { mobile } of one.history)
        if (mobile && (own.get(mobile) ?? 0) >= one.rules.mobile.persons)
          for (const other of mobiles.get(mobile)?.(one.rules.mobile.days) ?? []) touched.add(other)
    return { ...one, findings, own }
  })
  const known = await personals(
    parts,
    tx,
    atMobile.filter(({ findings }) => findings.length > 0),
  )
  const homes = await keepAddresses(tx, atMobile, known, today)
  const examined = atMobile.map(({ own, ...one }) => {
    const home = known.get(one.hex)
    const others = (home?.address && homes.get(hexOf(home.address))) || []
    const near = others.filter(({ lastDay }) => lastDay >= firstDay(today, one.rules.address.days))
    const findings =
      one.findings.length === 0
        ? one.findings
        : findCauses(one.rules, one.history, { mobiles: own, address: near.length }, today)
    if (findings.some(({ kind }) => kind === 'address')) for (const { hex } of near) touched.add(hex)
    return { ...one, findings, personal: home?.personal, address: home?.address }
  })
  return { examined, touched }
}

type Begun = Pick<Examined, 'hex' | 'rules' | 'history'>

/** Who bought with the mobiles of fresh purchases, by the period that a rule asks for. */
async function sharedMobiles(
  tx: Tx,
  begun: readonly Begun[],
  today: string,
): Promise<Map<string, (days: number) => Set<string> | undefined>> {
  const asked = new Map<number, Set<string>>()
  for (const { rules, history } of begun)
    if (rules.mobile.on)
      for (const one of history)
        if (one.mobile && !one.undone && isFresh(rules, today, one))
          asked.set(rules.mobile.days, (asked.get(rules.mobile.days) ?? new Set()).add(one.mobile))
  const found = new Map<string, Map<number, Set<string>>>()
  for (const [days, mobiles] of asked) {
    const keys = [...mobiles].map((mobile) => Buffer.from(mobile, 'hex'))
    for (const { mobile, person } of await buyersByMobile(tx, keys, firstDay(today, days))) {
      const periods = found.get(hexOf(mobile)) ?? new Map<number, Set<string>>()
      periods.set(days, (periods.get(days) ?? new Set()).add(hexOf(person)))
      found.set(hexOf(mobile), periods)
    }
  }
  return new Map([...found].map(([mobile, periods]) => [mobile, (days: number) => periods.get(days)]))
}

/** Personal data and keyed address of persons who meet a rule. */
async function personals(
  { kernel, reference }: Parts,
  tx: Tx,
  among: readonly Pick<Examined, 'hex' | 'newest'>[],
): Promise<Map<string, { personal: Personal; address: Buffer | undefined }>> {
  const records = await recordsNow(
    kernel,
    tx,
    among.map(({ newest }) => newest.id),
  )
  const found = new Map<string, { personal: Personal; address: Buffer | undefined }>()
  for (const { hex, newest } of among) {
    const personal = records.get(newest.id)?.personal
    if (!personal) continue
    const { residenceAreaCode: code, residenceAddress } = personal
    const whole = reference.areaFullName(code)
    const text = normaliseAddress(residenceAddress, [whole, ...namesAbove(reference, code)])
    const address = text === undefined ? undefined : kernel.vault.index('address', `${code}:${text}`)
    found.set(hex, { personal, address })
  }
  return found
}

function namesAbove(reference: Parts['reference'], code: string): string[] {
  const names: string[] = []
  for (let area = reference.area(code); area; area = area.parent ? reference.area(area.parent) : undefined)
    names.unshift(area.name)
  return names.length > 0 ? names : [reference.areaName(code)]
}

/** Keeps where persons who meet a rule live, and tells who else does there. */
async function keepAddresses(
  tx: Tx,
  among: readonly Pick<Examined, 'person' | 'hex' | 'newest'>[],
  known: ReadonlyMap<string, { address: Buffer | undefined }>,
  today: string,
): Promise<Map<string, { hex: string; lastDay: string }[]>> {
  const rows = among
    .flatMap(({ person, hex, newest }) => {
      const address = known.get(hex)?.address
      return address
        ? [{ addressIndex: address, personIndex: person, lastDay: newest.day, keyMonth: newest.keyMonth }]
        : []
    })
    // Two batches that touch the same rows do so in the same order.
    .sort((a, b) => Buffer.compare(a.addressIndex, b.addressIndex) || Buffer.compare(a.personIndex, b.personIndex))
  if (rows.length === 0) return new Map()
  await tx
    .insertInto('followup.address')
    .values(rows)
    .onConflict((same) =>
      same.columns(['addressIndex', 'personIndex']).doUpdateSet((eb) => ({
        lastDay: sql<string>`greatest(address.last_day, excluded.last_day)`,
        keyMonth: eb.ref('excluded.keyMonth'),
      })),
    )
    .execute()
  const found = await tx
    .selectFrom('followup.address')
    .select(['addressIndex', 'personIndex', 'lastDay'])
    .where(sql<boolean>`address_index = any(${rows.map(({ addressIndex }) => addressIndex)}::bytea[])`)
    .where('lastDay', '>=', firstDay(today, 31))
    .execute()
  return grouped(
    found.map(({ addressIndex, personIndex, lastDay }) => ({
      at: hexOf(addressIndex),
      hex: hexOf(personIndex),
      lastDay,
    })),
    ({ at }) => at,
  )
}
