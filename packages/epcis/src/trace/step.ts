import { type EpcisEvent, parseInstant, toShortName } from '../document/index.ts'
import type { Destination, QuantityElement, Source } from '../document/types.ts'
import { canonicalUri } from '../identifier/index.ts'
import { gramsOf } from '../mass/index.ts'

/** An event to be traced, by an identifier of the caller's (its hash ID, its row). */
export interface TraceEvent {
  readonly id: string
  readonly event: EpcisEvent
}

/** A thing or class in an event, by its canonical URI; `grams` when its mass is known in whole grams. */
export interface Part {
  readonly uri: string
  readonly grams: number | null
}

/** From whom to whom, by party or location URI; null where the event does not say. */
export interface Handover {
  readonly from: string | null
  readonly to: string | null
}

/** An event as tracing sees it. `things` are what it is about; a transformation has `inputs` and `outputs` instead. */
export interface Step {
  readonly id: string
  readonly kind: EpcisEvent['type']
  readonly action: 'ADD' | 'OBSERVE' | 'DELETE' | null
  /** Milliseconds since 1970. */
  readonly time: number
  readonly bizStep: string | null
  readonly disposition: string | null
  readonly place: string | null
  readonly parent: string | null
  readonly things: readonly Part[]
  readonly inputs: readonly Part[]
  readonly outputs: readonly Part[]
  readonly transformation: string | null
  readonly documents: readonly string[]
  readonly possession: Handover
  readonly ownership: Handover
}

const canonical = (uri: string): string => canonicalUri(uri) ?? uri
const whole = (list: readonly string[] = []): Part[] => list.map((uri) => ({ uri: canonical(uri), grams: null }))
const weighed = (list: readonly QuantityElement[] = []): Part[] =>
  list.map((each) => ({ uri: canonical(each.epcClass), grams: gramsOf(each) }))

function handover({ sourceList = [], destinationList = [] }: EpcisEvent, type: string): Handover {
  const is = (each: Source | Destination) => toShortName('sourceDestType', each.type) === type
  const from = sourceList.find(is)?.source
  const to = destinationList.find(is)?.destination
  return { from: from === undefined ? null : canonical(from), to: to === undefined ? null : canonical(to) }
}

/** A valid event as a step. Keys are canonical, so that every spelling of one is one thing. */
export function stepOf({ id, event }: TraceEvent): Step {
  const all = event as EpcisEvent & { [name: string]: never }
  const lists = event.type === 'TransformationEvent' ? { inputs: 'input', outputs: 'output' } : null
  const place = event.bizLocation ?? event.readPoint
  const parent = 'parentID' in event && typeof event.parentID === 'string' ? canonical(event.parentID) : null
  return {
    id,
    kind: event.type,
    action: 'action' in event ? event.action : null,
    time: parseInstant(event.eventTime)?.time ?? 0,
    bizStep: event.bizStep === undefined ? null : toShortName('bizStep', event.bizStep),
    disposition: event.disposition === undefined ? null : toShortName('disposition', event.disposition),
    place: place === undefined ? null : canonical(place.id),
    parent,
    things: lists
      ? []
      : [
          ...whole(all.epcList),
          ...whole(all.childEPCs),
          ...weighed(all.quantityList),
          ...weighed(all.childQuantityList),
        ],
    inputs: lists ? [...whole(all.inputEPCList), ...weighed(all.inputQuantityList)] : [],
    outputs: lists ? [...whole(all.outputEPCList), ...weighed(all.outputQuantityList)] : [],
    transformation: event.type === 'TransformationEvent' ? (event.transformationID ?? null) : null,
    documents: ('bizTransactionList' in event ? (event.bizTransactionList ?? []) : []).map((each) =>
      canonical(each.bizTransaction),
    ),
    possession: handover(event, 'possessing_party'),
    ownership: handover(event, 'owning_party'),
  }
}
