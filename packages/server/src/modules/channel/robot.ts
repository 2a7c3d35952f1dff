import { createHmac } from 'node:crypto'
import type { MessageTable } from './channel.table.ts'

export type RobotKind = 'wecom' | 'dingtalk'
export type Message = Pick<MessageTable, 'title' | 'text' | 'grade'>

/** WeCom takes 4,096 bytes of markdown (developer.work.weixin.qq.com, 群机器人配置说明). */
const wecomBytes = 4096
/** DingTalk takes 20,000 bytes (open.dingtalk.com, 自定义机器人接入); a message longer than a screen is read by nobody. */
const dingtalkBytes = 8000

const marks = { blue: '🔵', yellow: '🟡', orange: '🟠', red: '🔴' } as const

/** Signs that would be taken for markdown: what people wrote must arrive as they wrote it. */
const plain = (text: string): string => text.replace(/[\\`*_[\]<>#|~]/g, (sign) => `\\${sign}`)

function shorten(text: string, bytes: number): string {
  if (Buffer.byteLength(text) <= bytes) return text
  let end = text.length
  while (Buffer.byteLength(text.slice(0, end)) > bytes - 3) end -= 16
  return `${text.slice(0, end).toWellFormed()}…`
}

/** The body of a request to a group robot. @param link page of the console; empty when no public address is set */
export function robotBody(kind: RobotKind, message: Message, link: string): string {
  const lines = message.text.split('\n').map(plain)
  const mark = message.grade ? `${marks[message.grade]} ` : ''
  const heading = `${mark}${plain(message.title)}`
  if (kind === 'wecom') {
    const foot = link ? `\n[查看详情](${link})` : ''
    const content = shorten(`**${heading}**\n${lines.join('\n')}`, wecomBytes - Buffer.byteLength(foot)) + foot
    return JSON.stringify({ msgtype: 'markdown', markdown: { content } })
  }
  const foot = link ? `\n\n[查看详情](${link})` : ''
  const text = shorten(`### ${heading}\n\n${lines.join('\n\n')}`, dingtalkBytes - Buffer.byteLength(foot)) + foot
  return JSON.stringify({ msgtype: 'markdown', markdown: { title: message.title, text } })
}

/**
 * The address of a request to a DingTalk robot that demands signatures: HMAC-SHA256 over time and secret
 * (open.dingtalk.com, 自定义机器人安全设置). The time may differ from theirs by an hour.
 */
export function signedUrl(webhook: string, secret: string | undefined, now: Date): URL {
  const url = new URL(webhook)
  if (!secret) return url
  const timestamp = String(now.getTime())
  const sign = createHmac('sha256', secret).update(`${timestamp}\n${secret}`).digest('base64')
  url.searchParams.set('timestamp', timestamp)
  url.searchParams.set('sign', sign)
  return url
}

/** What a robot's answer means. */
export type Verdict =
  | { readonly ok: true }
  | {
      readonly ok: false
      readonly code: string
      readonly message: string
      readonly hopeless: boolean
      readonly asked?: number
    }

/** Codes that only a person can mend: a wrong key, signature or word list. */
const hopelessCodes: Readonly<Record<string, string>> = {
  '93000': '机器人地址无效，或机器人已被移出群',
  '93004': '机器人已被停用',
  '93008': '机器人不在群里',
  '310000': '安全设置不符（签名、关键词或 IP），请核对加签密钥',
  '300005': '机器人地址中的 token 无效',
  '400101': '机器人地址中的 access_token 无效',
  '400102': '机器人已停用',
  '400013': '群已解散',
}
/** Codes of too many messages: both take 20 in a minute; DingTalk then refuses for ten. */
const busyCodes: Readonly<Record<string, number>> = { '45009': 60, '130101': 600, '410100': 600, '-1': 10 }

/** Judges an answer: a robot tells of failure inside a 200. @param text body of the answer */
export function judgeRobot(status: number, text: string): Verdict {
  const refused = (code: string, message: string, hopeless: boolean, asked?: number): Verdict => ({
    ok: false,
    code,
    message,
    hopeless,
    ...(asked !== undefined && { asked }),
  })
  if (status === 429) return refused('http-429', '推送过于频繁，对方要求稍后再试', false, 60)
  if (status < 200 || status > 299)
    return refused(`http-${status}`, `对方返回 HTTP ${status}`, status >= 400 && status < 500)
  let answer: unknown
  try {
    answer = JSON.parse(text)
  } catch {
    return refused('no-json', '对方的答复不是机器人接口的格式，请核对地址', true)
  }
  const code = (answer as { errcode?: unknown } | null)?.errcode
  if (code === 0) return { ok: true }
  if (typeof code !== 'number') return refused('no-errcode', '对方的答复没有 errcode，不能确认送达', true)
  const name = String(code)
  const known = hopelessCodes[name]
  if (known) return refused(`errcode-${name}`, `${known}（errcode ${name}）`, true)
  const asked = busyCodes[name]
  if (asked !== undefined) return refused(`errcode-${name}`, `推送过于频繁（errcode ${name}）`, false, asked)
  return refused(`errcode-${name}`, `对方拒绝（errcode ${name}）`, false)
}
