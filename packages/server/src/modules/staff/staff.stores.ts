import { toHalfWidth } from '@vigil/codes'
import type { Scope } from '../../kernel/db/index.ts'
import type { Reference, Store } from '../pharmacy/index.ts'

type Found = { readonly ok: Store } | { readonly problem: string; readonly column: 'storeCode' | 'storeName' }

const bare = (text: string): string => toHalfWidth(text).normalize('NFKC').replace(/\s+/g, '').toLowerCase()

/** Finds the store of a row by code, else by name, among those of a scope. */
export function storeFinder(reference: Reference, scope: Scope): (code: string, name: string) => Found {
  const own = (store: Store) => scope.some((path) => store.path.startsWith(path))
  const byName = new Map<string, Store[]>()
  for (const store of reference.stores())
    if (own(store)) byName.set(bare(store.name), [...(byName.get(bare(store.name)) ?? []), store])
  return (code, name) => {
    const wanted = toHalfWidth(code).trim().toUpperCase()
    if (wanted !== '') {
      const store = reference.store(wanted)
      return store && own(store) ? { ok: store } : { problem: '药店不存在，或不在您的管辖范围内', column: 'storeCode' }
    }
    if (name.trim() === '') return { problem: '请填写药店编码或药店名称', column: 'storeCode' }
    const [first, second] = byName.get(bare(name)) ?? []
    if (!first) return { problem: '没有这个名称的药店，或不在您的管辖范围内', column: 'storeName' }
    return second ? { problem: '有几家药店是这个名称，请填写药店编码', column: 'storeName' } : { ok: first }
  }
}
