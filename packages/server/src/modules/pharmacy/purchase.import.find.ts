import { toHalfWidth } from '@vigil/codes'
import { allAreas, areaPath } from '@vigil/codes/areas'
import type { Permission } from '@vigil/contract'
import { type Caller, can } from '../../kernel/access/caller.ts'
import type { Drug } from './drug.domain.ts'
import type { Store } from './reference.table.ts'
import type { Reference } from './reference.ts'

export type Found<T> = { readonly ok: T } | { readonly problem: string; readonly column: string }

const maxKept = 50_000

/** Remembers answers by their question: a file asks the same thing thousands of times. */
function remembering<T>(answer: (question: string) => T): (question: string) => T {
  const known = new Map<string, T>()
  return (question) => {
    let found = known.get(question)
    if (found === undefined) {
      found = answer(question)
      if (known.size >= maxKept) known.clear()
      known.set(question, found)
    }
    return found
  }
}

const bare = (text: string): string => toHalfWidth(text).normalize('NFKC').replace(/\s+/g, '').toLowerCase()

/** Finds the store of a row by code, else by name, among those where the caller has the permission; else the caller's own. */
export function storeFinder(
  reference: Reference,
  caller: Caller,
  permission: Permission = 'purchase.register',
): (code: string, name: string) => Found<Store> {
  let byName: Map<string, Store[]> | undefined
  const own = (store: Store) => can(caller, permission, store.path)
  const named = (name: string): Store[] => {
    if (!byName) {
      byName = new Map()
      for (const store of reference.stores())
        if (own(store)) byName.set(bare(store.name), [...(byName.get(bare(store.name)) ?? []), store])
    }
    return byName.get(bare(name)) ?? []
  }
  const find = (code: string, name: string): Found<Store> => {
    const wanted = toHalfWidth(code).toUpperCase() || (name === '' ? (caller.storeCode ?? '') : '')
    if (wanted !== '') {
      const store = reference.store(wanted)
      if (store && own(store)) return { ok: store }
      return { problem: '药店不存在，或不属于当前账号', column: 'storeCode' }
    }
    if (name === '') return { problem: '请填写药店编码或药店名称', column: 'storeCode' }
    const [first, second] = named(name)
    if (!first) return { problem: '没有这个名称的药店，或不属于当前账号', column: 'storeName' }
    return second ? { problem: '有几家药店是这个名称，请填写药店编码', column: 'storeName' } : { ok: first }
  }
  const remembered = remembering((key) => find(...(key.split('\n') as [string, string])))
  return (code, name) => remembered(`${code}\n${name}`)
}

/** What a row tells of a drug. */
export interface DrugCells {
  readonly name: string
  readonly form: string
  readonly strength: string
  readonly ean13: string
  readonly approvalNo: string
  readonly trace: string
}

/** Finds the drug of a row: by trace code, bar code, approval number or name, made narrower by strength and form. */
export function drugFinder(reference: Reference): (cells: DrugCells) => Found<Drug> {
  const by = new Map<string, Drug[]>()
  const add = (kind: string, text: string | null, drug: Drug) => {
    if (!text) return
    const key = `${kind}:${bare(text)}`
    const list = by.get(key)
    if (!list) by.set(key, [drug])
    else if (!list.includes(drug)) list.push(drug)
  }
  for (const drug of reference.drugs()) {
    if (!drug.active) continue
    add('ean', drug.ean13, drug)
    add('trace', drug.tracePrefix, drug)
    add('approval', drug.approvalNo, drug)
    for (const name of [drug.name, drug.generic, drug.brand, drug.brand && `${drug.brand}${drug.generic}`])
      add('name', name, drug)
  }
  const get = (kind: string, text: string): Drug[] | undefined =>
    text === '' ? undefined : by.get(`${kind}:${bare(text)}`)
  const narrowed = (list: readonly Drug[], cells: DrugCells): readonly Drug[] => {
    const fits = (wanted: string, own: string) => wanted === '' || bare(wanted) === bare(own)
    const both = list.filter((drug) => fits(cells.strength, drug.strength) && fits(cells.form, drug.form))
    const strength = both.length > 0 ? both : list.filter((drug) => fits(cells.strength, drug.strength))
    const rest = strength.length > 0 ? strength : list
    // Of one that is only in the catalogue by its generic name nobody asks for a maker.
    const plain = rest.filter((drug) => drug.brand === '' && drug.maker === '')
    return rest.length > 1 && plain.length === 1 ? plain : rest
  }
  const find = (cells: DrugCells): Found<Drug> => {
    const asked = [
      ['trace', cells.trace.slice(0, 7), 'trace'],
      ['ean', cells.ean13, 'ean13'],
      ['approval', cells.approvalNo, 'approvalNo'],
      ['name', cells.name, 'drug'],
    ] as const
    const given = asked.filter(([, text]) => text !== '')
    const last = given.at(-1)
    if (!last) return { problem: '请填写药品名称、条码或批准文号', column: 'drug' }
    let several = 0
    for (const [kind, text] of given) {
      const [first, ...others] = narrowed(get(kind, text) ?? [], cells)
      if (first && others.length === 0) return { ok: first }
      several = Math.max(several, others.length)
    }
    const column = last[2]
    return several > 0
      ? { problem: `目录中有 ${several + 1} 种药品符合，请填写规格、条码或批准文号`, column }
      : { problem: '目录中没有这种药品', column }
  }
  const remembered = remembering((key) => {
    const [name = '', form = '', strength = '', ean13 = '', approvalNo = '', trace = ''] = key.split('\n')
    return find({ name, form, strength, ean13, approvalNo, trace })
  })
  return ({ name, form, strength, ean13, approvalNo, trace }) =>
    remembered(`${name}\n${form}\n${strength}\n${ean13}\n${approvalNo}\n${trace}`)
}

export interface Residence {
  readonly code: string
  /** What follows the name of the area. */
  readonly rest: string
}

/** Finds the area at the beginning of a text: by code, or by name with or without those above it (GB/T 2260 and own areas). */
export function residenceFinder(reference: Reference): (text: string) => Residence | undefined {
  const byName = new Map<string, string | null>()
  const add = (name: string, code: string) =>
    byName.set(name, byName.has(name) && byName.get(name) !== code ? null : code)
  for (const { code } of allAreas()) {
    let name = ''
    for (const step of [...areaPath(code)].reverse()) {
      name = step.name + name
      add(name, code)
    }
  }
  for (const area of reference.areas()) {
    let name = ''
    for (const step of area.path.split('/').filter(Boolean).reverse()) {
      name = reference.areaName(step) + name
      add(name, area.code)
    }
  }
  const longest = Math.max(...[...byName.keys()].map((name) => name.length))
  return remembering((given: string): Residence | undefined => {
    const text = toHalfWidth(given).replace(/\s+/g, '')
    const code = /^[0-9A-Z]{6,20}/.exec(text.toUpperCase())?.[0]
    if (code && reference.areaExists(code)) return { code, rest: text.slice(code.length) }
    for (let length = Math.min(text.length, longest); length >= 2; length--) {
      const found = byName.get(text.slice(0, length))
      if (found) return { code: found, rest: text.slice(length) }
    }
    return undefined
  })
}
