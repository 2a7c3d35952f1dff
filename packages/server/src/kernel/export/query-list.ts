import type { ExportFilter, ExportList } from '@vigil/contract'
import QueryStream from 'pg-query-stream'
import { type Caller, type Needed, narrow, scopeFor } from '../access/caller.ts'
import { forbidden, notFound } from '../error/problem.ts'
import type { Field, List, Resolved } from './list.ts'

export interface ListQuery {
  readonly text: string
  readonly values: readonly unknown[]
}

export interface QueryListOptions<R> {
  readonly key: ExportList
  readonly name: string
  readonly permission: Needed
  readonly fields: readonly Field<R>[]
  /** Path of an area that this installation administers. */
  readonly pathOf: (areaCode: string) => string | undefined
  /** Checks and completes a filter. @throws Problem 400 */
  readonly check?: (filter: ExportFilter) => void
  readonly query: (filter: Resolved) => ListQuery
}

const batchRows = 1000

/** Pattern for ILIKE that finds the text itself, whatever signs it holds. */
export const containing = (text: string): string => `%${text.replace(/[\\%_]/g, '\\$&')}%`

/** A list whose rows are those of one query; row-level security keeps them to the scope. */
export function queryList<R>(options: QueryListOptions<R>): List<R> {
  const { query, pathOf, check, ...rest } = options
  return {
    ...rest,
    clearPermission: null,
    grains: ['record'],
    period: false,
    resolve: (caller: Caller, filter) => {
      const own = scopeFor(caller, options.permission)
      if (own.length === 0) throw forbidden()
      check?.(filter)
      const path = filter.area === undefined ? undefined : pathOf(filter.area)
      if (filter.area !== undefined && path === undefined) throw notFound('区划')
      const { documentNumber: _document, mobile: _mobile, ...kept } = filter
      return { ...kept, scope: narrow(own, path) }
    },
    count: async (client, filter) => {
      const { text, values } = query(filter)
      const { rows } = await client.query<{ count: number }>(`SELECT count(*) AS count FROM (${text}) AS list`, [
        ...values,
      ])
      return rows[0]!.count
    },
    rows: async function* (client, filter) {
      const { text, values } = query(filter)
      const some = filter.limit === undefined ? text : `${text} LIMIT ${Number(filter.limit)}`
      const stream = client.query(new QueryStream(some, [...values], { batchSize: batchRows }))
      let batch: R[] = []
      for await (const row of stream as AsyncIterable<R>) {
        batch.push(row)
        if (batch.length < batchRows) continue
        yield batch
        batch = []
      }
      if (batch.length > 0) yield batch
    },
  }
}
