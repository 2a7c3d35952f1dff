import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { epcisRoutes } from '@vigil/contract'
import { namespacesOf } from '@vigil/epcis/document'
import { describe, expect, test } from 'vitest'
import { parseQuery } from './query.parse.ts'

/** GS1's description of the REST bindings, read by its indentation: there is no YAML in this project. */
const openapi = readFileSync(
  join(import.meta.dirname, '../../../../../../shared/reference/epcis/gs1/openapi.yaml'),
  'utf8',
)
const [paths = '', components = ''] = openapi.split(/^components:$/m)

const operations = paths.split(/^ {2}(?=\/)/m).flatMap((block) => {
  const path = /^(\/\S*):/.exec(block)?.[1]
  const methods = [...block.matchAll(/^ {4}(get|post|delete|put):$/gm)].map(([, method]) => method!.toUpperCase())
  return path ? methods.map((method) => `${method} ${path}`) : []
})

test('every operation of GS1’s OpenAPI has its route, and there is no other', () => {
  expect(operations.length).toBeGreaterThan(30)
  const shape = (path: string) => path.replace(/\{\w+\}|:\w+/g, '*')
  const ours = Object.values(epcisRoutes).map(
    ({ method, path }) => `${method} ${shape(path.replace(/^\/epcis/, '') || '/')}`,
  )
  expect(ours.sort()).toEqual(operations.map(shape).sort())
})

const parameters = [...components.matchAll(/^ {6}in: query\n(?: {6}.*\n)*? {6}name: (\S+)$/gm)].map(([, name]) => name!)
const named = [...components.matchAll(/^ {6}name: (\S+)\n(?: {6}.*\n)*? {6}in: query$/gm)].map(([, name]) => name!)
/** Those of paging and of subscriptions are not the query's. */
const elsewhere =
  /^(perPage|nextPageToken|stream|reportIfEmpty|initialRecordTime|second|minute|hour|dayOfMonth|month|dayOfWeek)$/

describe('parameters of events in GS1’s OpenAPI', () => {
  const names = [...new Set([...parameters, ...named])].filter((name) => !elsewhere.test(name))
  const sampleOf = (name: string): string => {
    if (/Time$/.test(name)) return '2026-01-05T10:00:00+08:00'
    if (/quantity|Count|CountLimit$/.test(name)) return '2'
    if (/^EXISTS|boolean/.test(name)) return 'true'
    const others: Readonly<Record<string, string>> = {
      ...{ eventType: 'ObjectEvent|AggregationEvent', EQ_action: 'ADD|DELETE', orderBy: 'eventTime' },
      ...{ orderDirection: 'DESC', EQ_bizStep: 'shipping|https://ref.gs1.org/cbv/BizStep-receiving' },
    }
    return others[name] ?? 'urn:uuid:374d95fc-9457-4a51-bd6a-0bba133845a8|https://example.com/2'
  }
  test('there are as many as the standard has', () => expect(names.length).toBeGreaterThan(45))
  test.each(names)('%s is a parameter, and its value is judged', (name) => {
    const namespaces = namespacesOf()
    expect(() => parseQuery(new Map([[name, sampleOf(name)]]), namespaces)).not.toThrow()
    // EXISTS without a value is asked for.
    expect(() => parseQuery(new Map([[name, name.startsWith('EXISTS') ? 'perhaps' : '']]), namespaces)).toThrow()
    expect(() => parseQuery(new Map([[`${name}X`, sampleOf(name)]]), namespaces)).toThrow()
  })
})
