import { statusNames } from '@vigil/contract'
import type pg from 'pg'
import { invalidField } from '../../kernel/error/problem.ts'
import type { List, Resolved } from '../../kernel/export/index.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import { type PurchaseRow, purchaseRows, traceOf } from './purchase.block.ts'
import { purchaseFieldsOf } from './purchase.fields.ts'
import { type ResolvedFilter, resolveFilter } from './purchase.filter.ts'
import type { Purchases } from './purchase.module.ts'
import { countPurchases, purchaseBlocks } from './purchase.record.ts'
import { purchaseFacts } from './purchase.thread.ts'

const isStatus = (value: string): value is keyof typeof statusNames => value in statusNames

/** The list of purchases: one row for each, or for each of its drugs. */
export function purchaseList(kernel: Kernel, { reference }: Purchases): List<PurchaseRow> {
  const read = (client: pg.ClientBase, filter: Resolved) => purchaseBlocks(kernel, client, periodOf(filter))
  return {
    key: 'purchases',
    name: '购药登记',
    permission: 'purchase.export',
    clearPermission: 'purchase.export-clear',
    grains: ['record', 'item'],
    period: true,
    fields: purchaseFieldsOf(reference),
    resolve: (caller, filter, clear) => {
      const {
        from,
        to,
        status,
        q: _q,
        kind: _kind,
        account: _account,
        action: _action,
        actor: _actor,
        outcome: _outcome,
        ...rest
      } = filter
      if (from === undefined || to === undefined) throw invalidField('/filter/from', '请选择导出的起止日期', 'required')
      if (status !== undefined && !isStatus(status)) throw invalidField('/filter/status', '状态无法识别')
      const permission = clear ? 'purchase.export-clear' : 'purchase.export'
      return resolveFilter(kernel, reference, caller, permission, { ...rest, from, to, ...(status && { status }) })
    },
    count: (client, filter) => countPurchases(kernel, client, periodOf(filter)),
    rows: async function* (client, filter, grain) {
      for await (const block of read(client, filter)) yield* purchaseRows(block, grain)
    },
    trace: traceOf,
    thread: {
      read,
      module: new URL('./purchase.thread.ts', import.meta.url),
      facts: () => purchaseFacts(reference),
    },
  }
}

/** A kept filter as purchases take it; `resolve` has seen to its period. */
export const periodOf = (filter: Resolved): ResolvedFilter & { readonly limit?: number } =>
  filter as ResolvedFilter & { readonly limit?: number }
