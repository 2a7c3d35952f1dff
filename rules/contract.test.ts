import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { auditActionNames, type Contract, contract, permissionNames, type Route } from '@vigil/contract'
import { describe, expect, test } from 'vitest'

interface Schema {
  type?: string | string[]
  maxLength?: number
  enum?: unknown[]
  const?: unknown
  pattern?: string
  format?: string
  properties?: Record<string, Schema>
  additionalProperties?: boolean | Schema
  items?: Schema
  maxItems?: number
  anyOf?: Schema[]
  allOf?: Schema[]
  oneOf?: Schema[]
}

const routes = Object.entries(contract as Record<keyof Contract, Route>) as [string, Route][]

/** Every schema inside `schema`, with its JSON pointer. */
function* schemas(schema: object | undefined, at: string): Generator<[string, Schema]> {
  if (!schema) return
  const node = schema as Schema
  yield [at, node]
  for (const [name, field] of Object.entries(node.properties ?? {})) yield* schemas(field, `${at}/${name}`)
  if (node.items) yield* schemas(node.items, `${at}/*`)
  for (const branch of [...(node.anyOf ?? []), ...(node.allOf ?? []), ...(node.oneOf ?? [])]) yield* schemas(branch, at)
}
const inputs = (route: Route): [string, Schema][] => [
  ...schemas(route.params, 'params'),
  ...schemas(route.query, 'query'),
  ...schemas(route.body, 'body'),
]
const all = (route: Route): [string, Schema][] => [
  ...inputs(route),
  ...schemas(route.envelope, 'envelope'),
  ...schemas(route.response, 'response'),
]

test('there are routes, and no two share method and path', () => {
  expect(routes.length).toBeGreaterThan(50)
  const places = routes.map(([, route]) => `${route.method} ${route.path.replace(/:\w+/g, ':')}`)
  expect(places.filter((place, index) => places.indexOf(place) !== index)).toEqual([])
})

test('every permission opens something, or is asked for by name in a handler', () => {
  const used = new Set(routes.map(([, route]) => route.permission))
  // These are checked inside a route that another permission opens (a filter, the clear text of an export, the tree).
  const inside = ['area.read', 'purchase.export-clear']
  expect(permissionNames.filter((name) => !used.has(name)).sort()).toEqual(inside)
})

describe.each(routes)('%s', (name, route) => {
  test('says who may call it and what it does', () => {
    expect(name).toMatch(/^[a-z-]+\.[a-z-]+$/)
    expect(['public', 'signed-in', ...permissionNames]).toContain(route.permission)
    expect(route.summary.trim().length).toBeGreaterThan(5)
    expect(route.response).toBeTypeOf('object')
    expect(Object.keys(route.response).length).toBeGreaterThan(0)
    expect(route.path).toMatch(
      route.raw ? /^\/epcis(\/[A-Za-z]+|\/:[A-Za-z]+)*$/ : /^\/api(\/[a-z0-9-]+|\/:[A-Za-z]+)+$/,
    )
    if (route.method === 'GET') expect(route.body ?? route.envelope ?? route.upload).toBeUndefined()
  })

  test('declares exactly the parameters of its path', () => {
    const inPath = [...route.path.matchAll(/:([A-Za-z]+)/g)].map(([, parameter]) => parameter)
    expect(Object.keys(route.params?.properties ?? {}).sort()).toEqual(inPath.sort())
  })

  test('bounds every text', () => {
    const endless = all(route).filter(
      ([, schema]) =>
        schema.type === 'string' &&
        schema.maxLength === undefined &&
        schema.enum === undefined &&
        schema.const === undefined &&
        !(schema.pattern && schema.format),
    )
    expect(endless.map(([at]) => at)).toEqual([])
  })

  test('takes no unknown field and no endless list', () => {
    const open = inputs(route).filter(([, schema]) => schema.type === 'object' && schema.additionalProperties !== false)
    const endless = inputs(route).filter(([, schema]) => schema.type === 'array' && schema.maxItems === undefined)
    expect([...open, ...endless].map(([at]) => at)).toEqual([])
    expect(route.bodyLimit ?? 1_048_576).toBeLessThanOrEqual(
      route.upload ? 200_000_000 : route.raw ? 40_000_000 : 2_000_000,
    )
  })

  test('has an envelope only as a looser form of its body', () => {
    if (!route.envelope) return
    const fields = (schema: object | undefined) => Object.keys((schema as Schema | undefined)?.properties ?? {}).sort()
    expect(fields(route.envelope)).toEqual(fields(route.body))
  })
})

test('every command of the server has a name in the audit log', () => {
  const root = join(import.meta.dirname, '../packages/server/src')
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) =>
    /(?<!\.test|\.fixture)\.ts$/.test(name),
  )
  const actions = files.flatMap((name) =>
    [...readFileSync(join(root, name), 'utf8').matchAll(/action: '([a-z-]+\.[a-z-]+)'/g)].map((match) => match[1]!),
  )
  expect(actions.length).toBeGreaterThan(20)
  expect(actions.filter((action) => !(action in auditActionNames))).toEqual([])
})
