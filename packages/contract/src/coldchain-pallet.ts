import Type, { type Static } from 'typebox'
import { CodeText } from './coldchain-model.ts'
import { AreaCode, Choice, Count, defineRoutes, file, Id, Nullable, object, text, Uuid } from './kernel.ts'

const Sscc = Type.String({ pattern: '^[0-9]{18}$', minLength: 18, maxLength: 18 })

/** GS1 company prefix under which pallets are numbered: of a business, or of an area for all that have none of their own. */
export const ColdPrefix = object({
  prefix: Type.String({ pattern: '^[0-9]{4,12}$', minLength: 4, maxLength: 12 }),
  holderId: Nullable(Uuid),
  /** Business or area. */
  name: text(200),
  /** How many pallets were numbered. */
  used: Count,
})
export type ColdPrefix = Static<typeof ColdPrefix>

export const coldPalletRoutes = defineRoutes({
  'cold-pallet.prefixes': {
    method: 'GET',
    path: '/api/coldchain/pallet-prefixes',
    summary: 'GS1 company prefixes of the area under which pallets are numbered',
    permission: 'coldchain.manage',
    response: object({ items: Type.Array(ColdPrefix, { maxItems: 500 }) }),
  },
  'cold-pallet.save-prefix': {
    method: 'POST',
    path: '/api/coldchain/pallet-prefixes',
    summary:
      'Register a GS1 company prefix for the pallets of a business, or of all in an area that have none of their own',
    permission: 'coldchain.manage',
    status: 201,
    body: object({ prefix: ColdPrefix.properties.prefix, areaCode: AreaCode, holderId: Type.Optional(Uuid) }),
    response: ColdPrefix,
  },
  'cold-pallet.issue': {
    method: 'POST',
    path: '/api/coldchain/holders/:id/pallets',
    summary: 'Put boxes on a pallet and give it a number (SSCC); from then on its code stands for all of them',
    permission: 'coldchain.operate',
    params: Id,
    status: 201,
    body: object({
      /** Sent again with the same key, it is answered the same and done once. */
      key: Type.Optional(Uuid),
      codes: Type.Array(CodeText, { minItems: 1, maxItems: 500 }),
    }),
    response: object({ sscc: Sscc, uri: text(200), boxes: Count, grams: Count }),
  },
  'cold-pallet.break': {
    method: 'POST',
    path: '/api/coldchain/holders/:id/pallets/break',
    summary: 'Break a pallet up: its code stands for nothing from now on',
    permission: 'coldchain.operate',
    params: Id,
    body: object({ key: Type.Optional(Uuid), code: CodeText }),
    response: object({ boxes: Count }),
  },
  'cold-pallet.label': {
    method: 'GET',
    path: '/api/coldchain/holders/:id/pallets/:sscc/label',
    summary:
      'Label of a pallet that stands here, with its SSCC as GS1-128 and a QR code: PDF, or ZPL for a label printer',
    permission: 'coldchain.operate',
    params: object({ id: Uuid, sscc: Sscc }),
    query: object({ format: Choice(['pdf', 'zpl']) }),
    response: file('application/pdf', 'text/plain'),
  },
})
