import type { DrugItem, pharmacyStoreRoutes } from '@vigil/contract'
import { scopeFor } from '../../kernel/access/caller.ts'
import type { Handlers } from '../../kernel/http/handler.ts'
import { importFile, type WholeKind } from '../../kernel/import/index.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import type { Drug } from './drug.domain.ts'
import { drugColumns, drugParser } from './drug.import.ts'
import { type DrugPack, packDrugs } from './drug.pack.ts'
import { DrugIndex } from './drug.search.ts'
import { type NewDrug, upsertDrugs } from './drug.store.ts'
import { tellReference } from './reference.tell.ts'
import type { Reference } from './reference.ts'

type DrugRoutes = Pick<typeof pharmacyStoreRoutes, 'drug.search' | 'drug.pack' | 'drug.import'>

const itemOf = ({ name: _, ...drug }: Drug): DrugItem => drug

/** What is derived from the catalogue, made again when the catalogue has changed. */
function derived<T>(reference: Reference, make: (before: T | undefined) => T): () => T {
  let revision = -1
  let value: T | undefined
  return () => {
    if (value === undefined || revision !== reference.drugRevision()) {
      revision = reference.drugRevision()
      value = make(value)
    }
    return value
  }
}

/** Search, offline pack and import of the drug catalogue. */
export function drugHandlers(kernel: Kernel, reference: Reference): Handlers<DrugRoutes> {
  const index = derived<DrugIndex>(reference, (before) => {
    const next = before ?? new DrugIndex()
    next.replace(reference.drugs())
    return next
  })
  // A large catalogue takes half a second: at the start, not at the first search.
  index()
  const pack = derived<Promise<DrugPack>>(reference, () => packDrugs([...reference.drugs()]))
  return {
    'drug.search': async ({ query, caller }) => {
      const inactive = scopeFor(caller, 'drug.manage').length > 0
      const { items, total } = index().search({ q: query.q, class: query.class, limit: query.limit ?? 20, inactive })
      return { items: items.map(itemOf), total }
    },
    'drug.pack': () => pack(),
    'drug.import': ({ caller, upload }) => importFile(kernel, drugImport(kernel, reference), caller, upload),
  }
}

/** The drug catalogue: new drugs and changes of known ones. */
export const drugImport = (kernel: Kernel, reference: Reference): WholeKind<NewDrug> => ({
  name: 'drug',
  permission: 'drug.manage',
  columns: drugColumns,
  action: 'drug.import',
  object: 'pharmacy.drug',
  open: async () => ({
    table: { name: 'pharmacy.drug', key: ['id'] },
    parse: drugParser(),
    write: async (tx, drugs) => {
      await upsertDrugs(tx, drugs)
      return {}
    },
    written: () => tellReference(kernel, reference, 'drug'),
  }),
})
