import { createHash } from 'node:crypto'
import { isIPv6 } from 'node:net'
import { sql } from 'kysely'
import { type Db, type Tx, withScope } from '../db/index.ts'
import { tooMany } from '../error/problem.ts'

/**
 * What is counted. Many people of one bureau or chain share an address, so it is given more room than an account.
 * `keepHours`: after so long without a failure the count starts again; a device's PIN is never forgotten.
 */
const rules = {
  account: { free: 5, keepHours: 24 },
  code: { free: 5, keepHours: 24 },
  address: { free: 20, keepHours: 1 },
  device: { free: 5, keepHours: 24 * 36_500 },
} as const
export type AttemptKind = keyof typeof rules

const longestWaitSeconds = 15 * 60

/** Seconds to wait after so many failures in a row: none up to the free ones, then 2, 4, 8 … to 15 minutes. */
export function waitSeconds(kind: AttemptKind, failures: number): number {
  const over = failures - rules[kind].free + 1
  return over <= 0 ? 0 : Math.min(2 ** Math.min(over, 20), longestWaitSeconds)
}

/** The network a client can change freely within: the address itself, for IPv6 its /64. */
export function addressGroup(ip: string): string {
  if (!isIPv6(ip)) return ip
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(ip)
  if (mapped) return mapped[1]!
  const [head = '', tail = ''] = ip.split('%')[0]!.split('::')
  const left = head.split(':').filter(Boolean)
  const right = tail.split(':').filter(Boolean)
  const full = ip.includes('::')
    ? [...left, ...Array<string>(8 - left.length - right.length).fill('0'), ...right]
    : left
  return full
    .slice(0, 4)
    .map((part) => Number.parseInt(part, 16).toString(16))
    .join(':')
}

/** What was typed is hashed: a password typed into the wrong field must not be kept. */
export const attemptKey = (kind: AttemptKind, what: string): string =>
  `${kind}:${createHash('sha256')
    .update(kind === 'address' ? addressGroup(what) : what)
    .digest('base64url')}`

const kindOf = (key: string) => key.slice(0, key.indexOf(':')) as AttemptKind

/**
 * Counts one more failure.
 * @returns failures in a row so far, or undefined when the key has to wait and nothing was counted
 */
async function increment(tx: Tx, key: string, now: Date): Promise<number | undefined> {
  const kind = kindOf(key)
  const forget = new Date(now.getTime() - rules[kind].keepHours * 3_600_000)
  const { rows } = await sql<{ failures: number }>`
    insert into access.attempt as t (key, failures, last_at) values (${key}, 1, ${now})
    on conflict (key) do update set failures = case when t.last_at < ${forget} then 1 else t.failures + 1 end, last_at = ${now}
    where t.blocked_until is null or t.blocked_until <= ${now}
    returning t.failures`.execute(tx)
  const failures = rows[0]?.failures
  if (failures === undefined) return undefined
  const wait = waitSeconds(kind, failures)
  await tx
    .updateTable('access.attempt')
    .set({ blockedUntil: wait > 0 ? new Date(now.getTime() + wait * 1000) : null })
    .where('key', '=', key)
    .execute()
  return failures
}

/**
 * Refuses while a key has to wait.
 * @throws Problem 429 with Retry-After
 */
export async function assertNotBlocked(db: Db, keys: readonly string[], now: Date): Promise<void> {
  const row = await db
    .selectFrom('access.attempt')
    .select((eb) => eb.fn.max('blockedUntil').as('until'))
    .where('key', 'in', keys)
    .executeTakeFirst()
  if (row?.until && row.until > now) throw tooMany(Math.ceil((row.until.getTime() - now.getTime()) / 1000))
}

/**
 * Takes one try in advance, as if it failed: parallel guesses count even before the first of them is answered.
 * `forgiveAttempt` gives it back when the try was right.
 * @returns tries in a row including this one
 * @throws Problem 429 with Retry-After when the key has to wait
 */
export async function takeAttempt(db: Db, key: string, now: Date): Promise<number> {
  const failures = await withScope(db, [], (tx) => increment(tx, key, now))
  if (failures === undefined) await assertNotBlocked(db, [key], now)
  if (failures === undefined) throw tooMany(1)
  return failures
}

/** Counts a failure that has happened. */
export async function recordFailure(tx: Tx, key: string, now: Date): Promise<void> {
  await increment(tx, key, now)
}

/**
 * Gives back one try that was neither right nor wrong, such as a right password that waits for its second factor. What
 * failed before stays counted: otherwise each such try would buy as many guesses of the second factor again.
 * @param taken what `takeAttempt` returned, @param now the time that it was given
 */
export async function returnAttempt(tx: Tx, key: string, taken: number, now: Date): Promise<void> {
  await sql`
    update access.attempt set failures = failures - 1,
      blocked_until = case when failures = ${taken}::int and last_at = ${now} then null else blocked_until end
    where key = ${key} and failures > 0`.execute(tx)
}

/** A right answer clears what was counted. */
export async function forgiveAttempt(tx: Tx, key: string): Promise<void> {
  await tx.deleteFrom('access.attempt').where('key', '=', key).execute()
}

/** Forgets counts that would start again anyway, so that guessed names do not fill the table. Devices keep theirs. */
export async function pruneAttempts(tx: Tx, now: Date): Promise<void> {
  for (const kind of ['account', 'code', 'address'] as const)
    await tx
      .deleteFrom('access.attempt')
      .where('key', 'like', `${kind}:%`)
      .where('lastAt', '<', new Date(now.getTime() - rules[kind].keepHours * 3_600_000))
      .execute()
}
