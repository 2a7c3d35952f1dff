import type { Download, pharmacyStoreRoutes, QueryOf } from '@vigil/contract'
import { sql } from 'kysely'
import { type Caller, scopeFor } from '../../kernel/access/caller.ts'
import { readScope } from '../../kernel/db/index.ts'
import { invalidField, notFound } from '../../kernel/error/problem.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import { posterPdf } from './poster.pdf.ts'
import type { Reference } from './reference.ts'
import { pickedScope } from './store.read.ts'

const most = 5000

/**
 * Posters of one store, of named stores, or of all stores of an area that are not closed, in order of area and code.
 * @throws Problem 400 unless an area or a store is named, or for more than 5,000 stores; 404 for what is outside the caller's area or closed
 */
export async function makePosters(
  kernel: Pick<Kernel, 'db'>,
  reference: Reference,
  caller: Caller,
  query: QueryOf<(typeof pharmacyStoreRoutes)['store.posters']>,
  publicUrl: string,
): Promise<Download> {
  const named = query.store ? [query.store] : query.stores ? [...new Set(query.stores.split(','))] : null
  if (!query.area && !named) throw invalidField('/area', '请选择区划或药店', 'required')
  const scope = pickedScope(reference, scopeFor(caller, 'store.read'), query.area)
  const { rows } = await readScope(kernel.db, scope, (tx) =>
    sql<{ code: string; name: string; areaCode: string }>`
      SELECT code, name, area_code FROM pharmacy.store
      WHERE status <> 'closed' AND (${named}::text[] IS NULL OR code = ANY(${named}::text[]))
      ORDER BY path LIMIT ${most + 1}`.execute(tx),
  )
  // In the scope of the caller alone: whether a store elsewhere exists is not told.
  if (named && rows.length < named.length) throw notFound('药店')
  const [first] = rows
  if (!first) throw notFound('药店')
  if (rows.length > most) throw invalidField('/area', `一次最多 ${most} 家，请按区县或监管所分批下载`, 'too-many')
  const stores = rows.map(({ code, name, areaCode }) => ({ code, name, area: placeOf(reference, areaCode) }))
  const what = query.store ? first.name : `${query.area ? reference.areaName(query.area) : first.name}-${rows.length}家`
  return {
    mediaType: 'application/pdf',
    filename: `登记海报-${query.size}-${what}.pdf`,
    body: posterPdf(stores, { size: query.size, publicUrl }),
  }
}

/** County and, below it, the office. */
function placeOf(reference: Reference, areaCode: string): string {
  const area = reference.area(areaCode)
  const names = (area?.path ?? '').split('/').filter((code) => code !== '' && !/^\d{2,4}00(00|)$/.test(code))
  return names.map((code) => reference.areaName(code)).join(' ')
}
