import { parseInstant } from '@vigil/epcis/document'
import { type Caller, scopeFor } from '../../kernel/access/caller.ts'
import { authenticate } from '../../kernel/access/index.ts'
import { record } from '../../kernel/audit/index.ts'
import { auditOf } from '../../kernel/command/command.ts'
import { type Scope, withScope } from '../../kernel/db/index.ts'
import { tooMany, unavailable } from '../../kernel/error/problem.ts'
import type { Call } from '../../kernel/http/handler.ts'
import type { SocketHandler } from '../../kernel/http/socket.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import { digest } from './digest.ts'
import { exception } from './exception.ts'
import { getQuery, queryOf } from './named.service.ts'
import { spellingOf, versionHeaders } from './negotiate.ts'
import { pageSizes } from './page.domain.ts'
import { booleanOf, countOf, type Value } from './query.parameter.ts'
import { parseQuery } from './query.parse.ts'
import { namespacesFor, parametersOf, taken } from './request.ts'
import { type Schedule, scheduleFields } from './schedule.domain.ts'
import type { Listening, SocketLoop } from './socket.loop.ts'
import { presentPosition, readPosition } from './subscription.read.ts'
import { takeSchedule } from './subscription.service.ts'

/** Connections of one caller, and of this process: each asks the database once a second. */
const most = { caller: 20, process: 500 } as const
/** Events of a message unless the client says. */
const usualBatch = 100

/** When a client wants to be told, from the parameters of the address. */
interface Controls {
  readonly schedule: Schedule | null
  readonly reportIfEmpty: boolean
  readonly initialRecordTime: Date | null
  readonly batch: number
  readonly token: string | undefined
}

/** Takes the conditions of a subscription out of the parameters. @throws Problem 400 */
export function takeControls(parameters: Map<string, Value>, now: Date): Controls {
  const wrong = (why: string) => exception('SubscriptionControlsException', why)
  const fields = Object.keys(scheduleFields).flatMap((field) => {
    const value = taken(parameters, field)
    return value === undefined ? [] : [[field, value.replaceAll('|', ',')] as const]
  })
  const stream = taken(parameters, 'stream')
  if (stream !== undefined && stream !== 'true') throw wrong('stream 只能是 true')
  if ((stream === undefined) === (fields.length === 0)) throw wrong('stream 与定时参数须有且只有一项')
  const empty = taken(parameters, 'reportIfEmpty')
  const reportIfEmpty = empty !== undefined && booleanOf('reportIfEmpty', empty)
  const initial = taken(parameters, 'initialRecordTime')
  const instant = initial === undefined ? null : parseInstant(initial.replace(/ (?=\d\d:\d\d$)/, '+'))
  if (initial !== undefined && !instant) throw wrong('initialRecordTime 应为带时区的时间')
  const size = taken(parameters, 'perPage')
  return {
    schedule: fields.length === 0 ? null : takeSchedule(Object.fromEntries(fields), now),
    reportIfEmpty: reportIfEmpty && fields.length > 0,
    initialRecordTime: instant && new Date(instant.time),
    batch: size === undefined ? usualBatch : Math.min(countOf('perPage', size), pageSizes.most),
    token: taken(parameters, 'nextPageToken'),
  }
}

interface SocketParts {
  readonly kernel: Kernel
  readonly loop: SocketLoop
}

/**
 * Judges a request for a WebSocket on the events of a query: a subscription that lasts as long as the connection (REST bindings,
 * `/queries/{queryName}/events`). It is audited as one reading.
 */
export const socketHandler =
  ({ kernel, loop }: SocketParts): SocketHandler =>
  async (call) => {
    const { request, caller } = call
    const { epc: format } = spellingOf(request)
    const now = kernel.clock.now()
    const parameters = parametersOf(request)
    const controls = takeControls(parameters, now)
    const { name: queryName } = call.params as unknown as { name: string }
    const scope = scopeFor(caller, 'epcis.read')
    const { definition } = await getQuery({ kernel, guards: [] }, scope, queryName)
    const asked = parseQuery(parameters, namespacesFor(request))
    const conditions = [...queryOf(definition).conditions, ...asked.conditions]
    const query = digest(JSON.stringify([queryName, conditions])).slice(0, 16)
    const callerId = caller.id ?? caller.name
    if (loop.count(callerId) >= most.caller) throw tooMany(60, `同时最多 ${most.caller} 个连接，请先关闭不用的`)
    if (loop.count() >= most.process) throw unavailable(60)
    const { initialRecordTime, token } = controls
    const since = initialRecordTime ?? (token === undefined ? now : new Date(0))
    const after = await startOf({ kernel, caller, scope, queryName }, { ...controls, query })
    const listening: Listening = {
      ...{ queryName, query, callerId, format },
      ...{ schedule: controls.schedule, reportIfEmpty: controls.reportIfEmpty },
      following: { query: { conditions }, since, after, until: null, batch: controls.batch },
      scope: () => presentScope(kernel, call),
    }
    return {
      headers: { ...versionHeaders, 'GS1-Query-Min-Record-Time': since.toISOString() },
      open: (socket) => loop.add(socket, listening),
    }
  }

/** Where a client begins to be told, and the note in the audit that it reads. */
function startOf(
  { kernel, caller, scope, queryName }: { kernel: Kernel; caller: Caller; scope: Scope; queryName: string },
  { token, initialRecordTime, schedule, query }: Controls & { query: string },
) {
  const given = token === undefined ? null : readPosition(token, query)
  return withScope(kernel.db, scope, async (tx) => {
    const detail = schedule ? { schedule } : { stream: true }
    const object = `epcis-query/${queryName}`
    await record(tx, auditOf(caller, { action: 'epcis.listen', object, path: scope[0]!, detail }))
    return given ?? (initialRecordTime ? { txid: '0', seq: 0 } : presentPosition(tx))
  })
}

/** Where the caller of a connection that is open may read now; nowhere once its session or key has ended. */
async function presentScope(kernel: Kernel, { request }: Pick<Call<never>, 'request'>): Promise<Scope> {
  const caller = await authenticate(kernel, request, { touch: false }).catch((error: { details?: object }) => {
    // That the database is away says nothing of the caller.
    if (!error.details) throw error
    return undefined
  })
  return caller ? scopeFor(caller, 'epcis.read') : []
}
