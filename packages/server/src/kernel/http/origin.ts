import type { FastifyRequest } from 'fastify'
import { forbidden } from '../error/problem.ts'
import { keyOfSocket } from './socket.ts'

const unsafe = new Set(['POST', 'PUT', 'PATCH', 'DELETE'])

/**
 * A page of another site must not act with our cookie, nor listen with it over a WebSocket. Programs with an API key are free of this.
 * @throws Problem 403
 */
export function assertSameOrigin(request: FastifyRequest): void {
  if (!(unsafe.has(request.method) || request.ws) || request.headers.authorization || keyOfSocket(request)) return
  const site = request.headers['sec-fetch-site']
  if (site && site !== 'same-origin' && site !== 'none') throw forbidden('请求来自其他网站，已拒绝')
  const origin = request.headers.origin
  if (origin && URL.parse(origin)?.host !== request.host) throw forbidden('请求来自其他网站，已拒绝')
}
