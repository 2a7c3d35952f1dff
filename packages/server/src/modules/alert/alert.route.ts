import type { alertResponseRoutes, alertRoutes } from '@vigil/contract'
import { sql } from 'kysely'
import { type Caller, scopeFor } from '../../kernel/access/caller.ts'
import { readScope } from '../../kernel/db/index.ts'
import type { Handlers } from '../../kernel/http/handler.ts'
import { readSeries } from './alert.evidence.ts'
import type { AlertParts } from './alert.parts.ts'
import { countAlerts, listAlerts, readAlert } from './alert.read.ts'
import {
  askStores,
  assignAlert,
  closeAlert,
  judgeAlert,
  noteAlert,
  noteReceipt,
  referAlert,
  takeAlert,
} from './alert.service.ts'
import { getAlert } from './alert.store.ts'
import { listPolicies, setPolicy } from './policy.service.ts'
import { readResponse } from './response.read.ts'

/** Persons of the caller's area that may handle an alert, by name. @throws Problem 404 */
async function listHandlers({ kernel }: AlertParts, caller: Caller, id: string) {
  return readScope(kernel.db, scopeFor(caller, 'alert.handle'), async (tx) => {
    await getAlert(tx, id)
    const units = await tx.selectFrom('alert.unit').select('path').where('alertId', '=', id).execute()
    const paths = units.map(({ path }) => path)
    const { rows } = await sql<{ id: string; name: string }>`
      select distinct a.id, a.display_name as name from access.account a
        join access.grant g on g.account_id = a.id join access.role r on r.code = g.role_code
      where a.kind = 'person' and a.status = 'active' and 'alert.handle' = any (r.permissions)
        and exists (select from unnest(${paths}::text[]) as unit (path) where unit.path ^@ g.path)
      order by name limit 200`.execute(tx)
    return { items: rows }
  })
}

export const alertHandlers = (parts: AlertParts): Handlers<typeof alertRoutes & typeof alertResponseRoutes> => ({
  'alert.list': ({ caller, query }) => listAlerts(parts, caller, query),
  'alert.count': ({ caller }) => countAlerts(parts, caller),
  'alert.read': ({ caller, params }) => readAlert(parts, caller, params.id),
  'alert.series': ({ caller, params, query }) => readSeries(parts, caller, params.id, query),
  'alert.take': ({ caller, params }) => takeAlert(parts, caller, params.id),
  'alert.handlers': ({ caller, params }) => listHandlers(parts, caller, params.id),
  'alert.assign': ({ caller, params, body }) => assignAlert(parts, caller, params.id, body.accountId),
  'alert.ask': ({ caller, params, body }) => askStores(parts, caller, params.id, body),
  'alert.refer': ({ caller, params, body }) => referAlert(parts, caller, params.id, body),
  'alert.receipt': ({ caller, params, body }) => noteReceipt(parts, caller, params.id, params.referralId, body.text),
  'alert.note': ({ caller, params, body }) => noteAlert(parts, caller, params.id, body.text),
  'alert.find': ({ caller, params, body }) => judgeAlert(parts, caller, params.id, body),
  'alert.close': ({ caller, params, body }) => closeAlert(parts, caller, params.id, body.text),
  'alert.response': ({ caller, query }) => readResponse(parts, caller, query),
  'alert.policies': ({ caller }) => listPolicies(parts, caller),
  'alert.set-policy': ({ caller, body }) => setPolicy(parts, caller, body),
})
