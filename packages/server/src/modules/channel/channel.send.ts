import type { Kernel } from '../../kernel/kernel.ts'
import { BlockedAddress, failureOf, type Guard, PostError, post } from '../sharing/index.ts'
import { unsealPart } from './channel.seal.ts'
import type { Claimed } from './channel.store.ts'
import type { Mailer } from './mail.ts'
import { judgeRobot, robotBody, signedUrl } from './robot.ts'
import type { Sms } from './sms.ts'
import { toWebhook, webhookBody } from './webhook.ts'

export interface SendingParts {
  readonly kernel: Kernel
  readonly guard: Guard
  readonly mailer: Mailer | undefined
  /** None: text messages stay where they are. */
  readonly sms: Sms | undefined
  /** Told of what nobody foresaw. */
  readonly logError: (error: unknown) => void
}

/** How an attempt ended. */
export type Outcome =
  | { readonly ok: true /** The recipient's own number for it. */; readonly receipt?: string | null }
  | {
      readonly ok: false
      readonly code: string
      /** Chinese, for a person. */
      readonly message: string
      readonly hopeless: boolean
      /** Pause that the recipient asked for, in seconds. */
      readonly asked?: number | undefined
    }

/** For connection and answer of a robot each. */
const robotMs = 8_000

async function toRobot(
  { kernel, guard }: SendingParts,
  claimed: Claimed,
  link: string,
  stop: AbortSignal,
): Promise<Outcome> {
  const { target, message } = claimed
  const address = unsealPart(kernel.vault, target.id, 'address', target.sealedAddress)
  const secret = target.sealedSecret ? unsealPart(kernel.vault, target.id, 'secret', target.sealedSecret) : undefined
  const url = signedUrl(address, secret, kernel.clock.now())
  const refusal = guard.refuse(url)
  if (refusal) return { ok: false, code: 'blocked', message: refusal, hopeless: true }
  const body = Buffer.from(robotBody(target.kind === 'wecom' ? 'wecom' : 'dingtalk', message, link))
  const headers = { 'content-type': 'application/json; charset=utf-8', 'content-length': String(body.length) }
  const whole = (async function* () {
    yield body
  })()
  const answer = await post({ url, headers, body: whole, timeoutMs: robotMs, ca: null, guard, signal: stop })
  return judgeRobot(answer.status, answer.body.toString('utf8'))
}

async function toMailbox({ kernel, mailer }: SendingParts, claimed: Claimed, link: string): Promise<Outcome> {
  if (!mailer) return { ok: false, code: 'no-mail', message: '尚未配置邮件服务器（VIGIL_SMTP_URL）', hopeless: false }
  const { target, message, delivery } = claimed
  const address = unsealPart(kernel.vault, target.id, 'address', target.sealedAddress)
  await mailer.send(address, message, link, delivery.id)
  return { ok: true }
}

async function toProgram(parts: SendingParts, claimed: Claimed, link: string, stop: AbortSignal): Promise<Outcome> {
  const { kernel, guard } = parts
  const { target, message, delivery } = claimed
  const address = unsealPart(kernel.vault, target.id, 'address', target.sealedAddress)
  const secret = target.sealedSecret ? unsealPart(kernel.vault, target.id, 'secret', target.sealedSecret) : undefined
  const body = webhookBody(message, { id: delivery.id, subject: target.subject ?? '', link })
  return toWebhook({ address, secret, body, id: delivery.id }, { guard, now: kernel.clock.now(), stop })
}

async function toMobile({ kernel, sms }: SendingParts, claimed: Claimed, stop: AbortSignal): Promise<Outcome> {
  if (!sms) return { ok: false, code: 'no-sms', message: '尚未配置短信网关（VIGIL_SMS_URL）', hopeless: false }
  const { target, message, delivery } = claimed
  const mobile = unsealPart(kernel.vault, target.id, 'address', target.sealedAddress)
  return sms.send(mobile, `${message.title}。${message.text.split('\n')[0]}`, delivery.id, stop)
}

const mailWords: Readonly<Record<string, string>> = {
  EAUTH: '邮件服务器不接受账号或口令，请联系系统管理员',
  ETLS: '与邮件服务器的加密连接没有谈成',
  EENVELOPE: '邮件服务器不接受该收件地址',
  EDNS: '找不到邮件服务器的主机名',
  ESOCKET: '与邮件服务器的连接中断',
  ECONNECTION: '连不上邮件服务器',
  ETIMEDOUT: '邮件服务器没有及时答复',
}

/** What broke off an attempt in plain words; nothing of the error itself, which may hold an address or a key. */
export function brokenOff(error: unknown, kind: Claimed['target']['kind']): Outcome {
  if (kind !== 'email' || error instanceof PostError || error instanceof BlockedAddress) {
    const { code, message, hopeless } = failureOf(error)
    return { ok: false, code, message: message.replaceAll('接收方', '对方'), hopeless }
  }
  const { code, responseCode } = error as { code?: unknown; responseCode?: unknown }
  const name = typeof code === 'string' ? code : 'internal'
  const reply = typeof responseCode === 'number' ? responseCode : undefined
  const word = mailWords[name] ?? '发送邮件时出错'
  const message = reply ? `${word}（${reply}）` : word
  // 5xx to the recipient is final (RFC 5321, 4.2.1); what concerns the server itself somebody may mend meanwhile.
  return { ok: false, code: name, message, hopeless: name === 'EENVELOPE' && (reply ?? 0) >= 500 }
}

/** Makes one attempt. Never throws: what broke it off is part of the outcome. */
export async function send(parts: SendingParts, claimed: Claimed, stop: AbortSignal): Promise<Outcome> {
  const { publicUrl } = parts.kernel.config
  const link = publicUrl && claimed.message.url ? `${publicUrl}${claimed.message.url}` : ''
  try {
    const { kind } = claimed.target
    if (kind === 'email') return await toMailbox(parts, claimed, link)
    if (kind === 'webhook') return await toProgram(parts, claimed, link, stop)
    if (kind === 'sms') return await toMobile(parts, claimed, stop)
    return await toRobot(parts, claimed, link, stop)
  } catch (error) {
    const outcome = brokenOff(error, claimed.target.kind)
    if (!outcome.ok && outcome.code === 'internal') parts.logError(error)
    return outcome
  }
}
