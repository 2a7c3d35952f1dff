import { scrub } from './scrub.domain.ts'

export type ReceiptRule =
  | { readonly kind: 'status' }
  | {
      readonly kind: 'json'
      readonly field: string
      readonly value: string
      readonly number?: string | undefined
      readonly digest?: string | undefined
      readonly rows?: string | undefined
    }

/** What a recipient answered to a whole request. */
export interface Answer {
  readonly status: number
  readonly mediaType: string
  /** Body as text. */
  readonly text: string
}

/** What was sent. */
export interface Sent {
  readonly rows: number
  /** SHA-256 of the body, lower-case hexadecimal. */
  readonly sha256: string
}

export type Verdict =
  | { readonly ok: true; readonly number: string | null }
  | {
      readonly ok: false
      readonly code: string
      /** Chinese, for a person. */
      readonly message: string
      /** Only a person can mend it. */
      readonly hopeless: boolean
    }

const refused = (code: string, message: string, hopeless = false): Verdict => ({ ok: false, code, message, hopeless })

/** 4xx that may pass by themselves. */
const passing = new Set([408, 409, 421, 423, 425, 429])

const statusWords: Readonly<Record<number, string>> = {
  400: '接收方认为请求有误',
  401: '接收方要求认证，请核对请求头口令与签名公钥',
  403: '接收方拒绝接收，请核对权限与签名公钥',
  404: '接收地址不存在',
  405: '接收地址不接受 POST',
  413: '接收方认为文件过大',
  415: '接收方不接受这种格式',
  429: '接收方要求放慢',
  502: '接收方网关出错',
  503: '接收方暂停服务',
  504: '接收方网关超时',
}

function statusVerdict(status: number): Verdict | undefined {
  if (status >= 200 && status < 300) return undefined
  if (status >= 300 && status < 400)
    return refused('redirect', `接收方让转到别处（HTTP ${status}），未予跟随，请核对地址`, true)
  const word = statusWords[status] ?? (status >= 500 ? '接收方系统出错' : '接收方拒绝')
  return refused(`http-${status}`, `${word}（HTTP ${status}）`, status >= 400 && status < 500 && !passing.has(status))
}

/** Value at a dotted path of own fields; undefined where there is none. */
function valueAt(document: unknown, path: string): unknown {
  let at: unknown = document
  for (const name of path.split('.')) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, name)) return undefined
    at = (at as Record<string, unknown>)[name]
  }
  return at
}

const scalar = (value: unknown): string | undefined =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined

const looksLikePage = ({ mediaType, text }: Answer): boolean =>
  /html/i.test(mediaType) || /^\s*(?:<!doctype|<html)/i.test(text)

/** True for the digest as hexadecimal, or as base64, with or without the name of the algorithm. */
function isDigest(echo: string, sha256: string): boolean {
  const bare = echo
    .trim()
    .replace(/^sha-?256[=:]/i, '')
    .replace(/^:|:$/g, '')
  if (bare.toLowerCase() === sha256) return true
  const bytes = sha256.match(/../g) ?? []
  return bare === btoa(String.fromCharCode(...bytes.map((pair) => Number.parseInt(pair, 16))))
}

/**
 * Decides whether an answer is a receipt: the status, the kind of the body, the expected value, and what it repeats of
 * what was sent.
 */
export function judge(rule: ReceiptRule, answer: Answer, sent: Sent): Verdict {
  const byStatus = statusVerdict(answer.status)
  if (byStatus) return byStatus
  if (looksLikePage(answer)) return refused('page', '答复是网页而不是回执，地址可能被登录页或防火墙拦截')
  if (rule.kind === 'status') return { ok: true, number: null }
  if (answer.text.trim() === '') return refused('no-receipt', '答复成功但没有回执')
  let document: unknown
  try {
    document = JSON.parse(answer.text)
  } catch {
    return refused('not-json', '回执不是 JSON，无法判断是否签收')
  }
  const found = scalar(valueAt(document, rule.field))
  if (found === undefined) return refused('no-field', `回执中没有“${rule.field}”，无法判断是否签收`)
  if (found !== rule.value)
    return refused(
      'not-success',
      `接收方未签收：回执“${rule.field}”应为“${rule.value}”，实为“${scrub(found).slice(0, 40)}”`,
    )
  if (rule.digest !== undefined && !isDigest(scalar(valueAt(document, rule.digest)) ?? '', sent.sha256))
    return refused('wrong-digest', '回执中的校验值与所发文件不一致，接收方可能没有收全')
  if (rule.rows !== undefined && scalar(valueAt(document, rule.rows)) !== String(sent.rows))
    return refused('wrong-rows', `回执中的行数与所发 ${sent.rows} 行不一致，接收方可能没有收全`)
  const number = rule.number === undefined ? null : scalar(valueAt(document, rule.number))
  if (number === undefined || number === '') return refused('no-number', `回执中没有回执编号“${rule.number}”`)
  return { ok: true, number: number === null ? null : number.slice(0, 200) }
}
