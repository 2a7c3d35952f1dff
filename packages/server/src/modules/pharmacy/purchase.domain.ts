import {
  checkDocument,
  checkMobile,
  checkPhone,
  type Day,
  dayOf,
  isUuidv7,
  toHalfWidth,
  uuidv7Time,
} from '@vigil/codes'
import type { DrugClass, FieldError, PurchaseInput } from '@vigil/contract'

/** 37.3 °C: the threshold at which a buyer is sent to a fever clinic (peers' counters and experience.md). */
export const feverTenths = 373
/** Undo is open for five minutes after the entry was received; afterwards a correction with a reason. */
export const undoMs = 5 * 60_000

const minute = 60_000
const day = 86_400_000
/** A clock that differs less is taken as it is. */
const toleratedSkewMs = 2 * minute
/** How far the time inside the id may lie from the time of sale: the partition is found by the id alone. */
const idToleranceMs = 3 * day
const oldestMs = 400 * day

export interface StoreFacts {
  readonly code: string
  readonly name: string
  readonly county: string
  readonly areaCode: string
  readonly path: string
  readonly status: 'active' | 'suspended' | 'closed'
}

export interface DrugFacts {
  readonly class: DrugClass
  readonly active: boolean
}

/** What the decision needs to know; everything else is in the entry itself. */
export interface Facts {
  readonly now: Date
  /** Client's clock when it sent the entry. */
  readonly sentAt?: Date | undefined
  readonly store: StoreFacts
  readonly drug: (id: string) => DrugFacts | undefined
  readonly dutyClasses: (day: Day) => ReadonlySet<DrugClass>
  readonly areaExists: (code: string) => boolean
}

/** Personal data: lives only sealed. */
export interface Personal {
  name: string
  documentNumber: string
  mobile: string
  residenceAreaCode: string
  residenceAddress: string
  emergencyName?: string
  emergencyMobile?: string
  boughtFor?: { name: string; documentType?: string; documentNumber?: string; relation: string }
  history?: string
}

export interface Line {
  readonly drugId: string
  readonly class: DrugClass
  readonly quantity: number
}

/** An entry that passed all rules. `person` is absent when the known profile is to be used. */
export interface Accepted {
  readonly soldAt: Date
  readonly day: Day
  readonly documentType: PurchaseInput['documentType']
  readonly documentNumber: string
  readonly person: Omit<Personal, 'documentNumber' | 'boughtFor' | 'history'> | undefined
  readonly boughtFor: Personal['boughtFor'] | undefined
  readonly history: string | undefined
  readonly lines: readonly Line[]
  readonly classes: readonly DrugClass[]
  readonly units: number
  readonly symptoms: readonly string[]
  readonly temperatureTenths: number | null
  readonly fever: boolean
  readonly proxy: boolean
}

export type Decision = { readonly accepted: Accepted } | { readonly errors: readonly FieldError[] }

const namePattern = /^(?=.*\p{L})[\p{L}\p{M}·•.'’\-\s]{1,60}$/u

/** Collects errors by JSON pointer. */
class Errors {
  readonly list: FieldError[] = []
  add(pointer: string, code: string, detail: string): undefined {
    this.list.push({ pointer, code, detail })
    return undefined
  }
}

/** @returns the time of sale by the server's clock; undefined when it is impossible */
function decideTime(input: Pick<PurchaseInput, 'id' | 'soldAt'>, facts: Facts, errors: Errors): Date | undefined {
  const skew = facts.sentAt ? facts.now.getTime() - facts.sentAt.getTime() : 0
  const stated = new Date(input.soldAt).getTime()
  const soldAt = Math.abs(skew) > toleratedSkewMs ? stated + skew : stated
  const known = isUuidv7(input.id)
  if (!known) errors.add('/id', 'format', '编号应为 UUIDv7')
  // RFC 3339 allows what no clock of ours shows, such as the second 60.
  if (Number.isNaN(soldAt)) return errors.add('/soldAt', 'format', '售出时间无法识别')
  if (known && Math.abs(uuidv7Time(input.id) - soldAt) > idToleranceMs)
    errors.add('/id', 'clock', '编号中的时间与售出时间相差超过 3 天，请校准本机时间后重新登记')
  if (soldAt > facts.now.getTime() + 10 * minute)
    return errors.add('/soldAt', 'clock', '售出时间晚于当前时间，请校准本机时间')
  if (soldAt < facts.now.getTime() - oldestMs) return errors.add('/soldAt', 'too-old', '售出时间超过 400 天，不能登记')
  return new Date(soldAt)
}

function decideName(value: string, pointer: string, errors: Errors): string {
  const name = toHalfWidth(value).replace(/\s+/g, ' ')
  if (!namePattern.test(name)) errors.add(pointer, 'name', '姓名只能包含文字和间隔号')
  return name
}

function decideMobile(value: string, documentType: string, pointer: string, errors: Errors): string {
  const checked = documentType === 'citizen-id' ? checkMobile(value) : checkPhone(value)
  if (checked.ok) return typeof checked.value === 'string' ? checked.value : checked.value.number
  errors.add(pointer, checked.code, checked.message)
  return value
}

/** Checks the person's fields; pointers are relative to `prefix`. */
export function decidePerson(
  person: NonNullable<PurchaseInput['person']>,
  documentType: string,
  areaExists: Facts['areaExists'],
  errors: FieldError[],
  prefix = '/person',
): NonNullable<Accepted['person']> {
  const sink = new Errors()
  const name = decideName(person.name, `${prefix}/name`, sink)
  const mobile = decideMobile(person.mobile, documentType, `${prefix}/mobile`, sink)
  if (!areaExists(person.residenceAreaCode)) sink.add(`${prefix}/residenceAreaCode`, 'area', '居住地区划不存在')
  const residenceAddress = person.residenceAddress.trim()
  if (residenceAddress.length < 2) sink.add(`${prefix}/residenceAddress`, 'required', '请填写居住地址')
  const result: NonNullable<Accepted['person']> = {
    name,
    mobile,
    residenceAreaCode: person.residenceAreaCode,
    residenceAddress,
  }
  const emergencyName = person.emergencyName?.trim()
  const emergencyMobile = person.emergencyMobile?.trim()
  if (emergencyName || emergencyMobile) {
    if (!emergencyName) sink.add(`${prefix}/emergencyName`, 'required', '请填写紧急联系人姓名')
    else result.emergencyName = decideName(emergencyName, `${prefix}/emergencyName`, sink)
    if (!emergencyMobile) sink.add(`${prefix}/emergencyMobile`, 'required', '请填写紧急联系人电话')
    else {
      const phone = checkPhone(emergencyMobile)
      if (phone.ok) result.emergencyMobile = typeof phone.value === 'string' ? phone.value : phone.value.number
      else sink.add(`${prefix}/emergencyMobile`, phone.code, phone.message)
    }
  }
  errors.push(...sink.list)
  return result
}

function decideLines(
  items: PurchaseInput['items'],
  facts: Pick<Facts, 'drug' | 'dutyClasses'>,
  soldDay: Day,
  errors: Errors,
): Line[] {
  const lines: Line[] = []
  const seen = new Set<string>()
  for (const [index, item] of items.entries()) {
    const drug = facts.drug(item.drugId)
    if (!drug) errors.add(`/items/${index}/drugId`, 'drug', '目录中没有这种药品')
    else if (!drug.active) errors.add(`/items/${index}/drugId`, 'drug', '该药品已停用')
    else if (seen.has(item.drugId)) errors.add(`/items/${index}/drugId`, 'duplicate', '同一种药品请合并为一行')
    else lines.push({ drugId: item.drugId, class: drug.class, quantity: item.quantity })
    seen.add(item.drugId)
  }
  const duty = facts.dutyClasses(soldDay)
  if (lines.length === items.length && !lines.some((line) => duty.has(line.class)))
    errors.add('/items', 'no-duty', '所选药品当日在本地无需实名登记，请勿收集个人信息')
  return lines
}

function decideBoughtFor(other: NonNullable<PurchaseInput['boughtFor']>, errors: Errors): Personal['boughtFor'] {
  const result: NonNullable<Personal['boughtFor']> = {
    name: decideName(other.name, '/boughtFor/name', errors),
    relation: other.relation,
  }
  if (other.documentNumber) {
    const type = other.documentType ?? 'citizen-id'
    const document = checkDocument(type, other.documentNumber)
    if (!document.ok) errors.add('/boughtFor/documentNumber', document.code, document.message)
    else Object.assign(result, { documentType: type, documentNumber: document.value.number })
  }
  return result
}

/**
 * Decides one entry by the rules that every path shares (screen, API, file): pure.
 * Sources: GB 11643 for citizen IDs, S1 of the domain for the fields. All errors are told at once.
 */
export function decide(input: PurchaseInput, facts: Facts): Decision {
  const errors = new Errors()
  if (facts.store.status !== 'active')
    errors.add(
      '/storeCode',
      'store-suspended',
      facts.store.status === 'suspended' ? '本店已被暂停登记，请联系监管所' : '本店已关闭',
    )
  const soldAt = decideTime(input, facts, errors)
  const soldDay = dayOf(soldAt ?? facts.now)
  const document = checkDocument(input.documentType, input.documentNumber, dayOf(facts.now))
  if (!document.ok) errors.add('/documentNumber', document.code, document.message)
  if (!input.person && !input.useKnownProfile) errors.add('/person', 'required', '请填写购药人信息')
  const person =
    input.person && !input.useKnownProfile
      ? decidePerson(input.person, input.documentType, facts.areaExists, errors.list)
      : undefined
  const lines = decideLines(input.items, facts, soldDay, errors)
  const boughtFor = input.boughtFor ? decideBoughtFor(input.boughtFor, errors) : undefined
  if (errors.list.length > 0 || !document.ok || !soldAt) return { errors: errors.list }
  return {
    accepted: {
      soldAt,
      day: soldDay,
      documentType: input.documentType,
      documentNumber: document.value.number,
      person,
      boughtFor,
      history: input.history?.trim() || undefined,
      lines,
      classes: [...new Set(lines.map((line) => line.class))].sort(),
      units: lines.reduce((sum, line) => sum + line.quantity, 0),
      symptoms: [...input.symptoms].sort(),
      temperatureTenths: input.temperatureTenths,
      fever: isFever(input.symptoms, input.temperatureTenths),
      proxy: boughtFor !== undefined,
    },
  }
}

/** Fever as the counter means it: the symptom, or 37.3 °C and above. */
export const isFever = (symptoms: readonly string[], temperatureTenths: number | null): boolean =>
  symptoms.includes('fever') || (temperatureTenths !== null && temperatureTenths >= feverTenths)

function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(sorted)
  // Without a prototype, a key named __proto__ is a key like any other.
  const result: Record<string, unknown> = Object.create(null)
  for (const key of Object.keys(value).sort()) result[key] = sorted((value as Record<string, unknown>)[key])
  return result
}

/** JSON with sorted keys: the same entry gives the same text whoever serialised it. */
export const canonical = (value: unknown): string => JSON.stringify(sorted(value))
