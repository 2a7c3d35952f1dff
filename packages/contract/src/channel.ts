import Type, { type Static } from 'typebox'
import { alertGrades } from './alert.terms.ts'
import { areaChannelKinds, channelKinds, messageKinds, tellStatuses } from './channel.terms.ts'
import {
  AreaCode,
  Choice,
  Count,
  Done,
  defineRoutes,
  Id,
  Instant,
  Nullable,
  object,
  PageQuery,
  page,
  requiredText,
  text,
  Uuid,
} from './kernel.ts'

/** Time of day in Asia/Shanghai, HH:MM. */
const TimeOfDay = Type.String({ pattern: '^([01][0-9]|2[0-3]):[0-5][0-9]$', minLength: 5, maxLength: 5 })
const Quiet = Nullable(object({ from: TimeOfDay, to: TimeOfDay }))
const Grades = Type.Array(Choice(alertGrades), { minItems: 1, maxItems: 4, uniqueItems: true })

const settings = {
  name: requiredText(60),
  grades: Grades,
  /** Only red and escalated messages come between these times; the others wait. */
  quiet: Quiet,
  active: Type.Boolean(),
}
const addressed = {
  kind: Choice(areaChannelKinds),
  /** Webhook of the robot, or an e-mail address; left out in a change, the one that is kept stays. */
  address: Type.Optional(requiredText(500)),
  /** DingTalk: the secret with which requests are signed (SEC…). */
  secret: Type.Optional(Nullable(text(200))),
}

export const ChannelTarget = object({
  ...settings,
  id: Uuid,
  kind: Choice(channelKinds),
  /** The address without what opens it: host and last four signs, or a masked e-mail address. */
  hint: text(120),
  signed: Type.Boolean(),
  areaCode: Nullable(AreaCode),
  areaName: text(100),
  revision: Count,
  last: Nullable(object({ status: Choice(tellStatuses), at: Instant, error: Nullable(text(300)) })),
  waiting: Count,
  dead: Count,
})
export type ChannelTarget = Static<typeof ChannelTarget>

export const TellDelivery = object({
  id: Uuid,
  targetId: Uuid,
  target: text(120),
  channel: Choice(channelKinds),
  kind: Choice(messageKinds),
  grade: Nullable(Choice(alertGrades)),
  title: text(200),
  status: Choice(tellStatuses),
  attempts: Count,
  nextAt: Nullable(Instant),
  error: Nullable(text(300)),
  createdAt: Instant,
  sentAt: Nullable(Instant),
})
export type TellDelivery = Static<typeof TellDelivery>

const change = object({ ...settings, address: addressed.address, secret: addressed.secret, revision: Count })

export const channelRoutes = defineRoutes({
  'channel.list': {
    method: 'GET',
    path: '/api/channels',
    summary: 'Group robots and mailboxes of the own area',
    permission: 'channel.manage',
    response: object({ items: Type.Array(ChannelTarget), mail: Type.Boolean() }),
  },
  'channel.create': {
    method: 'POST',
    path: '/api/channels',
    summary: 'Set up a group robot or mailbox for an area',
    permission: 'channel.manage',
    status: 201,
    body: object({ ...settings, ...addressed, areaCode: AreaCode }),
    response: ChannelTarget,
  },
  'channel.change': {
    method: 'PUT',
    path: '/api/channels/:id',
    summary: 'Change a group robot or mailbox',
    permission: 'channel.manage',
    params: Id,
    body: change,
    response: ChannelTarget,
  },
  'channel.remove': {
    method: 'DELETE',
    path: '/api/channels/:id',
    summary: 'Remove a group robot or mailbox; what waits for it is dropped',
    permission: 'channel.manage',
    params: Id,
    response: Done,
  },
  'channel.test': {
    method: 'POST',
    path: '/api/channels/:id/test',
    summary: 'Send a message marked as a test',
    permission: 'channel.manage',
    params: Id,
    status: 202,
    response: TellDelivery,
  },
  'channel.deliveries': {
    method: 'GET',
    path: '/api/channel-deliveries',
    summary: 'Messages to group robots and mailboxes of the own area, newest first',
    permission: 'channel.manage',
    query: object({ status: Type.Optional(Choice(tellStatuses)), target: Type.Optional(Uuid), ...PageQuery }),
    response: page(TellDelivery),
  },
  'channel.resend': {
    method: 'POST',
    path: '/api/channel-deliveries/:id/resend',
    summary: 'Try a message again at once',
    permission: 'channel.manage',
    params: Id,
    response: TellDelivery,
  },
  'channel.own': {
    method: 'GET',
    path: '/api/me/channels',
    summary: 'How one is told oneself',
    permission: 'signed-in',
    response: object({ items: Type.Array(ChannelTarget), mail: Type.Boolean() }),
  },
  'channel.create-own': {
    method: 'POST',
    path: '/api/me/channels',
    summary: 'Add a way in which one is told oneself',
    permission: 'signed-in',
    status: 201,
    body: object({ ...settings, ...addressed }),
    response: ChannelTarget,
  },
  'channel.change-own': {
    method: 'PUT',
    path: '/api/me/channels/:id',
    summary: 'Change how one is told oneself',
    permission: 'signed-in',
    params: Id,
    body: change,
    response: ChannelTarget,
  },
  'channel.remove-own': {
    method: 'DELETE',
    path: '/api/me/channels/:id',
    summary: 'Be told in this way no more',
    permission: 'signed-in',
    params: Id,
    response: Done,
  },
  'channel.test-own': {
    method: 'POST',
    path: '/api/me/channels/:id/test',
    summary: 'Send oneself a message marked as a test',
    permission: 'signed-in',
    params: Id,
    status: 202,
    response: TellDelivery,
  },
  'channel.own-deliveries': {
    method: 'GET',
    path: '/api/me/channel-deliveries',
    summary: 'The last messages to oneself',
    permission: 'signed-in',
    response: object({ items: Type.Array(TellDelivery) }),
  },
})
