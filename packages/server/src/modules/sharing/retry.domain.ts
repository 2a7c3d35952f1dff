/** How long and how often a destination is tried. */
export interface RetryPolicy {
  /** Pause after the first failure, in seconds. */
  readonly retrySeconds: number
  readonly maxAttempts: number
}

/** What happens after a failed try. */
export type Retry = { readonly again: true; readonly at: Date } | { readonly again: false; readonly why: string }

/** Longest pause that doubling leads to, in seconds. */
export const longestPause = 3_600
/** Longest pause that a recipient may ask for, in seconds. */
export const longestAsked = 86_400
/** Tries of what only a person can mend (a wrong address, a refusal): more would only annoy the recipient. */
export const hopelessTries = 3

/**
 * Pause before the next try in seconds: the first pause doubled with each failure, at most `longestPause`, of which the
 * upper half is random, so that recipients that were away are not met by everybody at once (exponential back-off with
 * equal jitter).
 * @param failures failed tries, 1 or more
 * @param random in [0, 1)
 */
export function pauseSeconds(policy: Pick<RetryPolicy, 'retrySeconds'>, failures: number, random: number): number {
  const whole = Math.min(longestPause, policy.retrySeconds * 2 ** Math.min(failures - 1, 20))
  return whole / 2 + (whole / 2) * random
}

/**
 * Decides after a failed try.
 * @param failures failed tries since the delivery was made or sent again by hand
 * @param giveUpAt time after which nothing is tried any more
 * @param asked pause that the recipient asked for (Retry-After), in seconds
 */
export function nextTry(
  policy: RetryPolicy,
  failures: number,
  failure: { readonly hopeless: boolean; readonly asked?: number | undefined },
  { now, giveUpAt, random }: { now: Date; giveUpAt: Date; random: number },
): Retry {
  const limit = failure.hopeless ? Math.min(hopelessTries, policy.maxAttempts) : policy.maxAttempts
  if (failures >= limit) return { again: false, why: `已尝试 ${failures} 次` }
  const pause = Math.max(pauseSeconds(policy, failures, random), Math.min(failure.asked ?? 0, longestAsked))
  const at = new Date(now.getTime() + Math.ceil(pause * 1000))
  if (at > giveUpAt) return { again: false, why: '已超过最长重试时间' }
  return { again: true, at }
}

/**
 * Seconds that a Retry-After header asks for (RFC 9110, 10.2.3): a number, or a date against `now`.
 * @returns undefined when it says nothing that is understood
 */
export function askedPause(header: string | undefined, now: Date): number | undefined {
  const text = header?.trim()
  if (!text) return undefined
  if (/^\d{1,9}$/.test(text)) return Number(text)
  // Date.parse takes much that is no HTTP date, such as a bare negative number.
  const at = /^[A-Z][a-z]{2,8},? /.test(text) ? Date.parse(text) : Number.NaN
  return Number.isNaN(at) ? undefined : Math.max(0, Math.ceil((at - now.getTime()) / 1000))
}
