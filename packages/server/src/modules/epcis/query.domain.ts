import type { EventTable, ThingRole } from './epcis.table.ts'

export type Comparison = 'eq' | 'gt' | 'ge' | 'lt' | 'le'

/** What events must have, in a form that knows neither URLs nor SQL. All conditions of a query must hold. */
export type Condition =
  | { readonly on: 'term'; readonly column: TermColumn; readonly values: readonly string[] }
  | { readonly on: 'id'; readonly values: readonly string[] }
  | { readonly on: 'time'; readonly column: TimeColumn; readonly compare: Comparison; readonly at: number }
  | { readonly on: 'thing'; readonly roles: readonly ThingRole[]; readonly isClass: boolean; readonly match: Match }
  | { readonly on: 'quantity'; readonly compare: Comparison; readonly in: Measures }
  | { readonly on: 'fact'; readonly names: readonly string[]; readonly want: FactWant }
  | {
      readonly on: 'sensor'
      readonly places: readonly SensorPlace[]
      readonly field: string
      readonly want: SensorWant
    }
  | { readonly on: 'declared' }
  /** A thing or class in any role. */
  | { readonly on: 'anything'; readonly value: string }
  | { readonly on: 'within'; readonly column: 'readPoint' | 'bizLocation'; readonly values: readonly string[] }
  | {
      readonly on: 'attribute'
      readonly field: AttributeField
      readonly names: readonly string[]
      readonly values: readonly string[] | null
    }

export type TermColumn = keyof Pick<
  EventTable,
  'type' | 'action' | 'bizStep' | 'disposition' | 'readPoint' | 'bizLocation' | 'transformationId' | 'errorReason'
>
export type TimeColumn = 'eventTime' | 'recordTime' | 'declaredAt'
export type SensorPlace = 'element' | 'sensorMetadata' | 'sensorReport'
export const attributeFields = [
  'readPoint',
  'bizLocation',
  'epcClass',
  'source',
  'destination',
  'bizTransaction',
] as const
export type AttributeField = (typeof attributeFields)[number]

/** Values of things: as they stand, and regular expressions for patterns. */
export interface Match {
  readonly values: readonly string[]
  readonly patterns: readonly string[]
}

export type FactWant =
  | { readonly kind: 'exists' }
  | { readonly kind: 'text'; readonly values: readonly string[] }
  | {
      readonly kind: 'any'
      readonly texts: readonly string[]
      readonly numbers: readonly number[]
      readonly times: readonly number[]
    }
  | { readonly kind: 'number'; readonly compare: Comparison; readonly number: number }
  | { readonly kind: 'time'; readonly compare: Comparison; readonly at: number }

/** The same numbers in each unit in which something may have been measured; a null unit is any. */
export type Measures = readonly { readonly uom: string | null; readonly numbers: readonly number[] }[]

export type SensorWant =
  | { readonly kind: 'exists' }
  | { readonly kind: 'text'; readonly values: readonly string[] }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'number'; readonly compare: Comparison; readonly in: Measures }
  | { readonly kind: 'time'; readonly compare: Comparison; readonly at: number }

/** Order of capture unless given; or an extension, of the event or of what is in it, by the names it may have: numbers and times, then texts, then events without it. */
export type Order = 'seq' | 'eventTime' | 'recordTime' | { readonly fact: readonly string[] }

/** A simple event query. */
export interface SimpleQuery {
  readonly conditions: readonly Condition[]
  readonly orderBy: Order
  readonly descending: boolean
  /** Only the first so many. */
  readonly limit: number | null
  /** More than so many are an error. */
  readonly max: number | null
}
