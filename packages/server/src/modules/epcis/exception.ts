import { captureLimit } from '@vigil/contract'
import type { FastifyReply } from 'fastify'
import { Problem } from '../../kernel/error/problem.ts'

/** Exceptions of EPCIS 2.0 with the status and title of each (REST bindings). */
const exceptions = {
  ValidationException: [400, '内容不符合 EPCIS 2.0'],
  QueryParameterException: [400, '查询参数有误'],
  QueryValidationException: [400, '查询有误'],
  SubscriptionControlsException: [400, '订阅条件有误'],
  NoSuchResourceException: [404, '没有找到'],
  NoSuchNameException: [404, '没有这个查询'],
  ResourceAlreadyExistsException: [409, '已存在'],
  NotAcceptableException: [406, '无法按要求答复'],
  UnsupportedMediaTypeException: [415, '不支持的内容类型'],
  CaptureLimitExceededException: [413, '内容过大'],
  QueryTooLargeException: [413, '结果过多'],
  QueryTooComplexException: [413, '查询过于复杂'],
} as const

export type ExceptionName = keyof typeof exceptions

/** A problem with the name that EPCIS 2.0 has for it. */
export const exception = (name: ExceptionName, detail: string, errors?: Problem['details']['errors']): Problem =>
  new Problem({
    status: exceptions[name][0],
    code:
      codes[name] ??
      name
        .replace(/Exception$/, '')
        .replace(/(?<=[a-z])[A-Z]/g, '-$&')
        .toLowerCase(),
    type: `epcisException:${name}`,
    title: exceptions[name][1],
    detail,
    ...(errors && { errors: errors.slice(0, 50) }),
  })

/** What lies outside one's area does not exist, here as elsewhere. */
const codes: Partial<Record<ExceptionName, string>> = {
  NoSuchResourceException: 'not-found',
  NoSuchNameException: 'not-found',
  CaptureLimitExceededException: 'too-large',
}

const byStatus: Readonly<Record<number, string>> = {
  400: 'ValidationException',
  401: 'SecurityException',
  403: 'SecurityException',
  404: 'NoSuchResourceException',
  406: 'NotAcceptableException',
  409: 'ResourceAlreadyExistsException',
  413: 'CaptureLimitExceededException',
  414: 'URITooLongException',
  415: 'UnsupportedMediaTypeException',
  500: 'ImplementationException',
  503: 'ImplementationException',
}

/** Headers that tell how much a capture takes. */
export const limitHeaders = {
  'gs1-epcis-capture-limit': String(captureLimit.events),
  'gs1-epcis-capture-file-size-limit': String(captureLimit.bytes),
}

/** Any problem on a route of the standard, by the standard's name for it. */
export function problemOfStandard(problem: Problem, reply: FastifyReply): Problem {
  const { status, type } = problem.details
  if (status === 413) reply.headers(limitHeaders)
  const name = byStatus[status]
  if (type !== undefined || name === undefined) return problem
  return new Problem({ ...problem.details, type: `epcisException:${name}` }, { cause: problem.cause })
}
