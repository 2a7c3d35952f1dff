import type { Problem } from '../result.ts'
import { boolean, type Check, isUri, list, number, object, string, text, time, uri } from './check.ts'
import { context, term } from './event-check.ts'

const eventTypes = /^(Object|Aggregation|Association|Transformation|Transaction)Event$/
const integer: Check = (value, path, problems) => {
  if (!Number.isInteger(value)) problems.push({ path, rule: 'type', message: 'must be a whole number' })
}
/** A number or a time: what an extension can be compared with. */
const comparable: Check = (value, path, problems) => (typeof value === 'string' ? time : number)(value, path, problems)
const equal: Check = (value, path, problems) =>
  (Array.isArray(value) ? list(string) : comparable)(value, path, problems)
const each = (names: string, check: Check): Record<string, Check> =>
  Object.fromEntries(names.split(/\s+/).map((name) => [name, check]))

const parameters: Readonly<Record<string, Check>> = {
  '@context': context,
  eventType: list(text('event-type', 'must be an event type', (name) => eventTypes.test(name) || isUri(name))),
  EQ_action: list(text('action', 'must be OBSERVE, ADD or DELETE', (name) => /^(OBSERVE|ADD|DELETE)$/.test(name))),
  EQ_bizStep: list(term('bizStep')),
  ...each('EQ_disposition EQ_persistentDisposition_set EQ_persistentDisposition_unset', list(term('disposition'))),
  EQ_errorReason: list(term('errorReason')),
  EQ_type: list(term('measurementType')),
  ...each('eventTime recordTime errorDeclaration_Time time startTime endTime'.replace(/\w+/g, 'GE_$& LT_$&'), time),
  ...each(
    `EQ_readPoint WD_readPoint EQ_bizLocation WD_bizLocation EQ_transformationID MATCH_epc MATCH_parentID MATCH_inputEPC MATCH_outputEPC
     MATCH_anyEPC MATCH_epcClass MATCH_inputEPCClass MATCH_outputEPCClass MATCH_anyEPCClass EQ_eventID EQ_correctiveEventID EQ_deviceID
     EQ_dataProcessingMethod EQ_microorganism EQ_chemicalSubstance EQ_bizRules EQ_uriValue`,
    list(uri),
  ),
  EQ_quantity: list(number),
  ...each('quantity percRank'.replace(/\w+/g, 'GT_$& GE_$& LT_$& LE_$&'), number),
  ...each('EXISTS_errorDeclaration EXISTS_sensorElementList', (value, path, problems) => {
    if (value !== null) integer(value, path, problems)
  }),
  ...each('eventCountLimit maxEventCount', integer),
  ...each('EQ_stringValue EQ_hexBinaryValue', list(string)),
  EQ_booleanValue: boolean,
  orderBy: string,
  orderDirection: text('enum', 'must be ASC or DESC', (name) => name === 'ASC' || name === 'DESC'),
}

const part = '(INNER_)?(ILMD_|ERROR_DECLARATION_|SENSORELEMENT_|SENSORMETADATA_|SENSORREPORT_)?[a-z][a-zA-Z0-9]*:\\w+$'
/** Parameters whose names hold a type, a unit or an extension. */
const families: readonly (readonly [RegExp, Check])[] = [
  [/^EQ_(bizTransaction|source|destination)_[a-z]\w+$/, list(uri)],
  [/^EQ_(value|quantity)_[A-Z0-9]{2,4}$/, list(number)],
  [/^(GT|GE|LT|LE)_(value|minValue|maxValue|meanValue|sDev|percValue|quantity)_[A-Z0-9]{2,4}$/, number],
  [/^EQ_(INNER_)?(readPoint|bizLocation)_[a-z][a-zA-Z0-9]*:\w+$/, equal],
  [/^EQ_ATTR_\w+_\w+$/, equal],
  [/^HASATTR_[a-z][a-zA-Z0-9]*:\w+$/, list(string)],
  [new RegExp(`^EQ_${part}`), equal],
  [new RegExp(`^(GT|GE|LT|LE)_${part}`), comparable],
  [new RegExp(`^EXISTS_${part}`), integer],
]
const named = object(parameters, [], 'any')

/**
 * What is wrong with the parameters of a simple event query in JSON, by the query schema of EPCIS 2.0; empty when nothing is. Rules: those of
 * `validate`, and `enum`.
 */
export function validateQuery(json: unknown): Problem[] {
  const problems: Problem[] = []
  named(json, '', problems)
  if (typeof json !== 'object' || json === null) return problems
  for (const [name, value] of Object.entries(json)) {
    if (Object.hasOwn(parameters, name)) continue
    const family = families.find(([pattern]) => pattern.test(name))
    const path = `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`
    if (family) family[1](value, path, problems)
    else problems.push({ path, rule: 'unknown-property', message: `${name} is not a query parameter` })
  }
  return problems
}
