import { createTransport } from 'nodemailer'
import type { MessageTable } from './channel.table.ts'

/** How mail leaves: VIGIL_SMTP_URL and VIGIL_SMTP_FROM. */
export interface MailSettings {
  readonly url: string
  readonly from: string
}

const connectMs = 10_000
const socketMs = 15_000

/**
 * Reads the settings of mail.
 * @returns undefined when none are set
 * @throws Error that names the variable
 */
export function readMail(env: NodeJS.ProcessEnv): MailSettings | undefined {
  const url = env.VIGIL_SMTP_URL ?? ''
  if (!url) return undefined
  const from = env.VIGIL_SMTP_FROM ?? ''
  let protocol = ''
  try {
    protocol = new URL(url).protocol
  } catch {
    throw new Error('VIGIL_SMTP_URL is not a URL 邮件服务器地址无效，应为 smtps://用户:口令@主机:465')
  }
  if (protocol !== 'smtp:' && protocol !== 'smtps:')
    throw new Error('VIGIL_SMTP_URL must begin with smtp:// or smtps:// 邮件服务器地址应以 smtp:// 或 smtps:// 开头')
  if (!from) throw new Error('VIGIL_SMTP_FROM is needed with VIGIL_SMTP_URL 请用 VIGIL_SMTP_FROM 指明发件人')
  return { url, from }
}

export interface Mailer {
  /** Sends one message. @throws the error of the connection or of the server, with `code` and `responseCode` */
  send(to: string, message: Pick<MessageTable, 'title' | 'text' | 'id'>, link: string, number: string): Promise<void>
  close(): void
}

/** Opens the way of mail for one process; a connection of its own for each message, so that one that hangs blocks none. */
export function openMail(settings: MailSettings): Mailer {
  const transport = createTransport({
    url: settings.url,
    connectionTimeout: connectMs,
    greetingTimeout: connectMs,
    socketTimeout: socketMs,
    // A message never reaches for files or pages by itself.
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  return {
    send: async (to, message, link, number) => {
      await transport.sendMail({
        from: settings.from,
        to: { name: '', address: to },
        subject: message.title,
        text: `${message.text}${link ? `\n\n查看详情：${link}` : ''}\n\n本邮件由系统自动发送，请勿回复。`,
        // The same message sent again is known by its name.
        messageId: `<${number}@vigil.invalid>`,
        headers: { 'Auto-Submitted': 'auto-generated' },
      })
    },
    close: () => transport.close(),
  }
}
