import { Problem } from '../../kernel/error/problem.ts'
import type { OpenedFile } from '../../kernel/file/index.ts'
import type { Guard } from './guard.ts'
import { BlockedAddress } from './guard.ts'
import { type PostAnswer, PostError, post } from './post.ts'
import { judge } from './receipt.domain.ts'
import { askedPause } from './retry.domain.ts'
import { scrub } from './scrub.domain.ts'
import type { DeliveryRow, DestinationRow } from './sharing.store.ts'
import { contentDigest, type SigningKey, signatureHeaders } from './signature.ts'

/** One attempt with everything that it needs. */
export interface Sending {
  readonly destination: DestinationRow
  readonly delivery: DeliveryRow
  readonly key: SigningKey
  readonly secret: string | undefined
  readonly file: OpenedFile
  readonly guard: Guard
  readonly now: Date
  readonly signal: AbortSignal
}

/** How an attempt ended. */
export type Outcome =
  | {
      readonly ok: true
      readonly status: number
      readonly number: string | null
      readonly answer: string
      readonly receipt: Receipt
    }
  | Failure

export interface Failure {
  readonly ok: false
  readonly status: number | null
  readonly code: string
  /** Chinese, for a person. */
  readonly message: string
  readonly hopeless: boolean
  /** Pause that the recipient asked for, in seconds. */
  readonly asked?: number | undefined
  readonly answer: string | null
}

/** What is kept of a recipient's answer. */
export interface Receipt {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

const certificate = '接收方的证书不受信任，请核对地址，或填写其 CA 证书'
const words: Readonly<Record<string, readonly [message: string, hopeless: boolean]>> = {
  ECONNREFUSED: ['接收方拒绝连接，服务可能没有启动', false],
  ECONNRESET: ['接收方中断了连接', false],
  EPIPE: ['接收方中断了连接', false],
  ENOTFOUND: ['找不到接收方的主机名', false],
  EAI_AGAIN: ['暂时查不到接收方的主机名', false],
  EHOSTUNREACH: ['到接收方的网络不通', false],
  ENETUNREACH: ['到接收方的网络不通', false],
  ETIMEDOUT: ['连接接收方超时', false],
  CERT_HAS_EXPIRED: ['接收方的证书已过期', true],
  ERR_TLS_CERT_ALTNAME_INVALID: ['接收方的证书与地址不符', true],
  DEPTH_ZERO_SELF_SIGNED_CERT: [certificate, true],
  SELF_SIGNED_CERT_IN_CHAIN: [certificate, true],
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: [certificate, true],
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: [certificate, true],
  EPROTO: ['与接收方的加密连接没有谈成', true],
}

/** What broke off an attempt, as a failure in plain words; nothing of the error itself is told, for it may hold data. */
export function failureOf(error: unknown): Failure {
  const failure = (code: string, message: string, hopeless = false): Failure => ({
    ok: false,
    status: null,
    code,
    message,
    hopeless,
    answer: null,
  })
  if (error instanceof PostError) return failure(error.code, error.message)
  if (error instanceof BlockedAddress)
    return failure('blocked', '接收方的地址是内网地址，未获 VIGIL_SHARING_ALLOW 允许，没有连接', true)
  if (error instanceof Problem) return failure(error.details.code, error.message, error.details.status !== 507)
  const code = (error as { code?: unknown } | undefined)?.code
  const name = typeof code === 'string' ? code : 'internal'
  const known = words[name]
  if (known) return failure(name, ...known)
  if (name.startsWith('HPE_')) return failure(name, '接收方的答复不是 HTTP')
  if (/CERT|TLS|SSL/.test(name)) return failure(name, certificate, true)
  return failure(name, `推送时出错（${name.slice(0, 40)}）`)
}

/** Body as text in the character set that the answer names, else UTF-8. */
function textOf({ body, headers }: PostAnswer): string {
  const charset = /charset="?([\w-]+)/i.exec(String(headers['content-type'] ?? ''))?.[1] ?? 'utf-8'
  try {
    return new TextDecoder(charset).decode(body)
  } catch {
    return new TextDecoder().decode(body)
  }
}

const keptHeaders = ['date', 'content-type', 'content-digest', 'signature', 'signature-input', 'x-request-id']

function receiptOf(answer: PostAnswer, body: string): Receipt {
  const headers = keptHeaders.flatMap((name) => {
    const value = answer.headers[name]
    return value === undefined ? [] : [[name, String(value)] as const]
  })
  return { status: answer.status, headers: Object.fromEntries(headers), body }
}

function headersOf({ destination, delivery, key, secret, file, now }: Sending, url: URL): Record<string, string> {
  const covered = {
    'content-digest': contentDigest(delivery.sha256 ?? ''),
    'content-length': String(file.bytes),
    'content-type': file.mediaType,
    'idempotency-key': delivery.number,
    'vigil-rows': String(delivery.rows),
    // A sheet stands for itself: it takes the place of no other one of the same days.
    ...(delivery.sheetId
      ? { 'vigil-purpose': 'follow-up', 'vigil-sheet': delivery.sheetId }
      : {
          'vigil-period': `${delivery.fromDay}/${delivery.toDay}`,
          'vigil-version': String(delivery.version),
        }),
    ...(delivery.kind === 'test' && { 'vigil-test': '?1' }),
  }
  return {
    ...covered,
    ...signatureHeaders({ method: 'POST', url, headers: covered }, key, now),
    accept: 'application/json',
    'user-agent': 'vigil',
    ...(destination.secretHeader && secret && { [destination.secretHeader.toLowerCase()]: secret }),
  }
}

/** Makes one attempt and judges the answer. @throws what broke it off, for `failureOf` */
export async function send(sending: Sending): Promise<Outcome> {
  const { destination, delivery, file, guard, now, secret, signal } = sending
  const url = new URL(destination.url)
  const refusal = guard.refuse(url)
  if (refusal) return { ok: false, status: null, code: 'blocked', message: refusal, hopeless: true, answer: null }
  const answer = await post({
    url,
    headers: headersOf(sending, url),
    body: file.stream,
    timeoutMs: destination.timeoutSeconds * 1000,
    ca: destination.ca,
    guard,
    signal,
  })
  const text = textOf(answer)
  const told = scrub(text, secret ? [secret] : [])
  const mediaType = String(answer.headers['content-type'] ?? '')
  const sent = { rows: delivery.rows, sha256: delivery.sha256 ?? '' }
  const verdict = judge(destination.receipt, { status: answer.status, mediaType, text }, sent)
  if (!verdict.ok)
    return {
      ...verdict,
      status: answer.status,
      asked: askedPause(headerOf(answer, 'retry-after'), now),
      answer: told,
    }
  if (!answer.sentAll)
    return {
      ok: false,
      status: answer.status,
      code: 'early-success',
      message: '接收方还没有收完文件就答复成功',
      hopeless: false,
      answer: told,
    }
  return { ok: true, status: answer.status, number: verdict.number, answer: told, receipt: receiptOf(answer, text) }
}

function headerOf(answer: PostAnswer, name: string): string | undefined {
  const value = answer.headers[name]
  return Array.isArray(value) ? value[0] : value
}
