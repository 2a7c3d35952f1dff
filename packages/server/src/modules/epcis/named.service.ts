import { type Json, namespacesOf } from '@vigil/epcis/document'
import type { Selectable } from 'kysely'
import { type Caller, scopeFor } from '../../kernel/access/caller.ts'
import { command } from '../../kernel/command/command.ts'
import { readScope, type Scope } from '../../kernel/db/index.ts'
import type { EpcisRepository } from './capture.ts'
import type { QueryTable } from './epcis.table.ts'
import { exception } from './exception.ts'
import type { SimpleQuery } from './query.domain.ts'
import { parseQuery } from './query.parse.ts'

export type NamedQuery = Selectable<QueryTable>

/** The query that every repository has (EPCIS 2.0, 8.2.7.1): all events, narrowed by the parameters of the request. */
export const simpleQueryName = 'SimpleEventQuery'
const simple: Pick<NamedQuery, 'name' | 'definition'> = { name: simpleQueryName, definition: {} }

/** What a kept query asks for. @throws Problem 400 when it cannot be understood */
export function queryOf(definition: Readonly<Record<string, unknown>>): SimpleQuery {
  const context = definition['@context'] as Parameters<typeof namespacesOf>[0]
  return parseQuery(new Map(Object.entries(definition)), namespacesOf(context))
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** A name and a query from a body. @throws Problem 400 */
export function takeDefinition(body: unknown, extensions: Json | null): Pick<NamedQuery, 'name' | 'definition'> {
  const { name, query } = isObject(body) ? body : {}
  if (typeof name !== 'string' || !/^[\w.~-]{1,200}$/.test(name))
    throw exception('QueryValidationException', '查询名称应为 1 至 200 个字母、数字或 . _ ~ -')
  if (!isObject(query)) throw exception('QueryValidationException', '缺少查询 query')
  const around = [extensions ?? [], query['@context'] ?? []].flat() as Json[]
  const definition = { ...query, ...(around.length > 0 && { '@context': around }) }
  queryOf(definition)
  return { name, definition }
}

/** @throws Problem 409 when the name is taken */
export async function createQuery(
  { kernel }: EpcisRepository,
  caller: Caller,
  path: string,
  { name, definition }: Pick<NamedQuery, 'name' | 'definition'>,
): Promise<void> {
  await command(kernel.db, caller, 'epcis.subscribe', async (tx, audit) => {
    const { numInsertedOrUpdatedRows } = await tx
      .insertInto('epcis.query')
      .values({
        name,
        path,
        definition: JSON.stringify(definition),
        createdAt: kernel.clock.now(),
        createdBy: caller.name,
      })
      .onConflict((on) => on.column('name').doNothing())
      .executeTakeFirstOrThrow()
    if (name === simpleQueryName || numInsertedOrUpdatedRows === 0n)
      throw exception('ResourceAlreadyExistsException', `已有名为 ${name} 的查询`)
    await audit({ action: 'epcis.create-query', object: `epcis-query/${name}`, path })
  })
}

/** @throws Problem 404 */
export async function getQuery(
  { kernel }: EpcisRepository,
  scope: Scope,
  name: string,
): Promise<Pick<NamedQuery, 'name' | 'definition'>> {
  if (name === simpleQueryName) return simple
  const found = await readScope(kernel.db, scope, (tx) =>
    tx.selectFrom('epcis.query').selectAll().where('name', '=', name).executeTakeFirst(),
  )
  if (!found) throw exception('NoSuchNameException', `没有名为 ${name} 的查询`)
  return found
}

/** Kept queries by name. @param after name of the last one of the page before */
export async function listQueries({ kernel }: EpcisRepository, scope: Scope, size: number, after: string) {
  const rows = await readScope(kernel.db, scope, (tx) =>
    tx
      .selectFrom('epcis.query')
      .selectAll()
      .where('name', '>', after)
      .orderBy('name')
      .limit(size + 1)
      .execute(),
  )
  const items = rows.slice(0, size)
  return { items, next: rows.length > size ? items.at(-1)!.name : null }
}

/** Removes a query; its subscriptions end with it. @throws Problem 404 */
export async function deleteQuery({ kernel }: EpcisRepository, caller: Caller, name: string): Promise<void> {
  await command(kernel.db, caller, 'epcis.subscribe', async (tx, audit) => {
    const gone = await tx.deleteFrom('epcis.query').where('name', '=', name).returning('path').executeTakeFirst()
    if (!gone) throw exception('NoSuchNameException', `没有名为 ${name} 的查询`)
    await audit({ action: 'epcis.delete-query', object: `epcis-query/${name}`, path: gone.path })
  })
}

export const readableQueries = (caller: Caller): Scope => scopeFor(caller, 'epcis.read')
