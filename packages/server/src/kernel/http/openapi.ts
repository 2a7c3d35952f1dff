import { Problem, permissions, type Route, type RouteTable } from '@vigil/contract'

/** Minimal shape of the OpenAPI 3.1 document that we make. */
export interface OpenApiDocument {
  openapi: string
  info: Record<string, unknown>
  paths: Record<string, Record<string, Operation>>
  components: Record<string, unknown>
}
export interface Operation {
  operationId: string
  summary: string
  tags: string[]
  parameters: { name: string; in: string; required: boolean; schema: object }[]
  requestBody?: { required: boolean; content: Record<string, { schema: object }> }
  responses: Record<string, unknown>
  security?: Record<string, string[]>[]
  'x-permission': string
}

interface ObjectSchema {
  properties?: Record<string, object>
  required?: string[]
}

function parametersOf(schema: object | undefined, place: 'path' | 'query'): Operation['parameters'] {
  const { properties = {}, required = [] } = (schema ?? {}) as ObjectSchema
  return Object.entries(properties).map(([name, field]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    schema: field,
  }))
}

function responseContent(route: Route): Record<string, { schema: object }> {
  const media = (route.response as { 'x-media-types'?: string[] })['x-media-types']
  if (media) return Object.fromEntries(media.map((type) => [type, { schema: { type: 'string', format: 'binary' } }]))
  return { 'application/json': { schema: route.response } }
}

function operation(name: string, route: Route): Operation {
  const result: Operation = {
    operationId: name,
    summary: route.summary,
    tags: [name.split('.')[0]!],
    parameters: [...parametersOf(route.params, 'path'), ...parametersOf(route.query, 'query')],
    responses: {
      [String(route.status ?? 200)]: { description: 'Success', content: responseContent(route) },
      default: {
        description: 'Problem (RFC 9457)',
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    },
    'x-permission': route.permission,
  }
  if (route.permission !== 'public') result.security = [{ session: [] }, { apiKey: [] }]
  if (route.upload) {
    const schema = { type: 'object', properties: { file: { type: 'string', format: 'binary' } }, required: ['file'] }
    result.requestBody = { required: true, content: { 'multipart/form-data': { schema } } }
  } else if (route.body)
    result.requestBody = { required: true, content: { 'application/json': { schema: route.body } } }
  return result
}

/** OpenAPI 3.1 of a route table; TypeBox schemas are JSON Schema 2020-12 as they stand. */
export function openApi(routes: RouteTable): OpenApiDocument {
  const paths: OpenApiDocument['paths'] = {}
  for (const [name, route] of Object.entries(routes)) {
    const path = route.path.replace(/:([A-Za-z]+)/g, '{$1}')
    paths[path] ??= {}
    paths[path][route.method.toLowerCase()] = operation(name, route)
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Vigil 守望', version: '0.1.0', license: { name: 'Apache-2.0' }, 'x-permissions': permissions },
    paths,
    components: {
      schemas: { Problem },
      securitySchemes: {
        session: { type: 'apiKey', in: 'cookie', name: 'vigil_session' },
        apiKey: { type: 'http', scheme: 'bearer', description: 'API key of a program: vgl_…' },
      },
    },
  }
}
