import type { coldchainRoutes } from '@vigil/contract'
import type { Handlers } from '../../kernel/http/handler.ts'
import type { Parts } from './coldchain.parts.ts'
import { listRefusals, listWaiting, refuseRelease } from './inspect.queue.ts'
import { listMockRules, listMockRuns, saveMockRule } from './mock.service.ts'
import { addContact, listContacts, removeContact } from './recall.contact.ts'
import { addProof, disposeRecalled, readProof } from './recall.dispose.ts'
import { previewRecall } from './recall.preview.ts'

type Names =
  | 'cold-recall.preview'
  | 'cold-recall.dispose'
  | `cold-inspect.${'queue' | 'refusals' | 'refuse'}`
  | 'cold-recall.add-proof'
  | 'cold-recall.proof'
  | `cold-mock.${'rules' | 'save-rule' | 'runs'}`
  | `cold-contact.${'list' | 'add' | 'remove'}`

/** What goes with a recall: the queue of inspection before it, its preview, disposal, exercises by schedule, and how businesses are told. */
export const recallHandlers = (parts: Parts): Pick<Handlers<typeof coldchainRoutes>, Names> => ({
  'cold-recall.preview': ({ caller, body }) => previewRecall(parts, caller, body),
  'cold-recall.dispose': async ({ caller, params, body }) => ({
    id: await disposeRecalled(parts, caller, params.id, body),
  }),
  'cold-recall.add-proof': async ({ caller, params, upload }) => {
    await addProof(parts, caller, params.id, upload)
    return { ok: true }
  },
  'cold-recall.proof': ({ caller, params }) => readProof(parts, caller, params.id, params.fileId),
  'cold-inspect.queue': ({ caller, query }) => listWaiting(parts, caller, query),
  'cold-inspect.refusals': async ({ caller, params }) => ({ items: await listRefusals(parts, caller, params.id) }),
  'cold-inspect.refuse': async ({ caller, params, body }) => {
    await refuseRelease(parts, caller, params.id, body.reason)
    return { ok: true }
  },
  'cold-mock.rules': ({ caller, query }) => listMockRules(parts, caller, query),
  'cold-mock.save-rule': ({ caller, body }) => saveMockRule(parts, caller, body),
  'cold-mock.runs': ({ caller, query }) => listMockRuns(parts, caller, query),
  'cold-contact.list': ({ caller, params }) => listContacts(parts, caller, params.id),
  'cold-contact.add': ({ caller, params, body }) => addContact(parts, caller, params.id, body),
  'cold-contact.remove': async ({ caller, params }) => {
    await removeContact(parts, caller, params.id, params.contactId)
    return { ok: true }
  },
})
