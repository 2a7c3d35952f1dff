import type { channelRoutes } from '@vigil/contract'
import type { Handlers } from '../../kernel/http/handler.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import type { Reference } from '../pharmacy/index.ts'
import { createGuard } from '../sharing/index.ts'
import { type ChannelLoop, startChannel } from './channel.loop.ts'
import { channelHandlers } from './channel.route.ts'
import type {} from './channel.table.ts'
import { type Contacts, createContacts } from './contact.service.ts'
import { openMail, readMail } from './mail.ts'
import { openSms, readSms } from './sms.ts'

export { type Contact, type Contacts, tellingsAbout, tellSubjects } from './contact.service.ts'
export { type Message, tell, tellNearest } from './tell.ts'

/** Pause between two looks for messages that are due, in ms. */
const lookMs = 1_000

export interface Channel {
  readonly handlers: Handlers<typeof channelRoutes>
  readonly loop: ChannelLoop
  /** Addresses of what modules tell of their own. */
  readonly contacts: Contacts
  close(): Promise<void>
}

/**
 * Opens the module for one process: what the console asks, and the loop that sends.
 * @throws Error that names VIGIL_SHARING_ALLOW, VIGIL_SMTP_URL, VIGIL_SMTP_FROM or VIGIL_SMS_URL when it cannot be read
 */
export function openChannel(
  kernel: Kernel,
  reference: Reference,
  logError: (error: unknown) => void,
  env: NodeJS.ProcessEnv = process.env,
): Channel {
  const settings = readMail(env)
  const mailer = settings && openMail(settings)
  const guard = createGuard(env.VIGIL_SHARING_ALLOW ?? '')
  const settled = readSms(env, guard)
  const sms = settled && openSms(settled, guard)
  const loop = startChannel({ kernel, guard, mailer, sms, logError }, lookMs)
  return {
    loop,
    contacts: createContacts(kernel, guard, sms !== undefined),
    handlers: channelHandlers(
      { kernel, reference, guard },
      mailer !== undefined,
      () => void loop.tick().catch(logError),
    ),
    close: async () => {
      await loop.close()
      mailer?.close()
    },
  }
}
