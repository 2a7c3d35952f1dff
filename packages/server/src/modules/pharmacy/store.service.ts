import { sql } from 'kysely'
import type { Caller } from '../../kernel/access/caller.ts'
import { command } from '../../kernel/command/command.ts'
import { conflict, notFound } from '../../kernel/error/problem.ts'
import type { WholeKind } from '../../kernel/import/index.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import { tellReference } from './reference.tell.ts'
import type { Reference } from './reference.ts'
import { checkKnownStores, storeColumns, storeParser } from './store.import.ts'
import { type NewStore, upsertStores } from './store.store.ts'

/** Stores: new ones and changes of known ones. */
export const storeImport = (kernel: Kernel, reference: Reference): WholeKind<NewStore> => ({
  name: 'store',
  permission: 'store.manage',
  columns: storeColumns,
  action: 'store.import',
  object: 'pharmacy.store',
  open: async (_caller, scope) => ({
    table: { name: 'pharmacy.store', key: ['code'] },
    parse: storeParser(reference, scope),
    check: (rows) => checkKnownStores(kernel.db, rows, scope),
    write: async (tx, stores) => ({ created: (await upsertStores(tx, stores)).created }),
    written: () => tellReference(kernel, reference, 'store'),
  }),
})

/**
 * Suspends, closes or reopens a store: from then on its sales are refused or taken.
 * @throws Problem 404 outside the caller's area, 409 when the store has this status already
 */
export async function setStoreStatus(
  kernel: Kernel,
  reference: Reference,
  caller: Caller,
  code: string,
  to: { status: 'active' | 'suspended' | 'closed'; reason: string },
): Promise<void> {
  await command(kernel.db, caller, 'store.manage', async (tx, audit) => {
    const store = await tx
      .selectFrom('pharmacy.store')
      .select(['status', 'areaCode', 'path'])
      .where('code', '=', code)
      .forUpdate()
      .executeTakeFirst()
    if (!store) throw notFound('药店')
    if (store.status === to.status) throw conflict('药店已处于该状态', 'same-status')
    await tx
      .updateTable('pharmacy.store')
      .set({ status: to.status, updatedAt: sql<Date>`now()` })
      .where('code', '=', code)
      .execute()
    await audit({
      action: 'store.set-status',
      object: `store/${code}`,
      areaCode: store.areaCode,
      path: store.path,
      detail: { from: store.status, to: to.status, reason: to.reason },
    })
  })
  await tellReference(kernel, reference, 'store', [code])
}
