import Type, { type Static } from 'typebox'
import {
  AreaCode,
  Choice,
  Count,
  defineRoutes,
  ImportReport,
  Nullable,
  object,
  PageQuery,
  page,
  text,
  Uuid,
} from './kernel.ts'

export const AreaLevel = Choice(['province', 'city', 'county', 'office', 'grid'])
export const AreaNode = object({
  code: AreaCode,
  name: text(100),
  level: AreaLevel,
  parent: Nullable(AreaCode),
  /** Materialised path of codes, `/350000/350500/350582/`: a subtree is a prefix. */
  path: text(200),
  lon: Nullable(Type.Number()),
  lat: Nullable(Type.Number()),
  /** False for local units that GB/T 2260 does not list (development zones, offices, grids). */
  standard: Type.Boolean(),
})
export type AreaNode = Static<typeof AreaNode>

export const areaRoutes = defineRoutes({
  'area.tree': {
    method: 'GET',
    path: '/api/areas',
    summary: 'All areas that the account sees, parents first',
    permission: 'signed-in',
    response: object({ items: Type.Array(AreaNode) }),
  },
  'area.import': {
    method: 'POST',
    path: '/api/areas/import',
    summary: 'Import offices and grids (XLSX or CSV: code, name, parent, level)',
    permission: 'area.manage',
    upload: true,
    bodyLimit: 50_000_000,
    response: ImportReport,
  },
})

export const PartyItem = object({
  id: Uuid,
  name: text(200),
  creditCode: Nullable(text(18)),
  kind: Choice(['enterprise', 'sole-trader', 'other']),
  licenceNo: Nullable(text(60)),
  status: Choice(['active', 'suspended', 'closed']),
  areaCode: AreaCode,
  areaName: text(100),
  premises: Count,
})

export const partyRoutes = defineRoutes({
  'party.list': {
    method: 'GET',
    path: '/api/parties',
    summary: 'Market entities in an area',
    permission: 'party.read',
    query: object({ area: Type.Optional(AreaCode), q: Type.Optional(text(60)), ...PageQuery }),
    response: page(PartyItem),
  },
  'party.import': {
    method: 'POST',
    path: '/api/parties/import',
    summary: 'Import parties and premises (XLSX or CSV)',
    permission: 'party.manage',
    upload: true,
    bodyLimit: 200_000_000,
    response: ImportReport,
  },
})
