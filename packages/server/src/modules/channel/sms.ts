import type { Guard } from '../sharing/index.ts'
import { post } from '../sharing/index.ts'
import type { Outcome } from './channel.send.ts'
import { judgeAnswer } from './webhook.ts'

/** Sends text messages to mobile numbers. */
export interface Sms {
  /** @param id the same for every try of one message, so that a gateway does not send it twice */
  send(mobile: string, text: string, id: string, stop: AbortSignal): Promise<Outcome>
}

export interface SmsSettings {
  readonly url: URL
  readonly token: string
  /** Signature that carriers demand in front of the text, without brackets. */
  readonly sign: string
}

const timeoutMs = 8_000

/**
 * Reads VIGIL_SMS_URL, VIGIL_SMS_TOKEN and VIGIL_SMS_SIGN. @returns undefined when no gateway is set: nothing is sent then
 * @throws Error that names the variable
 */
export function readSms(env: NodeJS.ProcessEnv, guard: Guard): SmsSettings | undefined {
  if (!env.VIGIL_SMS_URL) return undefined
  if (!URL.canParse(env.VIGIL_SMS_URL)) throw new Error('VIGIL_SMS_URL is not a URL 短信网关地址无效')
  const url = new URL(env.VIGIL_SMS_URL)
  const refusal = guard.refuse(url)
  if (refusal) throw new Error(`VIGIL_SMS_URL: ${refusal}`)
  return { url, token: env.VIGIL_SMS_TOKEN ?? '', sign: env.VIGIL_SMS_SIGN ?? '' }
}

/**
 * A gateway over HTTP: POST of `{"id", "mobile", "text"}` with the token as bearer. A 2xx answer is acceptance; `receipt` or `id` in
 * its JSON is kept as the gateway's number.
 */
export const openSms = ({ url, token, sign }: SmsSettings, guard: Guard): Sms => ({
  send: async (mobile, text, id, stop) => {
    const body = Buffer.from(JSON.stringify({ id, mobile, text: sign ? `【${sign}】${text}` : text }))
    const headers = {
      'content-type': 'application/json; charset=utf-8',
      'content-length': String(body.length),
      'idempotency-key': id,
      ...(token && { authorization: `Bearer ${token}` }),
    }
    const whole = (async function* () {
      yield body
    })()
    return judgeAnswer(await post({ url, headers, body: whole, timeoutMs, ca: null, guard, signal: stop }))
  },
})
