import { type Namespaces, toShortName, type VocabularyField } from '@vigil/epcis/document'
import { comparableUnits, convertUnit } from '@vigil/epcis/unit'
import { textKey, uriKey } from './key.domain.ts'
import {
  type AttributeField,
  attributeFields,
  type Condition,
  type Measures,
  type Order,
  type SensorPlace,
  type SimpleQuery,
  type TermColumn,
} from './query.domain.ts'
import { extensionField, factNames, wantOf } from './query.extension.ts'
import { matchOf } from './query.match.ts'
import {
  booleanOf,
  comparisonOf,
  countOf,
  existsOf,
  listOf,
  numberOf,
  timeOf,
  type Value,
  wrong,
} from './query.parameter.ts'

type Parser = (name: string, value: Value) => Condition | null
type Family = readonly [
  pattern: RegExp,
  parse: (match: RegExpExecArray, value: Value, namespaces: Namespaces) => Condition | null,
]

const term =
  (column: TermColumn, field: VocabularyField): Parser =>
  (name, value) => ({
    on: 'term',
    column,
    values: listOf(name, value).map((each) => textKey(toShortName(field, each))),
  })
const key =
  (column: TermColumn, of: (text: string) => string): Parser =>
  (name, value) => ({ on: 'term', column, values: listOf(name, value).map(of) })
const thing =
  (roles: Extract<Condition, { on: 'thing' }>['roles'], isClass: boolean): Parser =>
  (name, value) => ({ on: 'thing', roles, isClass, match: matchOf(listOf(name, value), isClass) })
const fact =
  (of: string, read: (text: string) => string): Parser =>
  (name, value) => ({ on: 'fact', names: [of], want: { kind: 'text', values: listOf(name, value).map(read) } })
const sensor =
  (places: readonly SensorPlace[], field: string, read: (text: string) => string = (text) => text): Parser =>
  (name, value) => ({ on: 'sensor', places, field, want: { kind: 'text', values: listOf(name, value).map(read) } })
const within =
  (column: 'readPoint' | 'bizLocation'): Parser =>
  (name, value) => ({ on: 'within', column, values: listOf(name, value).map(uriKey) })

const disposition = (text: string) => textKey(toShortName('disposition', text))
const report: readonly SensorPlace[] = ['sensorReport']
const both: readonly SensorPlace[] = ['sensorMetadata', 'sensorReport']

const eventTypes = /^((Object|Aggregation|Association|Transaction|Transformation)Event|[A-Za-z][\w+.-]*:.+)$/
const actions = /^(OBSERVE|ADD|DELETE)$/
const checked =
  (column: TermColumn, pattern: RegExp, why: string): Parser =>
  (name, value) => {
    const values = listOf(name, value)
    if (!values.every((each) => pattern.test(each))) throw wrong(name, why)
    return { on: 'term', column, values }
  }

/** Parameters of a fixed name (EPCIS 2.0, 8.2.7.1). */
const fixed: Readonly<Record<string, Parser>> = {
  eventType: checked('type', eventTypes, '应为 EPCIS 的事件类型'),
  EQ_action: checked('action', actions, '应为 OBSERVE、ADD 或 DELETE'),
  EQ_bizStep: term('bizStep', 'bizStep'),
  EQ_disposition: term('disposition', 'disposition'),
  EQ_persistentDisposition_set: fact('set', disposition),
  EQ_persistentDisposition_unset: fact('unset', disposition),
  EQ_readPoint: key('readPoint', uriKey),
  WD_readPoint: within('readPoint'),
  EQ_bizLocation: key('bizLocation', uriKey),
  WD_bizLocation: within('bizLocation'),
  EQ_transformationID: key('transformationId', uriKey),
  EQ_eventID: (name, value) => ({ on: 'id', values: listOf(name, value) }),
  MATCH_epc: thing(['epc', 'child'], false),
  MATCH_parentID: thing(['parent'], false),
  MATCH_inputEPC: thing(['input'], false),
  MATCH_outputEPC: thing(['output'], false),
  MATCH_anyEPC: thing(['epc', 'child', 'parent', 'input', 'output'], false),
  MATCH_epcClass: thing(['epc', 'child'], true),
  MATCH_inputEPCClass: thing(['input'], true),
  MATCH_outputEPCClass: thing(['output'], true),
  MATCH_anyEPCClass: thing(['epc', 'child', 'input', 'output'], true),
  EXISTS_errorDeclaration: (name, value) => (existsOf(name, value) ? { on: 'declared' } : null),
  EQ_errorReason: term('errorReason', 'errorReason'),
  EQ_correctiveEventID: fact('corrective', textKey),
  EXISTS_sensorElementList: (name, value) =>
    existsOf(name, value) ? { on: 'sensor', places: ['element'], field: '', want: { kind: 'exists' } } : null,
  EQ_type: sensor(report, 'type', (text) => toShortName('measurementType', text)),
  EQ_deviceID: sensor(both, 'deviceID'),
  EQ_dataProcessingMethod: sensor(both, 'dataProcessingMethod'),
  EQ_bizRules: sensor(both, 'bizRules'),
  EQ_microorganism: sensor(report, 'microorganism'),
  EQ_chemicalSubstance: sensor(report, 'chemicalSubstance'),
  EQ_stringValue: sensor(report, 'stringValue'),
  EQ_hexBinaryValue: sensor(report, 'hexBinaryValue'),
  EQ_uriValue: sensor(report, 'uriValue'),
  EQ_booleanValue: (name, value) => ({
    on: 'sensor',
    places: report,
    field: 'booleanValue',
    want: { kind: 'boolean', value: booleanOf(name, value) },
  }),
}

const timeColumns = {
  eventTime: 'eventTime',
  recordTime: 'recordTime',
  errorDeclarationTime: 'declaredAt',
  errorDeclaration_Time: 'declaredAt',
} as const
/** Only EQ takes several. */
const numbersOf = (name: string, operator: string, value: Value): number[] =>
  operator === 'EQ' ? listOf(name, value).map((each) => numberOf(name, each)) : [numberOf(name, value)]

/** Numbers in every unit that measures the same as the one that was named. @param width of a spread, which has no zero */
const measured = (numbers: readonly number[], uom: string | undefined, width: boolean): Measures =>
  uom === undefined
    ? [{ uom: null, numbers }]
    : comparableUnits(uom).map((unit) => ({
        uom: unit,
        numbers: numbers.map((each) => convertUnit(each, uom, unit, width)!),
      }))

/** Parameters whose names hold a type, a unit or an extension. */
const families: readonly Family[] = [
  [
    /^(GE|LT)_(eventTime|recordTime|errorDeclarationTime|errorDeclaration_Time)$/,
    ([name, operator, field], value) => ({
      on: 'time',
      column: timeColumns[field as keyof typeof timeColumns],
      compare: comparisonOf(operator!),
      at: timeOf(name, value),
    }),
  ],
  [
    /^(GE|LT)_(startTime|endTime|time)$/,
    ([name, operator, field], value) => ({
      on: 'sensor',
      places: field === 'time' ? both : ['sensorMetadata'],
      field: field!,
      want: { kind: 'time', compare: comparisonOf(operator!), at: timeOf(name, value) },
    }),
  ],
  [
    /^EQ_bizTransaction_(.+)$/,
    ([name, type], value) => ({
      on: 'fact',
      names: [`bizTransaction/${textKey(toShortName('bizTransactionType', type!))}`],
      want: { kind: 'text', values: listOf(name, value).map(uriKey) },
    }),
  ],
  [
    /^EQ_(source|destination)_(.+)$/,
    ([name, field, type], value) => ({
      on: 'fact',
      names: [`${field}/${textKey(toShortName('sourceDestType', type!))}`],
      want: { kind: 'text', values: listOf(name, value).map(uriKey) },
    }),
  ],
  [
    /^(EQ|GT|GE|LT|LE)_quantity(?:_([A-Z0-9]{2,4}))?$/,
    ([name, operator, uom], value) => ({
      on: 'quantity',
      compare: comparisonOf(operator!),
      in: measured(numbersOf(name, operator!, value), uom, false),
    }),
  ],
  [
    /^(EQ|GT|GE|LT|LE)_(?:(value|minValue|maxValue|meanValue|sDev|percValue)_([A-Z0-9]{2,4})|(percRank))$/,
    ([name, operator, field, uom, rank], value) => ({
      on: 'sensor',
      places: report,
      field: (field ?? rank)!,
      want: {
        kind: 'number',
        compare: comparisonOf(operator!),
        in: measured(numbersOf(name, operator!, value), uom, field === 'sDev'),
      },
    }),
  ],
  [
    /^HASATTR_(\w+)$/,
    ([name, field], value) => ({
      on: 'attribute',
      field: attributeField(name, field!),
      names: listOf(name, value),
      values: null,
    }),
  ],
  [
    /^EQ_?ATTR_([A-Za-z]+)_(.+)$/,
    ([name, field, attribute], value) => ({
      on: 'attribute',
      field: attributeField(name, field!),
      names: [attribute!],
      values: listOf(name, value).map(textKey),
    }),
  ],
  [
    new RegExp(`^(EQ|GT|GE|LT|LE|EXISTS)_(${extensionField})$`),
    ([parameter, operator, field], value, namespaces) => {
      const want = wantOf(parameter, operator!, value)
      return want && { on: 'fact', names: factNames(parameter, field!, namespaces), want }
    },
  ],
]

function attributeField(name: string, field: string): AttributeField {
  const known = attributeFields.find((each) => each === field)
  if (!known) throw wrong(name, `主数据属性只能用于 ${attributeFields.join('、')}`)
  return known
}

const controls = new Set(['orderBy', 'orderDirection', 'eventCountLimit', 'maxEventCount', '@context', 'queryName'])

/**
 * A simple event query from its parameters, from a URL or from JSON.
 * @throws Problem 400 QueryParameterException for a parameter that does not exist or has an impossible value
 */
export function parseQuery(parameters: ReadonlyMap<string, Value>, namespaces: Namespaces): SimpleQuery {
  const conditions: Condition[] = []
  for (const [name, value] of parameters) {
    if (controls.has(name)) continue
    const parser = Object.hasOwn(fixed, name) ? fixed[name] : undefined
    let condition: Condition | null | undefined
    if (parser) condition = parser(name, value)
    else
      for (const [pattern, parse] of families) {
        const match = pattern.exec(name)
        if (!match) continue
        condition = parse(match, value, namespaces)
        break
      }
    if (condition === undefined) throw wrong(name, '没有这个查询参数')
    if (condition) conditions.push(condition)
  }
  const control = <T>(name: string, read: (name: string, value: Value) => T): T | null =>
    parameters.has(name) ? read(name, parameters.get(name)) : null
  const orderBy = control('orderBy', (name, value): Order => {
    if (value === 'eventTime' || value === 'recordTime') return value
    if (typeof value !== 'string' || !new RegExp(`^${extensionField}$`).test(value))
      throw wrong(name, '只能按 eventTime、recordTime 或扩展字段排序')
    return { fact: factNames(name, value, namespaces) }
  })
  const direction = control('orderDirection', (name, value) => {
    if (value !== 'ASC' && value !== 'DESC') throw wrong(name, '应为 ASC 或 DESC')
    return value
  })
  const limit = control('eventCountLimit', countOf)
  const max = control('maxEventCount', countOf)
  if (limit !== null && max !== null) throw wrong('maxEventCount', '不能与 eventCountLimit 同时使用')
  // The standard's default is descending; without an order there is no direction.
  return { conditions, orderBy: orderBy ?? 'seq', descending: orderBy !== null && direction !== 'ASC', limit, max }
}
