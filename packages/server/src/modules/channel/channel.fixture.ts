import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import type { channelRoutes } from '@vigil/contract'
import { SMTPServer } from 'smtp-server'
import type { Caller } from '../../kernel/access/caller.ts'
import type { TestApp } from '../../testing/app.ts'

type Routes = typeof channelRoutes

/** What a mail server does with the next messages; the last one given goes on for good. */
export type MailPlan = 'take' | 'refuse-recipient' | 'busy' | 'drop' | 'hang'

export interface MailServer {
  readonly url: string
  readonly received: { readonly from: string; readonly to: string[]; readonly text: string }[]
  plan(...next: MailPlan[]): void
  close(): Promise<void>
}

/** Starts a real SMTP server on 127.0.0.1. */
export async function startMailServer(): Promise<MailServer> {
  const received: MailServer['received'] = []
  let plans: MailPlan[] = ['take']
  const answer = (code: number, text: string) => Object.assign(new Error(text), { responseCode: code })
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onRcptTo: (_address, session, callback) => {
      const plan = plans.length > 1 ? plans.shift()! : plans[0]!
      Object.assign(session, { plan })
      if (plan === 'refuse-recipient') callback(answer(550, 'no such user'))
      else if (plan === 'busy') callback(answer(451, 'try again later'))
      else if (plan !== 'hang') callback()
    },
    onData: (stream, session, callback) => {
      const pieces: Buffer[] = []
      stream.on('data', (piece: Buffer) => pieces.push(piece))
      stream.on('end', () => {
        if ((session as { plan?: MailPlan }).plan === 'drop') return callback(answer(554, 'refused'))
        const { mailFrom, rcptTo } = session.envelope
        const text = Buffer.concat(pieces).toString('utf8')
        received.push({ from: mailFrom ? mailFrom.address : '', to: rcptTo.map(({ address }) => address), text })
        callback()
      })
    },
  })
  server.on('error', () => undefined)
  server.listen(0, '127.0.0.1')
  await once(server.server, 'listening')
  const { port } = server.server.address() as AddressInfo
  return {
    url: `smtp://127.0.0.1:${port}`,
    received,
    plan: (...next) => {
      plans = next
    },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
}

/** Calls a route as the console does, without HTTP. */
export function caller(app: TestApp, as: Caller) {
  return async <K extends keyof Routes>(name: K, input: { params?: object; body?: object; query?: object } = {}) => {
    type Result = Awaited<ReturnType<TestApp['modules']['handlers'][K]>>
    const handler = app.modules.handlers[name] as unknown as (call: object) => Promise<Result>
    return handler({ caller: as, params: {}, query: {}, ...input })
  }
}
