import type { VocabularyField } from '../document/vocabulary.ts'
import type { XmlElement } from './parse.ts'

/** Namespaces of EPCIS 2.0 XML; those of 1.x end in `:1`. */
export const epcisXml = 'urn:epcglobal:epcis:xsd:2'
export const queryXml = 'urn:epcglobal:epcis-query:xsd:2'
export const headerXml = 'http://www.unece.org/cefact/namespaces/StandardBusinessDocumentHeader'
/** Ours: attributes that say what XML cannot (a number, a list of one), so that JSON comes back as it was. */
export const jsonXml = 'urn:vigil:epcis:json'

/** How a standard field of an event stands in XML. */
export type Shape =
  | 'text'
  | 'epcs'
  | 'quantities'
  | 'place'
  | 'typed'
  | 'sensors'
  | 'dispositions'
  | 'error'
  | 'ilmd'
  | 'texts'

const shapes: Readonly<Record<string, Shape>> = {
  eventTime: 'text',
  recordTime: 'text',
  eventTimeZoneOffset: 'text',
  eventID: 'text',
  errorDeclaration: 'error',
  certificationInfo: 'texts',
  parentID: 'text',
  epcList: 'epcs',
  childEPCs: 'epcs',
  inputEPCList: 'epcs',
  inputQuantityList: 'quantities',
  outputEPCList: 'epcs',
  outputQuantityList: 'quantities',
  transformationID: 'text',
  action: 'text',
  bizStep: 'text',
  disposition: 'text',
  readPoint: 'place',
  bizLocation: 'place',
  bizTransactionList: 'typed',
  quantityList: 'quantities',
  childQuantityList: 'quantities',
  sourceList: 'typed',
  destinationList: 'typed',
  sensorElementList: 'sensors',
  persistentDisposition: 'dispositions',
  ilmd: 'ilmd',
}

/** Shape of a field, or undefined for extensions. */
export const shapeOf = (field: string): Shape | undefined => (Object.hasOwn(shapes, field) ? shapes[field] : undefined)

/** Fields in the order of the XML schema: a transaction event has its documents first, an association its quantities beside its things. */
export function fieldsOf(type: string): readonly string[] {
  const fields = Object.keys(shapes)
  if (type === 'AssociationEvent')
    return fields.flatMap((field) =>
      field === 'childEPCs' ? [field, 'childQuantityList'] : field === 'childQuantityList' ? [] : [field],
    )
  if (type !== 'TransactionEvent') return fields
  return ['bizTransactionList', ...fields.filter((field) => field !== 'bizTransactionList')].sort(
    (a, b) => Number(leading.has(b)) - Number(leading.has(a)),
  )
}
const leading = new Set([
  'eventTime',
  'recordTime',
  'eventTimeZoneOffset',
  'eventID',
  'errorDeclaration',
  'certificationInfo',
])

/** Fields and attributes whose values are terms of a vocabulary. */
export const termFields: Readonly<Record<string, VocabularyField>> = {
  bizStep: 'bizStep',
  disposition: 'disposition',
  bizTransaction: 'bizTransactionType',
  source: 'sourceDestType',
  destination: 'sourceDestType',
  reason: 'errorReason',
  set: 'disposition',
  unset: 'disposition',
  type: 'measurementType',
  exception: 'exception',
  component: 'component',
}

/** Attributes of a sensor report that are numbers. */
export const numbers = new Set(['value', 'minValue', 'maxValue', 'meanValue', 'sDev', 'percRank', 'percValue'])

/** Whether an element is of somebody else's namespace. */
export const isExtension = ({ prefix, namespace }: Pick<XmlElement, 'prefix' | 'namespace'>): boolean =>
  prefix !== '' && !/^urn:epcglobal:epcis(-\w+)?:xsd:/.test(namespace) && namespace !== headerXml
