import type { Readable } from 'node:stream'
import type { BodyOf, ParamsOf, QueryOf, ResponseOf, Route, RouteTable } from '@vigil/contract'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Caller } from '../access/caller.ts'

/** An uploaded file, not read yet. */
export interface Upload {
  readonly filename: string
  readonly stream: Readable
  /** The other form fields. */
  readonly fields: Readonly<Record<string, string>>
}

/** What a handler gets: everything validated, the caller known. */
export interface Call<R extends Route> {
  readonly params: ParamsOf<R>
  readonly query: QueryOf<R>
  readonly body: BodyOf<R>
  readonly caller: Caller
  /** Present on upload routes. */
  readonly upload: Upload
  /** For cookies and headers only; the answer is what the handler returns. */
  readonly reply: FastifyReply
  readonly request: FastifyRequest
}

export type Handler<R extends Route> = (call: Call<R>) => Promise<ResponseOf<R>>
/** Handlers of a route table: a missing or misspelt one does not compile. */
export type Handlers<T extends RouteTable> = { readonly [K in keyof T]: Handler<T[K]> }
