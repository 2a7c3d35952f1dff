/** Any JSON value. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }

/** A JSON-LD context: an address, prefixes, or a list of both. */
export type Context =
  | string
  | { readonly [prefix: string]: Json }
  | readonly (string | { readonly [prefix: string]: Json })[]

/** Extension properties, named by a prefix of the context or by a whole URI. */
export interface Extensions {
  readonly [name: `${string}:${string}`]: Json
}

export type Action = 'OBSERVE' | 'ADD' | 'DELETE'

/** A class of things and how much of it; `uom` is a UN/ECE Recommendation 20 code, left out for pieces. */
export interface QuantityElement {
  readonly epcClass: string
  readonly quantity?: number
  readonly uom?: string
}

export interface BizTransaction {
  readonly type?: string
  readonly bizTransaction: string
}

export interface Source {
  readonly type: string
  readonly source: string
}

export interface Destination {
  readonly type: string
  readonly destination: string
}

/** A read point or business location. */
export interface Place extends Extensions {
  readonly id: string
}

export interface PersistentDisposition {
  readonly set?: readonly string[]
  readonly unset?: readonly string[]
}

export interface ErrorDeclaration extends Extensions {
  readonly declarationTime: string
  readonly reason?: string
  readonly correctiveEventIDs?: readonly string[]
}

export interface SensorMetadata extends Extensions {
  readonly time?: string
  readonly startTime?: string
  readonly endTime?: string
  readonly deviceID?: string
  readonly deviceMetadata?: string
  readonly rawData?: string
  readonly dataProcessingMethod?: string
  readonly bizRules?: string
}

export interface SensorReport extends Extensions {
  readonly type: string
  readonly exception?: string
  readonly deviceID?: string
  readonly deviceMetadata?: string
  readonly rawData?: string
  readonly dataProcessingMethod?: string
  readonly bizRules?: string
  readonly time?: string
  readonly microorganism?: string
  readonly chemicalSubstance?: string
  readonly coordinateReferenceSystem?: string
  readonly value?: number
  readonly component?: string
  readonly stringValue?: string
  readonly booleanValue?: boolean
  readonly hexBinaryValue?: string
  readonly uriValue?: string
  readonly minValue?: number
  readonly maxValue?: number
  readonly meanValue?: number
  readonly sDev?: number
  readonly percRank?: number
  readonly percValue?: number
  readonly uom?: string
}

export interface SensorElement extends Extensions {
  readonly sensorMetadata?: SensorMetadata
  readonly sensorReport: readonly SensorReport[]
}

/** What every event can have. Times are ISO 8601 with an offset; `eventTimeZoneOffset` is `+08:00`. */
interface Common extends Extensions {
  readonly eventTime: string
  readonly eventTimeZoneOffset: string
  readonly recordTime?: string
  readonly eventID?: string
  readonly certificationInfo?: string | readonly string[]
  readonly errorDeclaration?: ErrorDeclaration
  readonly bizStep?: string
  readonly disposition?: string
  readonly readPoint?: Place
  readonly bizLocation?: Place
  readonly sourceList?: readonly Source[]
  readonly destinationList?: readonly Destination[]
  readonly sensorElementList?: readonly SensorElement[]
  readonly '@context'?: Context
}

/** Something happened to things: they were made, seen, or ceased to be. */
export interface ObjectEvent extends Common {
  readonly type: 'ObjectEvent'
  readonly action: Action
  readonly epcList?: readonly string[]
  readonly quantityList?: readonly QuantityElement[]
  readonly bizTransactionList?: readonly BizTransaction[]
  readonly persistentDisposition?: PersistentDisposition
  readonly ilmd?: Extensions
}

interface Containment extends Common {
  readonly action: Action
  readonly childEPCs?: readonly string[]
  readonly childQuantityList?: readonly QuantityElement[]
  readonly bizTransactionList?: readonly BizTransaction[]
}

/** Things were put into or taken out of a container. */
export interface AggregationEvent extends Containment {
  readonly type: 'AggregationEvent'
  readonly parentID?: string
}

/** Things were attached to a place or a carrier that stays what it is. */
export interface AssociationEvent extends Containment {
  readonly type: 'AssociationEvent'
  readonly parentID: string
}

/** Things were tied to business documents. */
export interface TransactionEvent extends Common {
  readonly type: 'TransactionEvent'
  readonly action: Action
  readonly bizTransactionList: readonly BizTransaction[]
  readonly parentID?: string
  readonly epcList?: readonly string[]
  readonly quantityList?: readonly QuantityElement[]
}

/** Things were used up to make others. */
export interface TransformationEvent extends Common {
  readonly type: 'TransformationEvent'
  readonly inputEPCList?: readonly string[]
  readonly inputQuantityList?: readonly QuantityElement[]
  readonly outputEPCList?: readonly string[]
  readonly outputQuantityList?: readonly QuantityElement[]
  readonly transformationID?: string
  readonly bizTransactionList?: readonly BizTransaction[]
  readonly persistentDisposition?: PersistentDisposition
  readonly ilmd?: Extensions
}

export type EpcisEvent = ObjectEvent | AggregationEvent | AssociationEvent | TransactionEvent | TransformationEvent
export type EventType = EpcisEvent['type']

export interface VocabularyElement {
  readonly id: string
  readonly attributes?: readonly { readonly id: string; readonly attribute?: Json }[]
  readonly children?: readonly string[]
}

export interface Vocabulary {
  readonly type: string
  readonly vocabularyElementList?: readonly VocabularyElement[]
}

export interface EpcisHeader extends Extensions {
  readonly epcisMasterData?: { readonly vocabularyList?: readonly Vocabulary[] }
}

interface AnyDocument extends Extensions {
  readonly '@context': Context
  readonly id?: string
}

export interface EpcisDocument extends AnyDocument {
  readonly type: 'EPCISDocument'
  readonly schemaVersion: string
  readonly creationDate: string
  readonly instanceIdentifier?: string
  readonly sender?: string
  readonly receiver?: string
  readonly epcisHeader?: EpcisHeader
  readonly epcisBody: { readonly eventList: readonly EpcisEvent[] }
}

export interface EpcisQueryDocument extends AnyDocument {
  readonly type: 'EPCISQueryDocument'
  readonly schemaVersion?: string
  readonly creationDate?: string
  readonly epcisBody: {
    readonly queryResults: {
      readonly queryName: string
      readonly subscriptionID?: string
      readonly resultsBody: {
        readonly eventList: readonly EpcisEvent[]
        readonly vocabularyList?: readonly Vocabulary[]
      }
    }
  }
}
