import Type, { type Static, type TObject, type TSchema } from 'typebox'
import type { Permission } from './permission.ts'

/** Who may call a route: a named permission (checked against an area), any signed-in account, or anybody. */
export type RouteAccess = Permission | 'signed-in' | 'public'

/**
 * One operation that the server offers. `permission`, `summary` and `response` are mandatory, so a route without
 * access rule or response schema does not compile; `rules/contract.test.ts` checks that every string is bounded.
 */
export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Below /api; what an outside standard names is below the standard's own name. */
  readonly path: `/api/${string}` | `/epcis${string}`
  readonly summary: string
  readonly permission: RouteAccess
  readonly params?: TObject
  readonly query?: TObject
  readonly body?: TSchema
  /** What is checked before the handler when it is looser than `body`: bulk routes check row by row and answer row by row. */
  readonly envelope?: TSchema
  /** Largest accepted body in bytes; 1 MiB unless given. */
  readonly bodyLimit?: number
  /** The body is a file (multipart/form-data, field `file`); the other fields are validated by `body`. */
  readonly upload?: boolean
  /**
   * The shape is an outside standard's: query string and body (a buffer of any content type) are judged by the handler, and the
   * answer is a file or nothing.
   */
  readonly raw?: boolean
  readonly response: TSchema
  /** Success status; 200 unless given. */
  readonly status?: 200 | 201 | 202 | 204
}

export type RouteTable = Readonly<Record<string, Route>>

/** Names a route table without widening it, so that handlers and the client are typed by each route's own schemas. */
export const defineRoutes = <const T extends RouteTable>(routes: T): T => routes

type Of<S> = S extends TSchema ? Static<S> : undefined
export type ParamsOf<R extends Route> = Of<R['params']>
export type QueryOf<R extends Route> = Of<R['query']>
export type BodyOf<R extends Route> = Of<R['body']>
export type ResponseOf<R extends Route> = Static<R['response']>

/** Object that refuses unknown fields: a misspelt field must be told, not dropped. */
export const object = <P extends Record<string, TSchema>>(properties: P, options: { description?: string } = {}) =>
  Type.Object(properties, { additionalProperties: false, ...options })

/** Bounded text; every string of the contract has a maximum. */
export const text = (maxLength: number, options: { minLength?: number; pattern?: string; description?: string } = {}) =>
  Type.String({ maxLength, ...options })

/** Text that may not be empty. */
export const requiredText = (maxLength: number, description?: string) =>
  Type.String({ minLength: 1, maxLength, ...(description ? { description } : {}) })

export const Uuid = Type.String({ format: 'uuid', minLength: 36, maxLength: 36 })
/** Calendar day in Asia/Shanghai, YYYY-MM-DD. */
export const DayText = Type.String({ format: 'date', minLength: 10, maxLength: 10 })
/** Instant, RFC 3339 with offset. */
export const Instant = Type.String({ format: 'date-time', maxLength: 40 })
/** Area code: GB/T 2260 six digits, or a local code below it (office, grid, zone). */
export const AreaCode = Type.String({ pattern: '^[0-9A-Z]{6}([0-9A-Z]{1,14})?$', minLength: 6, maxLength: 20 })
export const StoreCode = Type.String({ pattern: '^[0-9A-Z-]+$', minLength: 3, maxLength: 24 })
export const Count = Type.Integer({ minimum: 0 })
export const Nullable = <S extends TSchema>(schema: S) => Type.Union([schema, Type.Null()])
export const Choice = <const V extends readonly string[]>(values: V) =>
  Type.Unsafe<V[number]>({ type: 'string', enum: [...values], maxLength: Math.max(...values.map((v) => v.length)) })

export const Id = object({ id: Uuid })
export const Done = object({ ok: Type.Literal(true) })

/** Keyset page: `next` is opaque, null on the last page. */
export const page = <S extends TSchema>(item: S) => object({ items: Type.Array(item), next: Nullable(text(400)) })
export const PageQuery = {
  cursor: Type.Optional(text(400)),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, default: 50 })),
}

/** RFC 9457 problem details. `errors` names each wrong field by JSON pointer; titles and details are Chinese. */
export const Problem = object({
  type: text(200),
  title: text(200),
  status: Type.Integer(),
  detail: Type.Optional(text(2000)),
  instance: Type.Optional(text(200)),
  code: text(60),
  errors: Type.Optional(Type.Array(object({ pointer: text(300), detail: text(500), code: Type.Optional(text(60)) }))),
  retryAfter: Type.Optional(Type.Integer()),
})
export type Problem = Static<typeof Problem>

export interface Download {
  readonly mediaType: string
  readonly filename: string
  readonly body: AsyncIterable<Uint8Array> | Uint8Array
}

/** A response that is a file, not JSON. */
export const file = (...mediaTypes: string[]) =>
  Type.Unsafe<Download>({ type: 'string', format: 'binary', maxLength: 2_000_000_000, 'x-media-types': mediaTypes })

/** Outcome of a bulk import: the good rows are in, every bad row is told and can be fetched as a file. */
export const ImportReport = object({
  total: Count,
  accepted: Count,
  rejected: Count,
  problems: Type.Array(object({ row: Count, column: text(100), detail: text(500) }), { maxItems: 200 }),
  /** File with all rejected rows and reasons, in the uploaded columns; null when nothing was rejected. */
  errorFileId: Nullable(Uuid),
})
export type ImportReport = Static<typeof ImportReport>
