import { localTime } from '../dates.ts'
import { hash32 } from '../random.ts'
import type { TradeEvent, TradeParty } from './types.ts'

const dayMs = 86_400_000
const shanghai = 8 * 3_600_000
/** Days from 1900-01-01 to 1970-01-01. */
const unixOffset = 25_567

/** Days since 1900-01-01 and seconds after midnight as ms since 1970, in China. */
export const instant = (epochDay: number, seconds: number): number =>
  (epochDay - unixOffset) * dayMs + seconds * 1000 - shanghai

/** Local time with offset. */
export function timeText(at: number): string {
  const local = Math.floor((at + shanghai) / 1000)
  return localTime(Math.floor(local / 86_400) + unixOffset, ((local % 86_400) + 86_400) % 86_400)
}

/** A UUID (version 8, RFC 9562) that is the same for the same numbers. */
export function uuidOf(a: number, b: number, c: number): string {
  const word = (n: number) => hash32(a, b, c, n).toString(16).padStart(8, '0')
  const [w0, w1, w2, w3] = [word(0), word(1), word(2), word(3)]
  return `${w0}-${w1.slice(0, 4)}-8${w1.slice(5)}-${'89ab'[Number.parseInt(w2[0]!, 16) & 3]}${w2.slice(1, 4)}-${w2.slice(4)}${w3}`
}

export type Part = { lot: string; grams: number }

export type Happening = {
  at: number
  /** Makes two alike events of one instant two. */
  id: string
  place: TradeParty
  from?: TradeParty
  to?: TradeParty
  advice?: string
  documents?: readonly string[]
  /** Temperature at receiving, in 0.1 °C. */
  tenths?: number
}

const quantities = (parts: readonly Part[]) =>
  parts.map(({ lot, grams }) => ({ epcClass: lot, quantity: grams, uom: 'GRM' }))

function common({ at, id, place, from, to, advice, documents = [], tenths }: Happening) {
  const time = timeText(at)
  return {
    eventTime: time,
    eventTimeZoneOffset: '+08:00',
    readPoint: { id: place.locationUri },
    bizLocation: { id: place.locationUri },
    ...(from ? { sourceList: [{ type: 'possessing_party', source: from.uri }] } : {}),
    ...(to ? { destinationList: [{ type: 'possessing_party', destination: to.uri }] } : {}),
    bizTransactionList: [
      ...(advice === undefined ? [] : [{ type: 'desadv', bizTransaction: advice }]),
      { bizTransaction: `urn:uuid:${id}` },
      ...documents.map((bizTransaction) => ({ bizTransaction })),
    ],
    ...(tenths === undefined
      ? {}
      : {
          sensorElementList: [
            { sensorMetadata: { time }, sensorReport: [{ type: 'Temperature', value: tenths / 10, uom: 'CEL' }] },
          ],
        }),
  }
}

/** Something happened to lots at a place. */
export const objectEvent = (
  happening: Happening,
  parts: readonly Part[],
  bizStep: string,
  disposition: string,
  action: 'OBSERVE' | 'ADD' | 'DELETE' = 'OBSERVE',
): TradeEvent => ({
  type: 'ObjectEvent',
  ...common(happening),
  quantityList: quantities(parts),
  action,
  bizStep,
  disposition,
})

/** Lots were made out of others. */
export const transformEvent = (
  happening: Happening,
  inputs: readonly Part[],
  outputs: readonly Part[],
): TradeEvent => ({
  type: 'TransformationEvent',
  ...common(happening),
  inputQuantityList: quantities(inputs),
  outputQuantityList: quantities(outputs),
  bizStep: 'creating_class_instance',
  disposition: 'in_progress',
})
