import { exception } from './exception.ts'

/** Where a page ends and the next begins. */
export interface PageToken {
  /** Transactions that the first page has seen (pg_snapshot): later ones do not appear on any page. */
  readonly snapshot: string
  /** Values of the order (times in milliseconds) and number of the last event. */
  readonly after: readonly (string | number)[]
  /** How many more may follow; null without a limit. */
  readonly left: number | null
  /** Digest of the query that it belongs to. */
  readonly query: string
  /** Milliseconds since 1970. */
  readonly expires: number
}

/** How long a page's successor can be asked for, in ms. */
export const tokenMs = 24 * 3_600_000
/** Events of a page unless the client says, and at most. */
export const pageSizes = { usual: 30, most: 1000 } as const

export const writeToken = (token: object): string => Buffer.from(JSON.stringify(token)).toString('base64url')

const bad = (why: string) => exception('QueryParameterException', `nextPageToken ${why}`)

/** @throws Problem 400 for what is no token, one of another query, or one that has expired */
export function readToken(text: string, query: string, now: Date): PageToken {
  let token: Partial<PageToken>
  try {
    token = JSON.parse(Buffer.from(text, 'base64url').toString()) as Partial<PageToken>
  } catch {
    throw bad('无效')
  }
  const { snapshot, after, left, expires } = token ?? {}
  const keys = Array.isArray(after) ? (after as unknown[]) : []
  const sound =
    typeof snapshot === 'string' &&
    /^\d+:\d+:[\d,]*$/.test(snapshot) &&
    [keys.at(-1), expires, left ?? 0].every(Number.isSafeInteger) &&
    keys.slice(0, -1).every((each) => Number.isFinite(each) || (typeof each === 'string' && !each.includes('\0')))
  if (!sound) throw bad('无效')
  if (token.query !== query) throw bad('不属于这个查询')
  if (token.expires! < now.getTime()) throw bad('已过期，请从第一页重新查询')
  return token as PageToken
}

/** Size of a page from `perPage`. @throws Problem 400 when it is no positive whole number */
export function pageSize(text: string | undefined): number {
  if (text === undefined) return pageSizes.usual
  if (!/^[1-9]\d{0,8}$/.test(text)) throw exception('QueryParameterException', 'perPage 应为正整数')
  return Math.min(Number(text), pageSizes.most)
}
