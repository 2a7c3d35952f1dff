import type { Problem } from '../result.ts'
import { anything, boolean, both, type Check, isUri, list, number, object, string, text, time, uri } from './check.ts'
import { type VocabularyField, vocabularies } from './vocabulary.ts'

const oldCbv = /^(urn:epcglobal:cbv|https?:\/\/ns\.gs1\.org\/cbv\/)/
const webVoc = /^https?:\/\/(www\.)?gs1\.org\/voc\//

/** A short name of the field's vocabulary, or a URI of somebody else's; standard terms are written short in JSON. */
export function term(field: VocabularyField): Check {
  const { names } = vocabularies[field]
  const own = field === 'measurementType' || field === 'exception' ? webVoc : oldCbv
  return text(
    'vocabulary',
    `must be a short name of ${field} or another vocabulary's URI`,
    (value) => names.has(value) || (isUri(value) && !own.test(value)),
  )
}

const uris = list(uri)
const epcs = list(uri, { unique: true })
const quantities = list(
  object(
    {
      epcClass: uri,
      quantity: number,
      uom: text('uom', 'must be a code of two or three capitals or digits', (each) => /^[A-Z0-9]{2,3}$/.test(each)),
    },
    ['epcClass'],
    'none',
  ),
)
const place = object({ id: uri }, ['id'], 'any')
const device = { deviceID: uri, deviceMetadata: uri, rawData: uri, dataProcessingMethod: uri, bizRules: uri, time }
const sensorReport = object(
  {
    ...device,
    type: term('measurementType'),
    exception: term('exception'),
    microorganism: uri,
    chemicalSubstance: uri,
    coordinateReferenceSystem: uri,
    value: number,
    component: term('component'),
    stringValue: string,
    booleanValue: boolean,
    hexBinaryValue: text('hex', 'must be hexadecimal', (each) => /^[A-Fa-f0-9]+$/.test(each)),
    uriValue: uri,
    minValue: number,
    maxValue: number,
    meanValue: number,
    sDev: number,
    percRank: number,
    percValue: number,
    uom: string,
  },
  ['type'],
)
const sensorElements = list(
  object(
    {
      sensorMetadata: object({ ...device, startTime: time, endTime: time }),
      sensorReport: list(sensorReport, { min: 1 }),
    },
    ['sensorReport'],
  ),
)
const dispositions = list(term('disposition'), { min: 1, unique: true })
const persistentDisposition = both(
  object({ set: dispositions, unset: dispositions }, [], 'none'),
  (value, path, problems) => {
    const { set, unset } = value as { set?: unknown; unset?: unknown }
    if (set === undefined && unset === undefined)
      problems.push({ path, rule: 'content', message: 'must have set or unset' })
  },
)

/** A JSON-LD context: address, object, or list of both. */
export const context: Check = (value, path, problems) => {
  for (const each of Array.isArray(value) ? value : [value])
    if (!(typeof each === 'string' ? isUri(each) : typeof each === 'object' && each !== null && !Array.isArray(each)))
      problems.push({ path, rule: 'context', message: 'must be an address, an object, or a list of these' })
}

const common = {
  '@context': context,
  type: anything,
  eventTime: time,
  recordTime: time,
  eventTimeZoneOffset: text('offset', 'must be an offset such as +08:00', (each) =>
    /^[+-]((0\d|1[0-3]):[0-5]\d|14:00)$/.test(each),
  ),
  eventID: uri,
  certificationInfo: ((value, path, problems) =>
    (Array.isArray(value) ? uris : uri)(value, path, problems)) satisfies Check,
  errorDeclaration: object({ declarationTime: time, reason: term('errorReason'), correctiveEventIDs: uris }, [
    'declarationTime',
  ]),
}
const always = ['eventTime', 'eventTimeZoneOffset', 'type']
const what = {
  bizStep: term('bizStep'),
  disposition: term('disposition'),
  readPoint: place,
  bizLocation: place,
  bizTransactionList: list(
    object({ type: term('bizTransactionType'), bizTransaction: uri }, ['bizTransaction'], 'none'),
  ),
  sourceList: list(object({ type: term('sourceDestType'), source: uri }, ['type', 'source'], 'none')),
  destinationList: list(object({ type: term('sourceDestType'), destination: uri }, ['type', 'destination'], 'none')),
  sensorElementList: sensorElements,
}
const action = text('action', 'must be OBSERVE, ADD or DELETE', (each) => /^(OBSERVE|ADD|DELETE)$/.test(each))
const ilmd = object({})
const children = { parentID: uri, childEPCs: uris, childQuantityList: quantities, action }

type Event = Readonly<Record<string, unknown>>
const filled = (value: unknown): boolean => Array.isArray(value) && value.length > 0
const content =
  (holds: (event: Event) => boolean, message: string): Check =>
  (value, path, problems) => {
    if (!holds(value as Event)) problems.push({ path, rule: 'content', message })
  }
const ilmdOnlyAdd: Check = (value, path, problems) => {
  const { ilmd: data, action: done } = value as Event
  if (data !== undefined && done !== 'ADD')
    problems.push({ path: `${path}/ilmd`, rule: 'ilmd', message: 'only an event that adds may have ilmd' })
}
const all =
  (...checks: readonly Check[]): Check =>
  (value, path, problems) => {
    for (const check of checks) check(value, path, problems)
  }
const ifObject =
  (check: Check): Check =>
  (value, path, problems) => {
    if (typeof value === 'object' && value !== null) check(value, path, problems)
  }

const hasChildren = ({ childEPCs, childQuantityList, action: done }: Event) =>
  filled(childEPCs) || filled(childQuantityList) || done === 'DELETE'
const childrenWanted = 'must have children, unless it deletes'

const checks: Readonly<Record<string, Check>> = {
  ObjectEvent: all(
    object({ ...common, ...what, action, epcList: epcs, quantityList: quantities, persistentDisposition, ilmd }, [
      ...always,
      'action',
    ]),
    ifObject(
      content(
        ({ epcList, quantityList, sensorElementList, readPoint }) =>
          Array.isArray(epcList) || filled(quantityList) || (filled(sensorElementList) && readPoint !== undefined),
        'must have epcList, quantityList, or sensorElementList with readPoint',
      ),
    ),
    ifObject(ilmdOnlyAdd),
  ),
  AggregationEvent: all(
    object({ ...common, ...what, ...children }, [...always, 'action']),
    ifObject(content(hasChildren, childrenWanted)),
  ),
  AssociationEvent: all(
    object({ ...common, ...what, ...children }, [...always, 'action', 'parentID']),
    ifObject(content(hasChildren, childrenWanted)),
  ),
  TransactionEvent: all(
    object({ ...common, ...what, action, parentID: uri, epcList: uris, quantityList: quantities }, [
      ...always,
      'action',
      'bizTransactionList',
    ]),
    ifObject(
      content(
        ({ epcList, quantityList, action: done }) =>
          Array.isArray(epcList) || filled(quantityList) || done === 'DELETE',
        'must have epcList or quantityList, unless it deletes',
      ),
    ),
    ifObject((value, path, problems) => {
      const { bizTransactionList } = value as Event
      if (Array.isArray(bizTransactionList) && !filled(bizTransactionList))
        problems.push({ path: `${path}/bizTransactionList`, rule: 'empty', message: 'must not be empty' })
    }),
  ),
  TransformationEvent: all(
    object(
      {
        ...common,
        ...what,
        inputEPCList: epcs,
        inputQuantityList: quantities,
        outputEPCList: epcs,
        outputQuantityList: quantities,
        transformationID: uri,
        persistentDisposition,
        ilmd,
      },
      always,
    ),
    ifObject(
      content(({ inputEPCList, inputQuantityList, outputEPCList, outputQuantityList, transformationID }) => {
        const input = filled(inputEPCList) || filled(inputQuantityList)
        const output = filled(outputEPCList) || filled(outputQuantityList)
        return transformationID === undefined ? input && output : input || output
      }, 'must have inputs and outputs, or a transformationID with either'),
    ),
  ),
}
const extended = object(
  { ...common, type: text('event-type', 'must be an event type of EPCIS or a URI', isUri) },
  always,
  'any',
)

/** One event of any type, as the JSON schema of EPCIS 2.0 has it. */
export const event: Check = (value, path, problems: Problem[]) => {
  const type = typeof value === 'object' && value !== null ? (value as Event).type : undefined
  const check = typeof type === 'string' && Object.hasOwn(checks, type) ? checks[type]! : extended
  check(value, path, problems)
}
