import { randomUUID } from 'node:crypto'
import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import { Readable } from 'node:stream'
import cookie from '@fastify/cookie'
import multipart from '@fastify/multipart'
import type { Download, Route, RouteTable } from '@vigil/contract'
import Fastify, { type FastifyError, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import type { Caller } from '../access/caller.ts'
import { scopeFor } from '../access/caller.ts'
import { conflict, forbidden, invalid, Problem, unauthenticated, unavailable } from '../error/problem.ts'
import type { Call, Handlers, Upload } from './handler.ts'
import { openApi } from './openapi.ts'
import { docsPage } from './openapi-page.ts'
import { assertSameOrigin } from './origin.ts'
import { mayUpgrade, offerSockets, type SocketHandler, socketRoute } from './socket.ts'
import { compile, fieldErrors } from './validate.ts'

export interface HttpOptions {
  /** Finds out who calls; undefined when nobody is signed in. @throws Problem 401 when a credential is wrong */
  readonly authenticate: (request: FastifyRequest) => Promise<Caller | undefined>
  /** Records a refusal (401, 403, 404 by area) in the audit log. */
  readonly refused: (caller: Caller | undefined, request: FastifyRequest, problem: Problem) => Promise<void>
  /** Addresses of proxies whose X-Forwarded-* headers count. */
  readonly trustProxy: string[] | boolean
  /** Gives a problem of a raw route the name and headers that its standard has for it. */
  readonly problemOfStandard?: (problem: Problem, reply: FastifyReply) => Problem
  /** Headers with which OPTIONS on the path of a raw route tells what is offered there. */
  readonly discover?: (path: string) => Readonly<Record<string, string>>
  /** Routes that may also be asked for a WebSocket. */
  readonly sockets?: Readonly<Record<string, SocketHandler>>
  /** Answers addresses of the console, which routes in the browser. */
  readonly page?: (reply: FastifyReply) => Promise<unknown>
  /** Where errors that are our fault go. */
  readonly logError: (error: unknown, requestId: string) => void
}

const problemType = 'application/problem+json; charset=utf-8'

function documentOf({ details }: Problem, requestId?: string): string {
  const { status, code, title, detail, errors, retryAfter } = details
  return JSON.stringify({
    type: details.type ?? `urn:vigil:problem:${code}`,
    title,
    status,
    code,
    ...(requestId && { instance: requestId }),
    ...(detail && { detail }),
    ...(errors && { errors }),
    ...(retryAfter !== undefined && { retryAfter }),
  })
}

function send(reply: FastifyReply, request: FastifyRequest, problem: Problem): FastifyReply {
  const { status, retryAfter } = problem.details
  if (retryAfter !== undefined) reply.header('retry-after', String(retryAfter))
  return reply.code(status).type(problemType).send(documentOf(problem, request.id))
}

const clientProblems: Readonly<Record<string, Problem>> = {
  HPE_HEADER_OVERFLOW: new Problem({ status: 431, code: 'too-large', title: '请求头过大' }),
  ERR_HTTP_REQUEST_TIMEOUT: new Problem({
    status: 408,
    code: 'timeout',
    title: '请求超时',
    detail: '网络过慢，请重试',
  }),
}
const noHttp = new Problem({ status: 400, code: 'malformed', title: '请求无法读取' })

/** Answers what is no HTTP at all, or never ends, and closes the connection. */
function answerClient(error: { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return
  const problem = clientProblems[error.code ?? ''] ?? noHttp
  const body = documentOf(problem)
  if (socket.writable)
    socket.write(
      `HTTP/1.1 ${problem.details.status} ${STATUS_CODES[problem.details.status]}\r\nContent-Type: ${problemType}\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
    )
  socket.destroy()
}

const tooLarge = () =>
  new Problem({ status: 413, code: 'too-large', title: '内容过大', detail: '超过允许的大小，请分批提交' })

/** Turns what was thrown into a problem: our own, Fastify's, PostgreSQL's, or an unknown fault. */
function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error
  const known = error as Partial<FastifyError> & { code?: string }
  const code = known.code ?? ''
  if (known.validation)
    return invalid(
      fieldErrors(
        known.validation as never,
        `/${known.validationContext === 'body' ? '' : `${known.validationContext === 'querystring' ? 'query' : known.validationContext}/`}`.replace(
          /\/$/,
          '',
        ),
      ),
    )
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE' || code === 'FST_REQ_FILE_TOO_LARGE') return tooLarge()
  if (code.startsWith('FST_ERR_CTP'))
    return new Problem({
      status: known.statusCode === 415 ? 415 : 400,
      code: 'malformed',
      title: '请求无法读取',
      detail: '请求内容不是有效的 JSON',
    })
  if (error instanceof SyntaxError && known.statusCode === 400)
    return new Problem({ status: 400, code: 'malformed', title: '请求无法读取', detail: '请求内容不是有效的 JSON' })
  // What the parser of forms throws bears no code.
  if (/^(Multipart: |Unexpected end of |Malformed |Unsupported content type)/.test((error as Error)?.message ?? ''))
    return new Problem({
      status: 400,
      code: 'malformed',
      title: '请求无法读取',
      detail: '上传的内容不完整，请重新上传',
    })
  if (code === '23505') return conflict('相同的记录已存在')
  if (
    // 08 connection, 40 deadlock or serialization, 53 resources, 57 cancelled or shutting down.
    /^(08|40|53|57)...$/.test(code) ||
    /^(ECONNREFUSED|ECONNRESET|EPIPE)$/.test(code) ||
    /Connection terminated|timeout exceeded when trying to connect|connection error and is not queryable/.test(
      (error as Error)?.message ?? '',
    )
  )
    return unavailable(2, '数据库暂时连接不上，请稍后自动重试')
  if (known.statusCode && known.statusCode >= 400 && known.statusCode < 500)
    return new Problem({ status: known.statusCode, code: 'bad-request', title: '请求有误' })
  return new Problem(
    { status: 500, code: 'internal', title: '系统出错', detail: '系统出错，已记录。请稍后重试' },
    { cause: error },
  )
}

/** The parser just stops at the limit: unseen, the first part of a file would be taken for the whole. */
async function* whole(file: Readable & { truncated?: boolean }): AsyncGenerator<Buffer> {
  for await (const chunk of file) {
    if (file.truncated) throw tooLarge()
    yield chunk
  }
  if (file.truncated) throw tooLarge()
}

async function takeUpload(request: FastifyRequest, limit: number): Promise<Upload> {
  if (!request.isMultipart())
    throw new Problem({
      status: 415,
      code: 'malformed',
      title: '请上传文件',
      detail: '请以 multipart/form-data 上传，字段名 file',
    })
  const part = await request.file({ limits: { fileSize: limit, files: 1, fields: 20, fieldSize: 20_000 } })
  if (!part) throw invalid([{ pointer: '/file', code: 'required', detail: '请选择文件' }])
  const fields: Record<string, string> = {}
  for (const [name, value] of Object.entries(part.fields)) {
    const field = Array.isArray(value) ? value[0] : value
    if (field && field.type === 'field') fields[name] = String(field.value)
  }
  return { filename: part.filename, stream: Readable.from(whole(part.file)), fields }
}

/** `ext-value` of RFC 8187: what encodeURIComponent leaves and the header may not hold is encoded too. */
const encodeName = (name: string): string =>
  encodeURIComponent(name.toWellFormed()).replace(/['()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)

function sendDownload(reply: FastifyReply, download: Download): FastifyReply {
  reply.type(download.mediaType)
  if (download.filename)
    reply.header('content-disposition', `attachment; filename*=UTF-8''${encodeName(download.filename)}`)
  // A proxy that gathers the answer would hold live events back.
  if (download.mediaType.startsWith('text/event-stream')) reply.header('x-accel-buffering', 'no')
  return reply.send(
    download.body instanceof Uint8Array
      ? Buffer.from(download.body)
      : Readable.from(download.body, { objectMode: false }),
  )
}

/** A part of the server in which a body of any type arrives as a buffer. */
async function rawScope(app: FastifyInstance): Promise<{ readonly raw: FastifyInstance }> {
  let scope = app
  await app.register(async (inner) => {
    inner.removeAllContentTypeParsers()
    inner.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
    scope = inner
  })
  // Not by itself: an instance can be awaited, and would become the outer one.
  return { raw: scope }
}

function discovery(routes: RouteTable, path: string, reply: FastifyReply, { discover }: HttpOptions): FastifyReply {
  const methods = Object.values(routes).flatMap((route) => (route.path === path ? [route.method] : []))
  return reply
    .code(204)
    .headers({ allow: ['OPTIONS', ...new Set(methods)].join(', '), ...discover?.(path) })
    .send()
}

/** Fastify from the route table: validation, access, problem documents, OpenAPI. Deny by default: no handler, no route. */
export async function createServer<T extends RouteTable>(
  routes: T,
  handlers: Handlers<T>,
  options: HttpOptions,
): Promise<FastifyInstance> {
  const app = Fastify({
    genReqId: () => randomUUID(),
    trustProxy: options.trustProxy,
    bodyLimit: 1_048_576,
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 2000 },
    forceCloseConnections: true,
    http: { shouldUpgradeCallback: mayUpgrade },
    // The time to send a whole request, large uploads on slow lines included; without it a line may be held for ever.
    requestTimeout: 600_000,
    clientErrorHandler: answerClient,
    frameworkErrors: (error, request, reply) => void send(reply, request, problemOf(error)),
  })
  await app.register(cookie)
  await app.register(multipart)
  await offerSockets(app, (error) => options.logError(error, ''))
  app.setValidatorCompiler(({ schema, httpPart }) => compile(schema as object, httpPart ?? 'body') as never)
  // Answers are typed by the contract at compile time; JSON.stringify is as fast as a compiled serialiser here.
  app.setSerializerCompiler(() => (data) => JSON.stringify(data))
  app.decorateRequest('caller', undefined)
  // With a callback: a promise for every answer costs as much as the headers themselves.
  app.addHook('onSend', (_request, reply, _payload, done) => {
    reply
      .header('x-content-type-options', 'nosniff')
      .header('referrer-policy', 'same-origin')
      .header('x-frame-options', 'DENY')
    if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store')
    done()
  })
  app.setErrorHandler(async (error, request, reply) => {
    const problem = problemOf(error)
    if (problem.details.status >= 500 && problem.details.status !== 503) options.logError(error, request.id)
    if ([403, 404].includes(problem.details.status))
      await options
        .refused((request as { caller?: Caller }).caller, request, problem)
        .catch((cause) => options.logError(cause, request.id))
    const { raw } = request.routeOptions.config as { raw?: boolean }
    return send(reply, request, (raw && options.problemOfStandard?.(problem, reply)) || problem)
  })

  // Bodies of raw routes are not read by their content type: that is the handler's to judge.
  const { raw: rawApp } = await rawScope(app)
  for (const [name, route] of Object.entries(routes) as [keyof T & string, Route][]) {
    const handler = handlers[name] as (call: Call<Route>) => Promise<unknown>
    const schema: Record<string, unknown> = {}
    if (route.params) schema.params = route.params
    if (route.query) schema.querystring = route.query
    if (!route.upload && (route.envelope ?? route.body)) schema.body = route.envelope ?? route.body
    const scope = route.raw ? rawApp : app
    const callOf = (request: FastifyRequest, reply?: FastifyReply, upload?: Upload) =>
      ({
        params: request.params,
        query: request.query,
        body: request.body,
        caller: (request as { caller?: Caller }).caller,
        upload,
        request,
        reply,
      }) as unknown as Call<Route>
    const socket = options.sockets?.[name]
    scope.route({
      // The plugin's types of a route with both handlers know no `config` of our own.
      ...(socket && (socketRoute(socket, callOf) as object)),
      method: route.method,
      url: route.path,
      config: { raw: route.raw === true },
      // A HEAD would run the whole handler: use up a sheet that is given out once, or wait on a stream without end.
      exposeHeadRoute: false,
      schema,
      bodyLimit: route.bodyLimit ?? 1_048_576,
      // Before the body is read and validated: a stranger learns nothing of the form of a request.
      onRequest: async (request) => {
        assertSameOrigin(request)
        if (route.permission === 'public') return
        const caller = await options.authenticate(request)
        if (!caller) throw unauthenticated()
        ;(request as { caller?: Caller }).caller = caller
        if (route.permission !== 'signed-in' && scopeFor(caller, route.permission).length === 0) throw forbidden()
      },
      handler: async (request, reply) => {
        const upload = route.upload ? await takeUpload(request, route.bodyLimit ?? 1_048_576) : undefined
        const answer = await handler(callOf(request, reply, upload))
        if (route.raw) reply.code(route.status ?? 200)
        if (answer && typeof answer === 'object' && 'mediaType' in answer && 'body' in answer)
          return sendDownload(reply, answer as Download)
        return reply.code(route.status ?? 200).send(route.raw ? undefined : answer)
      },
    })
  }
  for (const path of new Set(Object.values(routes).map(({ path: each, raw }) => (raw ? each : ''))))
    if (path) app.options(path, async (_request, reply) => discovery(routes, path, reply, options))
  const document = openApi(routes)
  app.get('/api/openapi.json', async (_request, reply) => reply.type('application/json').send(document))
  app.get('/api/docs', async (_request, reply) => reply.type('text/html; charset=utf-8').send(docsPage(document)))
  app.setNotFoundHandler(async (request, reply) => {
    if (options.page && request.method === 'GET' && !/^\/(api|epcis)\//.test(request.url)) return options.page(reply)
    return send(reply, request, new Problem({ status: 404, code: 'no-route', title: '没有这个地址' }))
  })
  return app
}
