import { contract, urlOf } from '@vigil/contract'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Config } from '../kernel/config.ts'

const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; manifest-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
const escapeHtml = (text: string): string => text.replace(/[&<>"]/g, (sign) => escapes[sign]!)

/** Where a program finds the answer behind a code: the API's address for the path that the code holds. */
export function apiAddress(path: string): string {
  if (path === '/z/') return urlOf(contract['cold-public.keys'])
  const token = /^\/z\/([^/]+)$/.exec(path)?.[1]
  if (token !== undefined) return urlOf(contract['cold-public.certificate'], { token })
  return urlOf(contract['cold-public.code'], {}, { code: `https://id.gs1.org${path}` })
}

const pathOf = (request: FastifyRequest): string => request.url.replace(/[?#].*$/, '')

/** Programs that ask a GS1 Digital Link for data, as its resolvers are asked, and not for a page. */
const wantsData = ({ accept = '' }: FastifyRequest['headers']): boolean =>
  /\bjson\b/.test(accept) && !/text\/html/.test(accept)

/**
 * Serves what the codes of certificates (/z/, which alone checks any of them), boxes and lots (/01/) and pallets (/00/) lead to: one page that looks the code up
 * itself; a program that asks for JSON is sent to the API. The page is told which site is the right one and whom to call.
 * @param source the built page
 */
export function servePublicPages(
  app: FastifyInstance,
  { publicUrl, hotline }: Pick<Config, 'publicUrl' | 'hotline'>,
  source: () => Promise<string>,
): void {
  const site = URL.parse(publicUrl)?.host ?? ''
  const answer = async (request: FastifyRequest, reply: FastifyReply) => {
    reply.header('vary', 'accept')
    if (wantsData(request.headers)) return reply.redirect(apiAddress(pathOf(request)), 303)
    const page = (await source())
      .replace('__SITE__', () => escapeHtml(site))
      .replace('__HOTLINE__', () => escapeHtml(hotline))
    return reply
      .type('text/html; charset=utf-8')
      .header('cache-control', 'no-cache')
      .header('content-security-policy', policy)
      .header('x-robots-tag', 'noindex')
      .send(page)
  }
  for (const path of ['/z/', '/z/*', '/01/*', '/00/*']) app.get(path, answer)
}
