const firstMs = 2_000
const longestMs = 300_000

/**
 * Milliseconds to wait before the next try: doubling from 2 s to 5 min, with up to a quarter off by chance so that
 * the devices of a city do not come back all at once. What the server asked for (Retry-After) is the least.
 * @param failures how many tries failed in a row, from 1
 * @param random 0 ≤ random < 1
 */
export function backoffMs(failures: number, random: number, retryAfterMs = 0): number {
  const full = Math.min(longestMs, firstMs * 2 ** Math.min(failures - 1, 20))
  return Math.max(retryAfterMs, Math.round(full * (1 - random / 4)))
}
