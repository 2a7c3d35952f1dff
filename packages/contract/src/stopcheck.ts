import Type, { type Static } from 'typebox'
import {
  AreaCode,
  Choice,
  Count,
  DayText,
  defineRoutes,
  file,
  Id,
  Instant,
  Nullable,
  object,
  PageQuery,
  page,
  requiredText,
  StoreCode,
  text,
  Uuid,
} from './kernel.ts'
import { stopCheckAnswers, stopCheckPoints, stopCheckResults } from './stopsale.terms.ts'

const Figures = { total: Count, done: Count, passed: Count, failed: Count }

export const StopCampaign = object({
  ...Figures,
  id: Uuid,
  name: text(60),
  areaCode: AreaCode,
  areaName: text(100),
  orderId: Nullable(Uuid),
  dueOn: DayText,
  state: Choice(['open', 'closed']),
  createdAt: Instant,
  createdBy: text(60),
  manageable: Type.Boolean(),
})
export type StopCampaign = Static<typeof StopCampaign>

export const StopCheckPhoto = object({ id: Uuid, filename: text(200), bytes: Count, at: Instant, by: text(60) })
export type StopCheckPhoto = Static<typeof StopCheckPhoto>

const Answer = object({ point: Choice(stopCheckPoints), answer: Choice(stopCheckAnswers) })

export const StopCheckTask = object({
  id: Uuid,
  campaignId: Uuid,
  campaignName: text(60),
  dueOn: DayText,
  storeCode: StoreCode,
  storeName: text(120),
  address: text(200),
  phone: Nullable(text(30)),
  areaName: text(100),
  result: Choice(stopCheckResults),
  answers: Type.Array(Answer, { maxItems: 5 }),
  note: text(500),
  officer: Nullable(text(60)),
  doneAt: Nullable(Instant),
  revision: Count,
  photos: Type.Array(StopCheckPhoto, { maxItems: 9 }),
})
export type StopCheckTask = Static<typeof StopCheckTask>

export const stopCheckRoutes = defineRoutes({
  'stop-check.list': {
    method: 'GET',
    path: '/api/stop-checks',
    summary: 'Inspection campaigns that reach into the own area, with its progress',
    permission: 'stopsale.read',
    response: object({ items: Type.Array(StopCampaign, { maxItems: 200 }) }),
  },
  'stop-check.create': {
    method: 'POST',
    path: '/api/stop-checks',
    summary: 'Inspect all stores of an area: one task for each',
    permission: 'stopsale.manage',
    status: 201,
    body: object({
      name: requiredText(60),
      areaCode: AreaCode,
      orderId: Nullable(Uuid),
      dueOn: DayText,
    }),
    response: StopCampaign,
  },
  'stop-check.close': {
    method: 'POST',
    path: '/api/stop-checks/:id/close',
    summary: 'Close a campaign; what was not inspected stays so',
    permission: 'stopsale.manage',
    params: Id,
    response: StopCampaign,
  },
  'stop-check.progress': {
    method: 'GET',
    path: '/api/stop-checks/:id/progress',
    summary: 'A campaign by area and by point of the checklist',
    permission: 'stopsale.read',
    params: Id,
    response: object({
      campaign: StopCampaign,
      areas: Type.Array(object({ ...Figures, areaCode: AreaCode, areaName: text(100) }), { maxItems: 500 }),
      points: Type.Array(object({ point: Choice(stopCheckPoints), yes: Count, no: Count, na: Count }), { maxItems: 5 }),
    }),
  },
  'stop-check.tasks': {
    method: 'GET',
    path: '/api/stop-checks/:id/tasks',
    summary: 'Tasks of a campaign in the own area, what is still to do first',
    permission: 'stopsale.read',
    params: Id,
    query: object({
      area: Type.Optional(AreaCode),
      result: Type.Optional(Choice(stopCheckResults)),
      q: Type.Optional(text(60)),
      ...PageQuery,
    }),
    response: page(StopCheckTask),
  },
  'stop-check.store': {
    method: 'GET',
    path: '/api/stop-checks/stores/:code',
    summary: 'What inspections of stop-sale orders found in a store, newest first',
    permission: 'stopsale.read',
    params: object({ code: StoreCode }),
    response: object({ items: Type.Array(StopCheckTask, { maxItems: 20 }) }),
  },
  'stop-check.submit': {
    method: 'POST',
    path: '/api/stop-check-tasks/:id',
    summary: 'Record what was found in a store; 409 when somebody else was first',
    permission: 'compliance.handle',
    params: Id,
    body: object({
      revision: Count,
      answers: Type.Array(Answer, { minItems: 5, maxItems: 5 }),
      note: text(500),
    }),
    response: StopCheckTask,
  },
  'stop-check.add-photo': {
    method: 'POST',
    path: '/api/stop-check-tasks/:id/photos',
    summary: 'Keep a photo taken in the store (PNG, JPEG)',
    permission: 'compliance.handle',
    params: Id,
    upload: true,
    bodyLimit: 15_000_000,
    status: 201,
    response: StopCheckTask,
  },
  'stop-check.photo': {
    method: 'GET',
    path: '/api/stop-check-tasks/:id/photos/:photoId',
    summary: 'A photo of an inspection',
    permission: 'stopsale.read',
    params: object({ id: Uuid, photoId: Uuid }),
    response: file('image/png', 'image/jpeg'),
  },
})
