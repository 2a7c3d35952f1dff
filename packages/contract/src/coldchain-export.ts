import Type from 'typebox'
import { ColdLot } from './coldchain-model.ts'
import {
  AreaCode,
  Choice,
  Count,
  DayText,
  defineRoutes,
  file,
  Id,
  Instant,
  object,
  requiredText,
  text,
} from './kernel.ts'
import { revealPurposes } from './terms.ts'

/** Whether a file is about the lot alone, what became of it, or what it came from. */
export const ColdReach = Choice(['lot', 'forward', 'backward'])

const Figures = {
  lots: Count,
  boxes: Count,
  grams: Count,
  released: Count,
  violations: Count,
  withdrawnGrams: Count,
}

/** What leaves the cold chain: look-up by any number, statistics, events as a document, the signing key, a driver in clear. */
export const coldExportRoutes = defineRoutes({
  'cold-chain.find': {
    method: 'GET',
    path: '/api/coldchain/find',
    summary:
      'Lots behind any code or number: box, SSCC, Digital Link, lot, supplier lot, container, declaration or certificate number',
    permission: 'coldchain.read',
    query: object({ q: text(300, { minLength: 2 }) }),
    response: object({ items: Type.Array(ColdLot, { maxItems: 200 }) }),
  },
  'cold-chain.statistics': {
    method: 'GET',
    path: '/api/coldchain/statistics',
    summary: 'Lots, cases, grams, releases, violations and grams taken off sale, by county and by day, from rollups',
    permission: 'coldchain.read',
    query: object({ from: DayText, to: DayText, area: Type.Optional(AreaCode) }),
    response: object({
      counties: Type.Array(object({ areaCode: AreaCode, areaName: text(100), ...Figures }), { maxItems: 400 }),
      days: Type.Array(object({ day: DayText, ...Figures }), { maxItems: 1500 }),
      total: object(Figures),
    }),
  },
  'cold-lot.epcis': {
    method: 'GET',
    path: '/api/coldchain/lots/:id/epcis',
    summary: 'Events of a lot, or of its trace, as an EPCIS 2.0 document in JSON-LD; numbered, hashed and recorded',
    permission: 'coldchain.read',
    params: Id,
    query: object({ reach: ColdReach }),
    response: file('application/ld+json'),
  },
  'cold-declaration.reveal-driver': {
    method: 'POST',
    path: '/api/coldchain/declarations/:id/driver',
    summary: 'Name and mobile of the driver in clear, with purpose and reason; recorded',
    permission: 'coldchain.inspect',
    params: Id,
    body: object({ purpose: Choice(revealPurposes), reason: requiredText(300) }),
    response: object({ name: text(80), mobile: text(40), vehicle: text(20) }),
  },
  'cold-public.keys': {
    method: 'GET',
    path: '/api/coldchain/public/keys',
    summary: 'Public keys (Ed25519, JWK x) that sign exit certificates, for checking them without a network',
    permission: 'public',
    response: object({
      keys: Type.Array(object({ keyId: text(16), x: text(60) }), { maxItems: 10 }),
      at: Instant,
    }),
  },
})
