import type { Download } from '@vigil/contract'
import { epcisContext, type Json, type Namespaces, namespacesOf } from '@vigil/epcis/document'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { jsonType } from './negotiate.ts'
import type { Value } from './query.parameter.ts'
import { wrong } from './query.parameter.ts'

/** Parameters of the query string; one that is given more than once is a list. */
export function parametersOf(request: FastifyRequest): Map<string, Value> {
  const query = request.raw.url?.split('?').slice(1).join('?') ?? ''
  const parameters = new Map<string, Value>()
  for (const [name, value] of new URLSearchParams(query)) {
    if (`${name}${value}`.includes('\0')) throw wrong(name, '含有无法保存的字符')
    const before = parameters.get(name) as string | undefined
    parameters.set(name, before === undefined ? value : `${before}|${value}`)
  }
  return parameters
}

/** Takes a parameter out of the others, as text. */
export function taken(parameters: Map<string, Value>, name: string): string | undefined {
  const value = parameters.get(name) as string | undefined
  parameters.delete(name)
  return value
}

/** The first value of a header. */
export function headerOf(request: FastifyRequest, name: string): string | undefined {
  const value = request.headers[name]
  return Array.isArray(value) ? value.join(',') : value
}

/** Prefixes that the client declares by `GS1-Extensions: ex=https://…,…`; null when none. @throws Problem 400 */
export function extensionsOf(request: FastifyRequest): Json | null {
  const header = headerOf(request, 'gs1-extensions')?.trim()
  if (!header) return null
  return Object.fromEntries(
    header.split(',').map((entry) => {
      const [, prefix, namespace] = /^\s*([A-Za-z][\w.-]*)\s*=\s*(\S+)\s*$/.exec(entry) ?? []
      if (!prefix || !namespace) throw wrong('GS1-Extensions', '应为 前缀=命名空间')
      return [prefix, namespace]
    }),
  )
}

/** Prefixes that hold in the parameters of a request. */
export const namespacesFor = (request: FastifyRequest): Namespaces =>
  namespacesOf((extensionsOf(request) ?? undefined) as Parameters<typeof namespacesOf>[0])

/** An answer in JSON. */
export const json = (request: FastifyRequest, body: unknown): Download => ({
  mediaType: jsonType(request),
  filename: '',
  body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
})

/** A collection of the standard. */
export const collection = (member: readonly string[]) => ({ '@context': epcisContext, type: 'Collection', member })

/** Address of a path of this server, as the client sees it. */
export const addressOf = (request: FastifyRequest, path: string): string =>
  `${request.protocol}://${request.host}${path}`

/** Tells where the next page is and until when. */
export function linkNext(request: FastifyRequest, reply: FastifyReply, token: string, expires: Date): void {
  const [path = '', ...query] = (request.raw.url ?? '').split('?')
  const parameters = new URLSearchParams(query.join('?'))
  parameters.set('nextPageToken', token)
  reply.header('link', `<${addressOf(request, `${path}?${parameters}`)}>; rel="next"`)
  reply.header('gs1-next-page-token-expires', expires.toISOString())
}
