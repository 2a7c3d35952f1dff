import { createHmac } from 'node:crypto'
import { askedPause, type Guard, post } from '../sharing/index.ts'
import type { Outcome } from './channel.send.ts'
import type { Message } from './robot.ts'

const timeoutMs = 15_000
/** Longest number of a recipient that is kept. */
const longestReceipt = 120

/** What a webhook is sent, as JSON; `id` is the same for every try. */
export const webhookBody = (
  { kind, title, text, createdAt }: Message & { readonly kind: string; readonly createdAt: Date },
  { id, subject, link }: { readonly id: string; readonly subject: string; readonly link: string },
): string => JSON.stringify({ id, subject, kind, title, text, link, at: createdAt.toISOString() })

/** `t=<seconds>,v1=<HMAC-SHA256 of "seconds.body" in hexadecimal>`: with the time, so that an old request is not taken for a new one. */
export function webhookSignature(secret: string, body: string, now: Date): string {
  const seconds = Math.floor(now.getTime() / 1000)
  return `t=${seconds},v1=${createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex')}`
}

/** The recipient's number in its answer, if it tells one. */
function receiptIn(text: string): string | null {
  try {
    const answer = JSON.parse(text) as { receipt?: unknown; id?: unknown } | null
    const given = answer?.receipt ?? answer?.id
    return typeof given === 'string' || typeof given === 'number' ? String(given).slice(0, longestReceipt) : null
  } catch {
    return null
  }
}

/** What the answer of a program means: 2xx is acceptance, with its receipt. */
export function judgeAnswer(
  { status, body, headers }: Pick<Awaited<ReturnType<typeof post>>, 'status' | 'body' | 'headers'>,
  now = new Date(),
): Outcome {
  if (status >= 200 && status < 300) return { ok: true, receipt: receiptIn(body.toString('utf8')) }
  const hopeless = status >= 400 && status < 500 && status !== 408 && status !== 429
  const asked = askedPause([headers['retry-after']].flat()[0], now)
  return { ok: false, code: `http-${status}`, message: `对方返回 HTTP ${status}`, hopeless, asked }
}

/** Sends a message to a program of its recipient, signed with the secret that they share. */
export async function toWebhook(
  { address, secret, body, id }: { address: string; secret: string | undefined; body: string; id: string },
  { guard, now, stop }: { guard: Guard; now: Date; stop: AbortSignal },
): Promise<Outcome> {
  const url = new URL(address)
  const refusal = guard.refuse(url)
  if (refusal) return { ok: false, code: 'blocked', message: refusal, hopeless: true }
  const bytes = Buffer.from(body)
  const headers = {
    'content-type': 'application/json; charset=utf-8',
    'content-length': String(bytes.length),
    'idempotency-key': id,
    ...(secret !== undefined && { 'vigil-signature': webhookSignature(secret, body, now) }),
  }
  const whole = (async function* () {
    yield bytes
  })()
  return judgeAnswer(await post({ url, headers, body: whole, timeoutMs, ca: null, guard, signal: stop }), now)
}
