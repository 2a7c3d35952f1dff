import type { FieldError } from '@vigil/contract'

export interface ProblemDetails {
  readonly status: number
  readonly code: string
  /** Name of the problem in another standard; `urn:vigil:problem:<code>` unless given. */
  readonly type?: string
  /** Chinese; what went wrong, for a person. */
  readonly title: string
  readonly detail?: string
  readonly errors?: readonly FieldError[]
  /** Seconds. */
  readonly retryAfter?: number
}

/** An answer that is not success: becomes an RFC 9457 problem document. */
export class Problem extends Error {
  override name = 'Problem'
  readonly details: ProblemDetails
  constructor(details: ProblemDetails, options?: ErrorOptions) {
    super(details.detail ?? details.title, options)
    this.details = details
  }
}

/** 400: one or more fields are wrong; each is named by JSON pointer. */
export const invalid = (errors: readonly FieldError[], detail = '请按提示修改后重试') =>
  new Problem({ status: 400, code: 'invalid', title: '填写的内容有误', detail, errors })

/** 400 for one field. */
export const invalidField = (pointer: string, detail: string, code = 'invalid') =>
  invalid([{ pointer, detail, code }], detail)

/** 401: nobody is signed in, or the session has ended. */
export const unauthenticated = (detail = '登录已失效，请重新登录', code = 'unauthenticated') =>
  new Problem({ status: 401, code, title: '需要登录', detail })

/** 403: the account has this permission nowhere. */
export const forbidden = (detail = '当前账号没有此项权限') =>
  new Problem({ status: 403, code: 'forbidden', title: '没有权限', detail })

/** 404: does not exist, or lies outside the caller's area: the two must look the same. */
export const notFound = (what = '内容') =>
  new Problem({ status: 404, code: 'not-found', title: '没有找到', detail: `${what}不存在，或不在您的管辖范围内` })

/** 409: somebody else was first, or the state does not allow it. */
export const conflict = (detail: string, code = 'conflict') =>
  new Problem({ status: 409, code, title: '与现有数据冲突', detail })

/** 429 with the wait in seconds. */
export const tooMany = (retryAfter: number, detail = `操作过于频繁，请 ${retryAfter} 秒后再试`) =>
  new Problem({ status: 429, code: 'too-many', title: '操作过于频繁', detail, retryAfter })

/** 503 with the wait in seconds: beyond capacity, or the database is away. Nothing was written. */
export const unavailable = (retryAfter: number, detail = '系统繁忙，请稍后自动重试') =>
  new Problem({ status: 503, code: 'unavailable', title: '暂时无法处理', detail, retryAfter })
