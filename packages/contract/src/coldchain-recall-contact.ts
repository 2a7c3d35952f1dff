import Type, { type Static } from 'typebox'
import { Choice, Done, defineRoutes, Id, object, requiredText, text, Uuid } from './kernel.ts'

/** How a business is told of recalls besides the console. */
export const ColdContact = object({
  id: Uuid,
  kind: Choice(['webhook', 'sms']),
  name: text(60),
  /** Host of a webhook, a masked mobile number. */
  hint: text(120),
  signed: Type.Boolean(),
})
export type ColdContact = Static<typeof ColdContact>

export const coldContactRoutes = defineRoutes({
  'cold-contact.list': {
    method: 'GET',
    path: '/api/coldchain/holders/:id/contacts',
    summary: 'How a business is told of recalls; text messages leave only where a gateway is set',
    permission: 'coldchain.read',
    params: Id,
    response: object({ items: Type.Array(ColdContact, { maxItems: 20 }), sms: Type.Boolean() }),
  },
  'cold-contact.add': {
    method: 'POST',
    path: '/api/coldchain/holders/:id/contacts',
    summary: 'Add a webhook, signed with a shared secret, or a mobile number to which recalls are told',
    permission: 'coldchain.operate',
    params: Id,
    status: 201,
    body: object({
      kind: Choice(['webhook', 'sms']),
      name: requiredText(60),
      address: requiredText(500),
      secret: text(200),
    }),
    response: ColdContact,
  },
  'cold-contact.remove': {
    method: 'DELETE',
    path: '/api/coldchain/holders/:id/contacts/:contactId',
    summary: 'Tell a business in this way no more',
    permission: 'coldchain.operate',
    params: object({ id: Uuid, contactId: Uuid }),
    response: Done,
  },
})
