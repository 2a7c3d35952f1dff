import type { pharmacyStoreRoutes } from '@vigil/contract'
import type { Handlers } from '../../kernel/http/handler.ts'
import { importFile } from '../../kernel/import/index.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import { clinicImport, listClinics, nearestToStore } from './clinic.service.ts'
import { drugHandlers } from './drug.route.ts'
import { listDuties, saveDuty } from './duty.service.ts'
import { makePosters } from './poster.service.ts'
import type { Reference } from './reference.ts'
import { fetchAccountSheet, issueAccounts } from './store.account.ts'
import { listStores, readStore } from './store.read.ts'
import { setStoreStatus, storeImport } from './store.service.ts'

/** Stores with accounts and posters, the drug catalogue, duties and clinics. */
export const pharmacyStoreHandlers = (kernel: Kernel, reference: Reference): Handlers<typeof pharmacyStoreRoutes> => ({
  'store.list': ({ caller, query }) => listStores(kernel, reference, caller, query),
  'store.read': ({ caller, params }) => readStore(kernel, reference, caller, params.code),
  'store.import': ({ caller, upload }) => importFile(kernel, storeImport(kernel, reference), caller, upload),
  'store.set-status': async ({ caller, params, body }) => {
    await setStoreStatus(kernel, reference, caller, params.code, body)
    return { ok: true }
  },
  'store.issue-accounts': ({ caller, body }) => issueAccounts(kernel, reference, caller, body),
  'store.account-sheet': ({ caller, params }) => fetchAccountSheet(kernel, caller, params.batchId),
  'store.posters': ({ caller, query, request }) =>
    makePosters(kernel, reference, caller, query, kernel.config.publicUrl || `${request.protocol}://${request.host}`),
  ...drugHandlers(kernel, reference),
  'duty.list': async ({ caller }) => ({ items: await listDuties(kernel, reference, caller) }),
  'duty.save': ({ caller, body }) => saveDuty(kernel, reference, caller, body),
  'clinic.nearest': async ({ caller, query }) => ({ items: nearestToStore(reference, caller, query.store) }),
  'clinic.list': async ({ caller, query }) => ({ items: await listClinics(kernel, reference, caller, query.area) }),
  'clinic.import': ({ caller, upload }) => importFile(kernel, clinicImport(kernel, reference), caller, upload),
})
