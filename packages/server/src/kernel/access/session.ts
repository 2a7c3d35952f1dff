import { uuidv7 } from '@vigil/codes'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Tx } from '../db/index.ts'
import { hashToken, newToken } from './token.ts'

export const sessionCookie = 'vigil_session'
export const deviceCookie = 'vigil_device'

/** A person's session ends after 30 minutes without a request and after 12 hours; a store's device after 12 hours and 30 days. */
const limits = {
  person: { idleMinutes: 30, absoluteMinutes: 12 * 60 },
  device: { idleMinutes: 12 * 60, absoluteMinutes: 30 * 24 * 60 },
} as const

const deviceYears = 2

// A proxy that nobody named as trusted still tells the truth here: whoever makes the header up harms his own cookie only.
const isSecure = (request: FastifyRequest): boolean =>
  request.protocol === 'https' || /^https\b/i.test(String(request.headers['x-forwarded-proto'] ?? ''))

const options = (request: FastifyRequest) =>
  ({ path: '/', httpOnly: true, sameSite: 'strict', secure: isSecure(request) }) as const

/** Where a request comes from, cut to what is stored. */
export const originOf = (request: FastifyRequest) => ({
  ip: request.ip,
  userAgent: (request.headers['user-agent'] ?? '').slice(0, 300),
})

/** Hash of the session cookie that came with the request, if any. */
export function sessionHash(request: FastifyRequest): Buffer | undefined {
  const token = request.cookies[sessionCookie]
  return token ? hashToken(token) : undefined
}

/**
 * Opens a session with a new token and drops the one the browser brought, so that a token planted before is worthless
 * (session fixation). Also removes the account's sessions that are over.
 * @returns the token for `setSessionCookie` and the absolute end
 */
export async function openSession(
  tx: Tx,
  request: FastifyRequest,
  account: { id: string; deviceId?: string },
  now: Date,
): Promise<{ token: string; expiresAt: Date; deviceId: string | undefined }> {
  const before = sessionHash(request)
  if (before) await tx.deleteFrom('access.session').where('tokenHash', '=', before).execute()
  await tx.deleteFrom('access.session').where('accountId', '=', account.id).where('expiresAt', '<=', now).execute()
  const limit = account.deviceId ? limits.device : limits.person
  const token = newToken()
  const expiresAt = new Date(now.getTime() + limit.absoluteMinutes * 60_000)
  await tx
    .insertInto('access.session')
    .values({
      tokenHash: hashToken(token),
      id: uuidv7(),
      accountId: account.id,
      deviceId: account.deviceId ?? null,
      createdAt: now,
      lastSeenAt: now,
      expiresAt,
      idleMinutes: limit.idleMinutes,
      ...originOf(request),
    })
    .execute()
  return { token, expiresAt, deviceId: account.deviceId }
}

/** Sends the session's token. A person's cookie ends with the browser; a device's lives as long as the session may. */
export function setSessionCookie(
  request: FastifyRequest,
  reply: FastifyReply,
  session: { token: string; expiresAt: Date; deviceId: string | undefined },
): void {
  reply.setCookie(sessionCookie, session.token, {
    ...options(request),
    ...(session.deviceId && { expires: session.expiresAt }),
  })
}

/** Makes the browser forget the session. */
export const clearSessionCookie = (request: FastifyRequest, reply: FastifyReply): void => {
  reply.clearCookie(sessionCookie, options(request))
}

/** Sends the token that names an activated device. */
export const setDeviceCookie = (request: FastifyRequest, reply: FastifyReply, token: string): void => {
  reply.setCookie(deviceCookie, token, { ...options(request), maxAge: deviceYears * 365 * 24 * 3600 })
}

/** Ends sessions of an account: all of them, or all but the one that is used to ask for it. */
export async function endSessions(tx: Tx, accountId: string, except?: Buffer): Promise<void> {
  await tx
    .deleteFrom('access.session')
    .where('accountId', '=', accountId)
    .$if(except !== undefined, (query) => query.where('tokenHash', '!=', except!))
    .execute()
}

/** Removes the sessions of all accounts that are over. */
export async function pruneSessions(tx: Tx, now: Date): Promise<void> {
  await tx.deleteFrom('access.session').where('expiresAt', '<=', now).execute()
}
