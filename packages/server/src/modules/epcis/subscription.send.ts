import { createHmac } from 'node:crypto'
import type { Guard } from '../sharing/index.ts'
import { askedPause, failureOf, post } from '../sharing/index.ts'
import { versionHeaders } from './negotiate.ts'

/** How a notification ended. */
export type Sent =
  | { readonly ok: true }
  | { readonly ok: false; readonly message: string; readonly asked: number | undefined; readonly tooLarge: boolean }

/** `GS1-Signature` of a body: HMAC-SHA256 in hexadecimal under the token that the subscriber chose. */
export const signatureOf = (body: Buffer, token: string): string =>
  createHmac('sha256', token).update(body).digest('hex')

/**
 * Sends one batch. The same batch always has the same `Idempotency-Key`: a recipient whose answer was lost knows it again.
 * @param key of the batch
 */
export async function sendBatch(
  { dest, body, token, key }: { dest: string; body: Buffer; token: string | null; key: string },
  { guard, signal, timeoutMs, now }: { guard: Guard; signal: AbortSignal; timeoutMs: number; now: Date },
): Promise<Sent> {
  try {
    const answer = await post({
      url: new URL(dest),
      headers: {
        'content-type': 'application/ld+json',
        'content-length': String(body.length),
        'idempotency-key': key,
        'gs1-epcis-version': versionHeaders['gs1-epcis-version'],
        'gs1-cbv-version': versionHeaders['gs1-cbv-version'],
        ...(token !== null && { 'gs1-signature': signatureOf(body, token) }),
      },
      body: (async function* () {
        yield body
      })(),
      timeoutMs,
      ca: null,
      guard,
      signal,
    })
    if (answer.status >= 200 && answer.status < 300 && answer.sentAll) return { ok: true }
    const asked = askedPause([answer.headers['retry-after']].flat()[0], now)
    return { ok: false, message: `接收方答复 ${answer.status}`, asked, tooLarge: answer.status === 413 }
  } catch (error) {
    return { ok: false, message: failureOf(error).message, asked: undefined, tooLarge: false }
  }
}
