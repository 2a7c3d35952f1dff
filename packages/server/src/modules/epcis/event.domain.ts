import {
  type EpcisEvent,
  epcisContext,
  expandCurie,
  type Json,
  type Namespaces,
  namespacesOf,
  parseInstant,
  type QuantityElement,
  toShortName,
  type VocabularyField,
} from '@vigil/epcis/document'
import type { ThingRole } from './epcis.table.ts'
import { firstYear, textKey, thingKey, uriKey } from './key.domain.ts'

/** A thing or class in a role; classes may have a quantity. */
export interface Thing {
  readonly value: string
  readonly role: ThingRole
  readonly isClass: boolean
  readonly quantity: number | null
  readonly uom: string | null
}

/** A named value of an event; `number` and `at` (milliseconds since 1970) are set where the value is one. */
export interface Fact {
  readonly name: string
  readonly value: string | null
  readonly number: number | null
  readonly at: number | null
}

type Fields = Readonly<Record<string, unknown>>
const texts = (value: unknown): readonly string[] => (Array.isArray(value) ? (value as string[]) : [])

const thingFields: readonly (readonly [field: string, role: ThingRole])[] = [
  ['epcList', 'epc'],
  ['childEPCs', 'child'],
  ['inputEPCList', 'input'],
  ['outputEPCList', 'output'],
]
const classFields: readonly (readonly [field: string, role: ThingRole])[] = [
  ['quantityList', 'epc'],
  ['childQuantityList', 'child'],
  ['inputQuantityList', 'input'],
  ['outputQuantityList', 'output'],
]

/** Things and classes of an event in their roles. */
export function thingsOf(event: EpcisEvent): Thing[] {
  const fields = event as unknown as Fields
  const single = (value: string, role: ThingRole): Thing => ({
    value: thingKey(value),
    role,
    isClass: false,
    quantity: null,
    uom: null,
  })
  const things = thingFields.flatMap(([field, role]) => texts(fields[field]).map((epc) => single(epc, role)))
  if (typeof fields.parentID === 'string') things.push(single(fields.parentID, 'parent'))
  for (const [field, role] of classFields)
    for (const { epcClass, quantity, uom } of (fields[field] ?? []) as readonly QuantityElement[])
      things.push({ value: uriKey(epcClass), role, isClass: true, quantity: quantity ?? null, uom: uom ?? null })
  return things
}

/** A term of a vocabulary by its short name. */
export const termKey = (field: VocabularyField, value: string): string => textKey(toShortName(field, value))

const named = (name: string, value: string): Fact => ({ name, value, number: null, at: null })
const decimal = /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/

function scalar(name: string, value: string | number | boolean | null): Fact {
  const text = String(value)
  const number = typeof value === 'number' ? value : decimal.test(text) ? Number(text) : null
  const at = typeof value === 'string' ? (parseInstant(value)?.time ?? null) : null
  return {
    name,
    value: textKey(text),
    number: Number.isFinite(number) ? number : null,
    at: at !== null && at >= firstYear ? at : null,
  }
}

/** Values of one extension at any depth: `place/name` on top, `place.inner/name` below. */
function extension(place: string, name: string, value: Json, namespaces: Namespaces, facts: Fact[]): void {
  const full = textKey(`${place}/${expandCurie(name, namespaces)}`)
  const before = facts.length
  for (const each of Array.isArray(value) ? value : [value])
    if (each !== null && typeof each === 'object') {
      const inner = place.endsWith('.inner') ? place : `${place}.inner`
      // What an XML element has as text beside its attributes is its value.
      const { '#text': text, ...fields } = each as Readonly<Record<string, Json>>
      if (typeof text === 'string') facts.push(scalar(full, text))
      else facts.push({ name: full, value: null, number: null, at: null })
      for (const [key, below] of Object.entries(fields)) extension(inner, key, below, namespaces, facts)
    } else facts.push(scalar(full, each as string | number | boolean | null))
  if (facts.length === before) facts.push({ name: full, value: null, number: null, at: null })
}

function extensions(place: string, object: unknown, namespaces: Namespaces, facts: Fact[]): void {
  if (typeof object !== 'object' || object === null) return
  for (const [name, value] of Object.entries(object))
    if (name.includes(':')) extension(place, name, value as Json, namespaces, facts)
}

/** Business documents, parties, corrections, dispositions and extensions of an event, each under the name that queries use. */
export function factsOf(event: EpcisEvent, namespaces: Namespaces): Fact[] {
  const facts: Fact[] = []
  const fields = event as unknown as Fields
  const list = (name: string) => (fields[name] ?? []) as readonly Record<string, string>[]
  for (const { type, bizTransaction } of list('bizTransactionList'))
    facts.push(
      named(`bizTransaction/${type === undefined ? '' : termKey('bizTransactionType', type)}`, uriKey(bizTransaction!)),
    )
  for (const name of ['source', 'destination'] as const)
    for (const each of list(`${name}List`))
      facts.push(named(`${name}/${termKey('sourceDestType', each.type!)}`, uriKey(each[name]!)))
  const persistent = fields.persistentDisposition as { set?: string[]; unset?: string[] } | undefined
  for (const name of ['set', 'unset'] as const)
    for (const term of persistent?.[name] ?? []) facts.push(named(name, termKey('disposition', term)))
  for (const id of event.errorDeclaration?.correctiveEventIDs ?? []) facts.push(named('corrective', textKey(id)))
  extensions('field', event, namespaces, facts)
  extensions('ilmd', fields.ilmd, namespaces, facts)
  extensions('error', event.errorDeclaration, namespaces, facts)
  extensions('readPoint', event.readPoint, namespaces, facts)
  extensions('bizLocation', event.bizLocation, namespaces, facts)
  for (const element of event.sensorElementList ?? []) {
    extensions('sensorElement', element, namespaces, facts)
    extensions('sensorMetadata', element.sensorMetadata, namespaces, facts)
    for (const report of element.sensorReport) extensions('sensorReport', report, namespaces, facts)
  }
  return facts
}

/** What a context holds beyond the one of EPCIS, as a list; null when nothing. */
export function ownContext(context: EpcisEvent['@context']): readonly Json[] | null {
  const rest = ([context ?? []].flat() as readonly Json[]).filter((each) => each !== epcisContext)
  return rest.length === 0 ? null : rest
}

const cache = new WeakMap<object, Namespaces>()
/** Prefixes that hold in an event, remembered for contexts that events of a document share. */
export function namespacesIn(event: EpcisEvent): Namespaces {
  const context = event['@context']
  if (typeof context !== 'object') return namespacesOf(context)
  const known = cache.get(context) ?? namespacesOf(context)
  cache.set(context, known)
  return known
}
