import { type CallEvents, createCall, failureOf } from '../../device/call.ts'
import { SendError } from '../../device/failure.ts'
import { measureSkew, type Skew } from '../core/clock.ts'
import type { Uplink } from '../core/ports.ts'
import { type CounterContract, counterRoutes } from './routes.ts'

export interface ServerEvents extends CallEvents {
  skew(skew: Skew): void
}

/** Typed calls to the server; every failure is a {@link SendError}. */
export function createServer(events: ServerEvents) {
  const answered = (response: Response, sent: number) => {
    const date = response.headers.get('date')
    const skew = date === null ? undefined : measureSkew(date, sent, Date.now())
    if (skew !== undefined) events.skew(skew)
  }
  const call = createCall<CounterContract>(counterRoutes, { ...events, answered }, ['device.unlock', 'device.activate'])

  const uplink: Uplink = {
    register: async (purchases, stampedSkew) => {
      const sent = Date.now()
      const body = { sentAt: new Date(sent + stampedSkew).toISOString(), purchases: [...purchases] }
      const answer = await call('purchase.register', { body })
      if (!Array.isArray(answer.results)) throw new SendError(failureOf(undefined))
      const skew = measureSkew(answer.serverTime, sent, Date.now())
      if (skew !== undefined) events.skew(skew)
      return answer.results
    },
    undo: (id) => call('purchase.undo', { params: { id } }),
  }
  return { call, uplink }
}

export type Server = ReturnType<typeof createServer>
