import { type EpcisEvent, expandCurie, namespacesOf, parseInstant, toShortName } from '@vigil/epcis/document'
import { canonicalUri } from '@vigil/epcis/identifier'

type Fields = Readonly<Record<string, unknown>>
const list = (value: unknown): unknown[] => (value === undefined ? [] : Array.isArray(value) ? value : [value])
const same = (uri: unknown): string => canonicalUri(String(uri)) ?? String(uri)
const millis = (text: unknown): number | undefined => (typeof text === 'string' ? parseInstant(text)?.time : undefined)
const compare: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  EQ: (a, b) => a === b,
  GT: (a, b) => a > b,
  GE: (a, b) => a >= b,
  LT: (a, b) => a < b,
  LE: (a, b) => a <= b,
}
/** A number of the query's unit in that of a report, to a billionth. */
const units: Readonly<Record<string, Readonly<Record<string, (number: number) => number>>>> = {
  CEL: { CEL: (n) => n, FAH: (n) => Number(((n * 9) / 5 + 32).toFixed(9)) },
  FAH: { FAH: (n) => n, CEL: (n) => Number((((n - 32) * 5) / 9).toFixed(9)) },
  KGM: { KGM: (n) => n, GRM: (n) => n * 1000 },
  GRM: { GRM: (n) => n, KGM: (n) => n / 1000 },
}
const anyOf = (values: unknown[], wanted: string[]): boolean => values.some((value) => wanted.includes(String(value)))

/** Whether a URN pattern such as `urn:epc:idpat:sgtin:4012345.*.*` takes a thing in its URN spelling. */
function fits(pattern: string, urn: string): boolean {
  const [wanted, parts] = [pattern, urn].map((each) => each.split(':').slice(4).join(':').split('.')) as [
    string[],
    string[],
  ]
  const scheme = (each: string) => each.split(':')[3]
  return scheme(pattern) === scheme(urn) && wanted.every((each, i) => each === '*' || each === parts[i])
}

const lists = {
  epc: ['epcList', 'childEPCs'],
  parentID: ['parentID'],
  inputEPC: ['inputEPCList'],
  outputEPC: ['outputEPCList'],
  anyEPC: ['epcList', 'childEPCs', 'parentID', 'inputEPCList', 'outputEPCList'],
  epcClass: ['quantityList', 'childQuantityList'],
  inputEPCClass: ['inputQuantityList'],
  outputEPCClass: ['outputQuantityList'],
  anyEPCClass: ['quantityList', 'childQuantityList', 'inputQuantityList', 'outputQuantityList'],
} as const

/** Values of an extension by its full name, on top or below another one. */
function extensionValues(holders: unknown[], name: string, inner: boolean, event: EpcisEvent): unknown[] {
  const namespaces = namespacesOf(event['@context'])
  const found: unknown[] = []
  const walk = (value: unknown, depth: number): void => {
    if (Array.isArray(value)) for (const each of value) walk(each, depth)
    else if (typeof value === 'object' && value !== null)
      for (const [key, below] of Object.entries(value)) {
        if (depth === 0 && !key.includes(':')) continue
        if (expandCurie(key, namespaces) === name && depth > 0 === inner) found.push(...list(below))
        walk(below, depth + 1)
      }
  }
  for (const holder of holders) walk(holder, 0)
  return found
}

function extensionHolds(operator: string, values: unknown[], text: string): boolean {
  if (operator === 'EXISTS') return text === 'false' || values.length > 0
  const scalars = values.filter((value) => typeof value !== 'object')
  const isNumber = (each: unknown) => /^-?\d+(\.\d+)?$/.test(String(each))
  if (operator === 'EQ')
    return scalars.some((value) =>
      text
        .split('|')
        .some(
          (each) =>
            String(value) === each ||
            (isNumber(value) && isNumber(each) && Number(value) === Number(each)) ||
            (millis(each) !== undefined && millis(value) === millis(each)),
        ),
    )
  const at = millis(text)
  return scalars.some((value) => {
    const left = at === undefined ? (isNumber(value) ? Number(value) : undefined) : millis(value)
    return left !== undefined && compare[operator]!(left, at ?? Number(text))
  })
}

const sensorTexts = [
  'deviceID',
  'dataProcessingMethod',
  'bizRules',
  'stringValue',
  'uriValue',
  'microorganism',
  'booleanValue',
  'type',
]

/**
 * Plain reading of one parameter of a simple event query (EPCIS 2.0, 8.2.7.1) on one event, written without a look at how the
 * server does it. Times are compared in milliseconds.
 * @param urns things of the test by canonical URI in their URN spelling
 */
export function holds(event: EpcisEvent, name: string, text: string, urns: ReadonlyMap<string, string>): boolean {
  const fields = event as unknown as Fields
  const wanted = text.split('|')
  const error = event.errorDeclaration
  const reports = (event.sensorElementList ?? []).flatMap(({ sensorReport }) => sensorReport as unknown as Fields[])
  const metadata = (event.sensorElementList ?? []).flatMap(
    ({ sensorMetadata }) => (sensorMetadata ?? []) as unknown as Fields[],
  )
  const [, operator = '', field = ''] = /^([A-Z]+)_(.+)$/.exec(name) ?? []

  if (name === 'eventType') return wanted.includes(event.type)
  if (name === 'EQ_action') return anyOf(list(fields.action), wanted)
  if (field === 'bizStep' || field === 'disposition')
    return anyOf(
      list(fields[field]),
      wanted.map((each) => toShortName(field, each)),
    )
  if (field === 'errorReason') return anyOf(list(error?.reason), wanted)
  if (field === 'correctiveEventID') return anyOf(list(error?.correctiveEventIDs), wanted)
  if (name === 'EXISTS_errorDeclaration') return text === 'false' || error !== undefined
  if (name === 'EXISTS_sensorElementList') return text === 'false' || reports.length > 0
  if (field === 'readPoint' || field === 'bizLocation')
    return anyOf(list((fields[field] as Fields | undefined)?.id).map(same), wanted.map(same))
  if (field === 'transformationID') return anyOf(list(fields[field]), wanted)
  if (field === 'eventID') return anyOf(list(event.eventID), wanted)
  if (field === 'eventTime') return compare[operator]!(millis(event.eventTime)!, millis(text)!)
  if (field === 'recordTime') return compare[operator]!(millis(event.recordTime)!, millis(text)!)
  if (field === 'errorDeclarationTime')
    return error !== undefined && compare[operator]!(millis(error.declarationTime)!, millis(text)!)
  const persistent = /^persistentDisposition_(set|unset)$/.exec(field)?.[1]
  if (persistent) return anyOf(list((fields.persistentDisposition as Fields | undefined)?.[persistent]), wanted)
  if (operator === 'MATCH') {
    const values = lists[field as keyof typeof lists]
      .flatMap((each) => list(fields[each]))
      .map((each) => same(typeof each === 'object' ? (each as Fields).epcClass : each))
    return values.some((value) =>
      wanted.some((each) =>
        each.includes('*') && !field.endsWith('Class') ? fits(each, urns.get(value) ?? '') : same(each) === value,
      ),
    )
  }
  const party = /^(bizTransaction|source|destination)_(.+)$/.exec(field)
  if (party)
    return list(fields[`${party[1]}List`]).some((each) => {
      const entry = each as Fields
      return entry.type === party[2] && wanted.map(same).includes(same(entry[party[1]!]))
    })
  const quantity = /^quantity(?:_(\w+))?$/.exec(field)
  if (quantity)
    return lists.anyEPCClass
      .flatMap((each) => list(fields[each]) as Fields[])
      .some(
        (each) =>
          typeof each.quantity === 'number' &&
          (quantity[1] === undefined || units[quantity[1]]?.[String(each.uom)] !== undefined) &&
          wanted.some((number) => {
            const same = quantity[1] === undefined ? Number : units[quantity[1]]![String(each.uom)]!
            return compare[operator]!(each.quantity as number, same(Number(number)))
          }),
      )
  if (sensorTexts.includes(field)) {
    const places = /deviceID|dataProcessingMethod|bizRules/.test(field) ? [...metadata, ...reports] : reports
    return places.some((each) => each[field] !== undefined && wanted.includes(String(each[field])))
  }
  const value =
    /^(value|minValue|maxValue|meanValue|sDev|percValue)_(\w+)$/.exec(field) ??
    (field === 'percRank' ? ['', field, ''] : null)
  if (value)
    return reports.some(
      (each) =>
        typeof each[value[1]!] === 'number' &&
        (value[2] === '' || units[value[2]!]?.[String(each.uom)] !== undefined) &&
        wanted.some((number) => {
          const same = value[2] === '' ? Number : units[value[2]!]![String(each.uom)]!
          return compare[operator]!(each[value[1]!] as number, same(Number(number)))
        }),
    )
  if (/^(startTime|endTime|time)$/.test(field))
    return (field === 'time' ? [...metadata, ...reports] : metadata).some((each) => {
      const at = millis(each[field])
      return at !== undefined && compare[operator]!(at, millis(text)!)
    })
  const [, inner, place = '', prefixed] =
    /^(INNER_)?(ILMD_|ERROR_DECLARATION_|SENSORELEMENT_|SENSORMETADATA_|SENSORREPORT_|readPoint_|bizLocation_)?(.+)$/.exec(
      field,
    )!
  const holders: Readonly<Record<string, unknown[]>> = {
    '': [fields],
    ILMD_: list(fields.ilmd),
    ERROR_DECLARATION_: list(error),
    SENSORELEMENT_: list(event.sensorElementList),
    SENSORMETADATA_: metadata,
    SENSORREPORT_: reports,
    readPoint_: list(event.readPoint),
    bizLocation_: list(event.bizLocation),
  }
  const full = prefixed!.replace(/^q:/, 'https://example.com/ns/')
  return extensionHolds(operator, extensionValues(holders[place]!, full, inner !== undefined, event), text)
}
