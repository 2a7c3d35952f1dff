import { type Caller, type Needed, scopeFor } from '../access/caller.ts'
import { type AuditInput, record } from '../audit/index.ts'
import { type Db, type Scope, systemScope, type Tx, withScope } from '../db/index.ts'
import { forbidden } from '../error/problem.ts'

/** What a command tells the log; who, from where and the request are added. No personal data in clear. */
export interface CommandAudit {
  readonly action: string
  readonly object: string
  readonly path: string
  readonly areaCode?: string | null
  readonly outcome?: 'done' | 'refused' | 'failed'
  readonly detail?: Record<string, unknown>
}

/** Full audit row of what a caller did. */
export function auditOf(caller: Caller, entry: CommandAudit): AuditInput {
  return {
    actorId: caller.id,
    actor: caller.name,
    action: entry.action,
    outcome: entry.outcome ?? 'done',
    object: entry.object,
    areaCode: entry.areaCode ?? null,
    path: entry.path,
    ip: caller.ip,
    userAgent: caller.userAgent,
    requestId: caller.requestId,
    detail: entry.detail ?? {},
  }
}

async function run<T>(
  db: Db,
  caller: Caller,
  scope: Scope,
  work: (tx: Tx, audit: (entry: CommandAudit) => Promise<void>) => Promise<T>,
): Promise<T> {
  return withScope(db, scope, async (tx) => {
    let recorded = 0
    const result = await work(tx, async (entry) => {
      recorded++
      await record(tx, auditOf(caller, entry))
    })
    if (recorded === 0) throw new Error('a command must record what it did')
    return result
  })
}

/**
 * One command, one transaction: access, change and audit row commit together or not at all. Row-level security shows
 * only the subtrees in which the caller has `permission`.
 * @throws Problem 403 when the caller has the permission nowhere; Error when the work recorded nothing
 */
export async function command<T>(
  db: Db,
  caller: Caller,
  permission: Needed,
  work: (tx: Tx, audit: (entry: CommandAudit) => Promise<void>) => Promise<T>,
): Promise<T> {
  const scope = scopeFor(caller, permission)
  if (scope.length === 0) throw forbidden()
  return run(db, caller, scope, work)
}

/** The same for commands about one's own account or of the system, which see everything and must check themselves. */
export const systemCommand = <T>(
  db: Db,
  caller: Caller,
  work: (tx: Tx, audit: (entry: CommandAudit) => Promise<void>) => Promise<T>,
): Promise<T> => run(db, caller, systemScope, work)
