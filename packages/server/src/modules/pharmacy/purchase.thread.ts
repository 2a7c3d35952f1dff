import type { ThreadList } from '../../kernel/export/index.ts'
import { areaNames } from './area.names.ts'
import { type PurchaseRow, purchaseRows, traceOf } from './purchase.block.ts'
import { type Names, plainPurchaseFields, purchaseFieldsOf } from './purchase.fields.ts'
import type { Reference } from './reference.ts'

/** What a thread must know to show purchases: copies of the reference data as it stands, by code or id. */
export interface PurchaseFacts {
  readonly stores: ReadonlyMap<string, NonNullable<ReturnType<Names['store']>>>
  readonly drugs: ReadonlyMap<string, NonNullable<ReturnType<Names['drug']>>>
  readonly areas: ReadonlyMap<string, { readonly name: string; readonly path: string }>
}

/** Gathers what `open` needs in another thread. */
export function purchaseFacts(reference: Reference): PurchaseFacts {
  const stores: [string, NonNullable<ReturnType<Names['store']>>][] = []
  for (const { code, name, county, address, phone } of reference.stores())
    stores.push([code, { name, county, address, phone }])
  const drugs: [string, NonNullable<ReturnType<Names['drug']>>][] = []
  for (const { id, name, generic, form, strength, maker, approvalNo } of reference.drugs())
    drugs.push([id, { name, generic, form, strength, maker, approvalNo }])
  const areas: [string, { name: string; path: string }][] = []
  for (const { code, name, path } of reference.areas()) areas.push([code, { name, path }])
  return { stores: new Map(stores), drugs: new Map(drugs), areas: new Map(areas) }
}

/** The list of purchases in a thread, whose blocks were read and whose keys were lent elsewhere. */
export function open({ stores, drugs, areas }: PurchaseFacts): ThreadList<PurchaseRow> {
  const names: Names = {
    store: (code) => stores.get(code),
    drug: (id) => drugs.get(id),
    ...areaNames((code) => areas.get(code)),
  }
  return { fields: purchaseFieldsOf(names), plainFields: plainPurchaseFields, rows: purchaseRows, trace: traceOf }
}
