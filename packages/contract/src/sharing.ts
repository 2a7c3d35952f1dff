import Type from 'typebox'
import {
  AreaCode,
  Choice,
  Count,
  DayText,
  defineRoutes,
  file,
  Id,
  object,
  PageQuery,
  page,
  requiredText,
  text,
  Uuid,
} from './kernel.ts'
import { Attempt, Delivery, Destination, destinationSettings, StuckDestination } from './sharing-model.ts'
import { sharingLists, signatureAlgorithms } from './terms.ts'

const given = {
  ...destinationSettings,
  /** Why personal data goes there in clear; required then. */
  reason: Type.Optional(text(300)),
  /** Value of `secretHeader`; left out, the one that is kept stays. */
  secret: Type.Optional(Type.String({ minLength: 1, maxLength: 2000, pattern: '^[\\x20-\\x7e]+$' })),
}

const KeyId = object({ id: Uuid, keyId: text(40) })

export const sharingRoutes = defineRoutes({
  'sharing.list': {
    method: 'GET',
    path: '/api/sharing/destinations',
    summary: 'Destinations of the own area with their last delivery',
    permission: 'sharing.read',
    response: object({ items: Type.Array(Destination) }),
  },
  'sharing.create': {
    method: 'POST',
    path: '/api/sharing/destinations',
    summary: 'Set up a destination, paused, with a key pair of its own',
    permission: 'sharing.manage',
    status: 201,
    body: object({
      ...given,
      areaCode: AreaCode,
      algorithm: Choice(signatureAlgorithms),
      /** Purchases unless given; stop-sale lists are never in clear, and CSV or XLSX. */
      list: Type.Optional(Choice(sharingLists)),
    }),
    response: Destination,
  },
  'sharing.change': {
    method: 'PUT',
    path: '/api/sharing/destinations/:id',
    summary: 'Change the settings of a destination',
    permission: 'sharing.manage',
    params: Id,
    body: object({ ...given, revision: Count }),
    response: Destination,
  },
  'sharing.set-state': {
    method: 'POST',
    path: '/api/sharing/destinations/:id/state',
    summary: 'Pause a destination or take it up again',
    permission: 'sharing.manage',
    params: Id,
    body: object({ state: Choice(['active', 'paused']) }),
    response: Destination,
  },
  'sharing.prepare-key': {
    method: 'POST',
    path: '/api/sharing/destinations/:id/keys',
    summary: 'Make the next key pair, to be shown to the recipient before it is used',
    permission: 'sharing.manage',
    params: Id,
    body: object({ algorithm: Choice(signatureAlgorithms) }),
    response: Destination,
  },
  'sharing.activate-key': {
    method: 'POST',
    path: '/api/sharing/destinations/:id/keys/:keyId/activate',
    summary: 'Sign with the next key from now on; the private part of the old one is destroyed',
    permission: 'sharing.manage',
    params: KeyId,
    response: Destination,
  },
  'sharing.test': {
    method: 'POST',
    path: '/api/sharing/destinations/:id/test',
    summary: 'Send a small file marked as a test',
    permission: 'sharing.send',
    status: 202,
    params: Id,
    response: Delivery,
  },
  'sharing.push': {
    method: 'POST',
    path: '/api/sharing/destinations/:id/deliveries',
    summary: 'Make the file of a period anew and send it',
    permission: 'sharing.send',
    status: 202,
    params: Id,
    body: object({ from: DayText, to: DayText }),
    response: Delivery,
  },
  'sharing.deliveries': {
    method: 'GET',
    path: '/api/sharing/destinations/:id/deliveries',
    summary: 'Deliveries to a destination, newest first',
    permission: 'sharing.read',
    params: Id,
    query: object(PageQuery),
    response: page(Delivery),
  },
  'sharing.delivery': {
    method: 'GET',
    path: '/api/sharing/deliveries/:id',
    summary: 'One delivery with its attempts',
    permission: 'sharing.read',
    params: Id,
    response: object({ delivery: Delivery, attempts: Type.Array(Attempt) }),
  },
  'sharing.resend': {
    method: 'POST',
    path: '/api/sharing/deliveries/:id/resend',
    summary: 'Try a delivery again at once, with the same number and file',
    permission: 'sharing.send',
    params: Id,
    response: Delivery,
  },
  'sharing.close': {
    method: 'POST',
    path: '/api/sharing/deliveries/:id/close',
    summary: 'Lay down a delivery that shall not be sent any more',
    permission: 'sharing.send',
    params: Id,
    body: object({ reason: requiredText(300) }),
    response: Delivery,
  },
  'sharing.receipt': {
    method: 'GET',
    path: '/api/sharing/deliveries/:id/receipt',
    summary: 'The receipt of a delivery as it was answered',
    permission: 'sharing.read',
    params: Id,
    response: file('application/json'),
  },
  'sharing.stuck': {
    method: 'GET',
    path: '/api/sharing/stuck',
    summary: 'What could not be delivered, by destination',
    permission: 'sharing.read',
    response: object({ dead: Count, failing: Count, items: Type.Array(StuckDestination) }),
  },
})
