import type { FastifyReply, FastifyRequest } from 'fastify'
import { exception, limitHeaders } from './exception.ts'
import { type EpcFormat, epcFormats, type TermFormat, termFormats } from './translate.domain.ts'

export const epcisVersion = '2.0.0'
export const cbvVersion = '2.0.0'

/** Headers of every answer. */
export const versionHeaders = {
  'gs1-epcis-version': epcisVersion,
  'gs1-cbv-version': cbvVersion,
  'gs1-extensions': '',
} as const

/** Headers with which OPTIONS tells what is offered at a path. */
export const discoveryHeaders = (path: string): Readonly<Record<string, string>> => ({
  ...versionHeaders,
  'gs1-epcis-min': epcisVersion,
  'gs1-epcis-max': epcisVersion,
  'gs1-cbv-min': cbvVersion,
  'gs1-cbv-max': cbvVersion,
  'gs1-epc-format': 'No_Preference',
  'gs1-cbv-xml-format': 'No_Preference',
  'gs1-vendor-version': 'vigil-0.1.0',
  ...(path === '/epcis/capture' && { ...limitHeaders, 'gs1-capture-error-behaviour': 'all' }),
})

/** Versions as numbers, so that 2.0 and 2.0.0 are one. */
function compare(a: string, b: string): number {
  const [left, right] = [a, b].map((each) => each.split('.').map(Number)) as [number[], number[]]
  for (let i = 0; i < 3; i++) if ((left[i] ?? 0) !== (right[i] ?? 0)) return (left[i] ?? 0) - (right[i] ?? 0)
  return 0
}

function headerOf({ headers }: FastifyRequest, name: string): string | undefined {
  const value = headers[name]
  return Array.isArray(value) ? value[0] : value
}

function assertVersion(request: FastifyRequest, what: 'epcis' | 'cbv', ours: string): void {
  const [exact, min, max] = ['version', 'min', 'max'].map((part) => headerOf(request, `gs1-${what}-${part}`)?.trim())
  for (const each of [exact, min, max])
    if (each && !/^\d+(\.\d+)*$/.test(each))
      throw exception('NotAcceptableException', `GS1-${what}：${each} 不是版本号`)
  const wrong =
    (exact && compare(exact, ours) !== 0) || (min && compare(min, ours) > 0) || (max && compare(max, ours) < 0)
  if (wrong) throw exception('NotAcceptableException', `本库只提供 ${what.toUpperCase()} ${ours}`)
}

/** How the client wants keys and terms spelled. */
export interface Spelling {
  readonly epc: EpcFormat
  readonly term: TermFormat
}

function formatOf<T extends string>(request: FastifyRequest, name: string, offered: readonly T[]): T {
  const wanted = headerOf(request, name)?.trim()
  if (!wanted) return offered[0]!
  const found = offered.find((each) => each === wanted)
  if (!found) throw exception('NotAcceptableException', `${name} 只能是 ${offered.join('、')}`)
  return found
}

/** Judges the headers that say what the client can take. @throws Problem 406 */
export function spellingOf(request: FastifyRequest): Spelling {
  assertVersion(request, 'epcis', epcisVersion)
  assertVersion(request, 'cbv', cbvVersion)
  return {
    epc: formatOf(request, 'gs1-epc-format', epcFormats),
    term: formatOf(request, 'gs1-cbv-xml-format', termFormats),
  }
}

/** Sets the headers of an answer after looking at what the client can take. @throws Problem 406 */
export function negotiate(request: FastifyRequest, reply: FastifyReply): Spelling {
  reply.headers(versionHeaders)
  return spellingOf(request)
}

/** Whether a document is to be answered as XML: the first of the accepted types that we have. @throws Problem 406 */
export function wantsXml(request: FastifyRequest): boolean {
  const accepted = (headerOf(request, 'accept') ?? '*/*').split(',').flatMap((each) => {
    const [type = '', ...parameters] = each.split(';').map((part) => part.trim().toLowerCase())
    const quality = Number(parameters.find((part) => part.startsWith('q='))?.slice(2) ?? 1)
    return quality > 0 ? [{ type, quality }] : []
  })
  for (const { type } of accepted.toSorted((a, b) => b.quality - a.quality)) {
    if (/^(\*\/\*|application\/(\*|json|ld\+json))$/.test(type)) return false
    if (/^(application|text)\/xml$/.test(type)) return true
  }
  throw exception('NotAcceptableException', '只能以 JSON 或 XML 答复')
}

/** Type of an answer in JSON: what the client named, so that a simple one finds its own. */
export const jsonType = (request: FastifyRequest): string =>
  /application\/json/.test(headerOf(request, 'accept') ?? '') ? 'application/json' : 'application/ld+json'
