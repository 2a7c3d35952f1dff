/** Difference between the server's clock and the device's: server = device + skew, in milliseconds. */
export type Skew = number

/**
 * Skew measured by one answer: the server's time is taken to belong to the middle of the exchange. A smaller
 * difference than the exchange itself could explain counts as none.
 */
export function measureSkew(serverTime: string, sentMs: number, receivedMs: number): Skew | undefined {
  const server = Date.parse(serverTime)
  if (Number.isNaN(server)) return undefined
  const skew = Math.round(server - (sentMs + receivedMs) / 2)
  return Math.abs(skew) <= Math.max(2000, receivedMs - sentMs) ? 0 : skew
}

/** The present instant by the server's clock, RFC 3339 in UTC. */
export function serverNow(nowMs: number, skew: Skew): string {
  return new Date(nowMs + skew).toISOString()
}

/**
 * New time of sale for an entry that was refused because the device's clock was wrong: moved from the correction that
 * it was stamped with to the one known now, never into the future.
 */
export function restamp(soldAt: string, stampedSkew: Skew, skew: Skew, nowMs: number): string {
  const moved = Date.parse(soldAt) + skew - stampedSkew
  const now = nowMs + skew
  return new Date(Number.isNaN(moved) ? now : Math.min(moved, now)).toISOString()
}

/** Minutes and seconds, "4:07". */
export function minutes(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000))
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
}

/** Hour and minute in Asia/Shanghai, "14:05". */
export function hourMinute(instant: string): string {
  const ms = Date.parse(instant)
  return Number.isNaN(ms) ? '' : new Date(ms + 8 * 3_600_000).toISOString().slice(11, 16)
}
