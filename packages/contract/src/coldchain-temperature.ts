import Type, { type Static } from 'typebox'
import { Count, defineRoutes, Id, Instant, Nullable, object, text, Uuid } from './kernel.ts'

export const ColdTemperature = object({
  id: Uuid,
  holderName: text(200),
  filename: text(200),
  serial: Nullable(text(60)),
  at: Instant,
  by: text(80),
  from: Instant,
  to: Instant,
  readings: Count,
  /** 0.1 °C. */
  lowest: Type.Integer(),
  highest: Type.Integer(),
  /** For a chart: at most 300 readings, the warmest of each stretch of time, in 0.1 °C. */
  curve: Type.Array(object({ at: Instant, tenths: Type.Integer() }), { maxItems: 300 }),
  /** Rows of the file that were not taken, the first of them. */
  problems: Type.Array(object({ line: Count, message: text(300) }), { maxItems: 50 }),
  refused: Count,
  /** Stays of the lot there in which the limit was not kept, or nothing recorded. */
  exposures: Type.Array(
    object({
      from: Instant,
      to: Instant,
      /** Most of the lot that was there. */
      grams: Count,
      /** Milliseconds beyond the limit, and without a reading. */
      duration: Count,
      unknown: Count,
      /** Farthest from the limit, 0.1 °C. */
      peak: Nullable(Type.Integer()),
    }),
    { maxItems: 500 },
  ),
})
export type ColdTemperature = Static<typeof ColdTemperature>

export const ColdTemperatures = object({
  /** Highest temperature of the goods by their label, 0.1 °C; null where it is not known. */
  limitTenths: Nullable(Type.Integer()),
  items: Type.Array(ColdTemperature, { maxItems: 50 }),
})
export type ColdTemperatures = Static<typeof ColdTemperatures>

export const coldTemperatureRoutes = defineRoutes({
  'cold-temperature.list': {
    method: 'GET',
    path: '/api/coldchain/lots/:id/temperatures',
    summary: 'Temperature records of a lot, newest first, and what they mean for it: exposed how long, how far',
    permission: 'coldchain.read',
    params: Id,
    response: ColdTemperatures,
  },
  'cold-temperature.add': {
    method: 'POST',
    path: '/api/coldchain/lots/:id/temperatures',
    summary: 'Read the file of a temperature logger (CSV) that was with a lot at a holder; refused rows are told',
    permission: 'coldchain.operate',
    params: Id,
    upload: true,
    bodyLimit: 5_000_000,
    status: 201,
    query: object({ holderId: Uuid }),
    response: ColdTemperatures,
  },
})
