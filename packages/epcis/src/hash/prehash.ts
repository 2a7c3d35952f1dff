import { expandCurie, type Namespaces, namespacesOf, splitName } from '../document/context.ts'
import type { EpcisEvent } from '../document/types.ts'
import { toWebUri, type VocabularyField } from '../document/vocabulary.ts'
import { canonicalNumber, canonicalTime, canonicalValue } from './value.ts'

/** What a pre-hash string needs to know beside the event. */
export interface PrehashOptions {
  /** Prefixes in force; without them those of the EPCIS context and the event's own. */
  readonly namespaces?: Namespaces
  /** Names of extensions that take no part, as they are written in the event. */
  readonly ignore?: ReadonlySet<string>
}

type Fields = Readonly<Record<string, unknown>>
const unhashed = new Set(['type', '@context', 'recordTime', 'eventID', 'errorDeclaration', 'rdfs:comment', 'comment'])

/** How a standard field is written: a term of a vocabulary, a time, any other value, or with children of its own. */
type Writer = (name: string, value: unknown, own: Own) => string
/** The document's prefixes and what is left out, for the whole event. */
interface Own {
  readonly namespaces: Namespaces
  readonly ignore: ReadonlySet<string>
}

const plain: Writer = (name, value, { namespaces }) => pair(name, scalar(value, namespaces))
const time: Writer = (name, value) => pair(name, canonicalTime(String(value)))
const term =
  (field: VocabularyField): Writer =>
  (name, value, { namespaces }) =>
    pair(name, toWebUri(field, scalar(value, namespaces)))
const list =
  (item: (value: unknown, own: Own) => string): Writer =>
  (name, value, own) => {
    const items = (Array.isArray(value) ? value : [value]).map((each) => item(each, own)).filter(Boolean)
    return items.length === 0 ? '' : name + join(items)
  }
const epcs = list((value, { namespaces }) => pair('epc', scalar(value, namespaces)))
const quantities = list((value, own) => wrap('quantityElement', ordered(value as Fields, quantityFields, own)))
const children =
  (fields: readonly (readonly [string, Writer])[]): Writer =>
  (name, value, own) =>
    wrap(name, ordered(value as Fields, fields, own))

const quantityFields = [
  ['epcClass', plain],
  ['quantity', plain],
  ['uom', plain],
] as const
const place = children([['id', plain]])
const dispositions: Writer = (name, value, own) =>
  join((value as string[]).map((each) => term('disposition')(name, each, own)))
const persistent = children([
  ['set', dispositions],
  ['unset', dispositions],
])
const device = [
  ['deviceID', plain],
  ['deviceMetadata', plain],
  ['rawData', plain],
  ['dataProcessingMethod', plain],
] as const
const sensorMetadata = children([
  ['time', time],
  ['startTime', time],
  ['endTime', time],
  ...device,
  ['bizRules', plain],
])
const sensorReport = children([
  ['type', term('measurementType')],
  ['exception', term('exception')],
  ...device,
  ['time', time],
  ...['microorganism', 'chemicalSubstance', 'value'].map((name) => [name, plain] as const),
  ['component', term('component')],
  ...['stringValue', 'booleanValue', 'hexBinaryValue', 'uriValue', 'minValue', 'maxValue', 'meanValue', 'sDev'].map(
    (name) => [name, plain] as const,
  ),
  ...['percRank', 'percValue', 'uom', 'coordinateReferenceSystem', 'bizRules'].map((name) => [name, plain] as const),
])
const sensorReports: Writer = (_, value, own) =>
  join((value as unknown[]).map((each) => sensorReport('sensorReport', each, own)))
const sensorElements = list((value, own) =>
  wrap(
    'sensorElement',
    ordered(
      value as Fields,
      [
        ['sensorMetadata', sensorMetadata],
        ['sensorReport', sensorReports],
      ],
      own,
    ),
  ),
)
const certificates: Writer = (name, value, own) => join([value].flat().map((each) => plain(name, each, own)))

/** Order of the standard fields in the reference vectors of CBV 2.0. */
const order: readonly (readonly [string, Writer])[] = [
  ['eventTime', time],
  ['eventTimeZoneOffset', plain],
  ['certificationInfo', certificates],
  ['parentID', plain],
  ['epcList', epcs],
  ['inputEPCList', epcs],
  ['childEPCs', epcs],
  ['quantityList', quantities],
  ['childQuantityList', quantities],
  ['inputQuantityList', quantities],
  ['outputEPCList', epcs],
  ['outputQuantityList', quantities],
  ['action', plain],
  ['transformationID', plain],
  ['bizStep', term('bizStep')],
  ['disposition', term('disposition')],
  ['persistentDisposition', persistent],
  ['readPoint', place],
  ['bizLocation', place],
  ['sensorElementList', sensorElements],
]
const typed = (field: VocabularyField, name: string) =>
  list((value, own) => {
    const { type, [name]: id } = value as Fields
    return (type === undefined ? '' : term(field)('type', type, own)) + plain(name, id, own)
  })
/** Standard fields that the vectors sort among the extensions. */
const sorted: Readonly<Record<string, Writer>> = {
  bizTransactionList: typed('bizTransactionType', 'bizTransaction'),
  sourceList: typed('sourceDestType', 'source'),
  destinationList: typed('sourceDestType', 'destination'),
  ilmd: (name, value, own) => name + extensions(value as Fields, own),
}
const known = new Set([...unhashed, ...order.map(([name]) => name)])

/**
 * Pre-hash string of an event (CBV 2.0, 8.9): what its hash ID is the digest of. The same for the same event however its fields
 * and lists are ordered, its keys spelled, its prefixes named and its times and numbers written. `eventID`, `recordTime` and
 * `errorDeclaration` take no part.
 */
export function prehash(
  event: EpcisEvent,
  { namespaces = namespacesOf(event['@context']), ignore = none }: PrehashOptions = {},
): string {
  const own = { namespaces, ignore }
  const fields = event as unknown as Fields
  let text = `eventType=${fields.type}`
  for (const [name, write] of order) {
    const value = fields[name]
    if (value !== undefined && value !== null) text += write(name, value, own)
  }
  const rest: string[] = []
  for (const name in fields) {
    const value = fields[name]
    if (known.has(name) || ignore.has(name) || value === undefined || value === null) continue
    const write = sorted[name]
    if (write) rest.push(write(name, value, own))
    else extension(name, value, own, rest)
  }
  return text + join(rest)
}

const none: ReadonlySet<string> = new Set()
const pair = (name: string, value: string): string => (value === '' ? '' : `${name}=${value}`)
const wrap = (name: string, text: string): string => (text === '' ? '' : name + text)

/** Fields in their order, then the extensions beside them. */
function ordered(value: Fields, fields: readonly (readonly [string, Writer])[], own: Own): string {
  let text = ''
  let found = 0
  for (const [name, write] of fields) {
    const each = value[name]
    if (each === undefined) continue
    found++
    if (each !== null) text += write(name, each, own)
  }
  if (found === Object.keys(value).length) return text
  const names = new Set(fields.map(([name]) => name))
  const others = Object.entries(value).filter(([name]) => !names.has(name))
  return text + extensions(Object.fromEntries(others), own)
}

function extensions(value: Fields, own: Own): string {
  const parts: string[] = []
  for (const name in value)
    if (!unhashedExtension.has(name) && !own.ignore.has(name)) extension(name, value[name], own, parts)
  return join(parts)
}
const unhashedExtension = new Set(['rdfs:comment', 'comment', '@context'])

/** Adds an extension; each entry of a list is one of its own. */
function extension(name: string, value: unknown, own: Own, parts: string[]): void {
  if (Array.isArray(value)) {
    for (const each of value) extension(name, each, own, parts)
    return
  }
  if (value === null || value === undefined) return
  const split = splitName(name, own.namespaces)
  const full = split ? `{${split.namespace}}${split.local}` : name
  if (typeof value === 'object') {
    // What an XML element has as text beside attributes or elements.
    const { '#text': text, ...fields } = value as Fields
    parts.push(full + (text === undefined ? '' : pair('', scalar(text, own.namespaces))) + extensions(fields, own))
  } else {
    const text = scalar(value, own.namespaces)
    parts.push(text === '' ? full : `${full}=${text}`)
  }
}

function scalar(value: unknown, namespaces: Namespaces): string {
  if (typeof value === 'number') return canonicalNumber(value)
  return typeof value === 'string' ? canonicalValue(expandCurie(value, namespaces)) : String(value)
}

/** Joins in the order of UTF-8 bytes, which is that of code points. */
function join(parts: string[]): string {
  if (parts.length < 2) return parts[0] ?? ''
  return parts.sort(parts.some((part) => /[\ud800-\udfff]/.test(part)) ? byCodePoint : undefined).join('')
}

function byCodePoint(a: string, b: string): number {
  const [left, right] = [Array.from(a), Array.from(b)]
  const at = left.findIndex((char, i) => char !== right[i])
  return at < 0
    ? left.length - right.length
    : at >= right.length
      ? 1
      : left[at]!.codePointAt(0)! - right[at]!.codePointAt(0)!
}
