import { permissionNames } from '@vigil/contract'
import { sql } from 'kysely'
import { AreaNames, listAreas } from '../area/index.ts'
import { record } from '../audit/index.ts'
import { auditOf } from '../command/command.ts'
import { type Scope, systemScope, type Tx, withScope } from '../db/index.ts'
import { conflict, Problem } from '../error/problem.ts'
import type { ChunkPlan, ImportKind, Numbered, Outcome } from '../import/index.ts'
import type { Kernel } from '../kernel.ts'
import type { CellValue, RowProblem } from '../tabular/index.ts'
import { invite } from './access.service.ts'
import { type AccountLine, accountColumns, accountParser } from './account.line.ts'
import { invitationDays } from './account.ts'
import { type Caller, within } from './caller.ts'
import { assertCanGive, type ResolvedGrant, resolveGrants } from './grant.ts'
import { presentGrants } from './present.ts'

const manage = 'account.manage'
const chunkRows = 100

/** The caller with the rights that he has now; the command line of the server has all of them. The transaction must see everything. */
async function asPresent(tx: Tx, caller: Caller, now: Date): Promise<Caller> {
  const all = [{ roleCode: 'system', permissions: new Set(permissionNames), path: '/' }]
  return { ...caller, grants: caller.id === null ? all : await presentGrants(tx, caller.id, now) }
}

const keyOf = ({ roleCode, areaCode, storeCode }: Pick<ResolvedGrant, 'roleCode' | 'areaCode' | 'storeCode'>) =>
  `${roleCode}/${areaCode}/${storeCode ?? ''}`

/** What becomes of a line: its grants for a new account, undefined when this very account is there. @throws Problem when it is refused */
async function judge(
  tx: Tx,
  caller: Caller,
  scope: Scope,
  line: AccountLine,
): Promise<readonly ResolvedGrant[] | undefined> {
  const grants = await resolveGrants(tx, line.grants)
  assertCanGive(caller, manage, grants)
  const known = await tx
    .selectFrom('access.account')
    .select(['id', 'kind', 'displayName', 'path'])
    .where('username', '=', line.username)
    .executeTakeFirst()
  if (!known) return grants
  const held = await tx
    .selectFrom('access.grant')
    .select(['roleCode', 'areaCode', 'storeCode'])
    .where('accountId', '=', known.id)
    .execute()
  const before = held.map(keyOf).sort().join()
  const same = known.kind === 'person' && known.displayName === line.displayName
  if (same && before === grants.map(keyOf).sort().join()) return undefined
  throw conflict(
    scope.some((root) => within(known.path, root))
      ? '该用户名已有账号，其姓名或授权与此行不同。导入不更改已有账号，请在“账号”页处理'
      : '这个用户名已被使用，请换一个',
    'username-taken',
  )
}

function problemOf({ rowNumber, value }: Numbered<AccountLine>, error: unknown): RowProblem {
  if (!(error instanceof Problem) || error.details.status >= 500) throw error
  const { status } = error.details
  const place = value.grants.some((grant) => grant.storeCode !== undefined) ? 'store' : 'area'
  return { rowNumber, column: status === 409 ? 'username' : status === 403 ? 'role' : place, message: error.message }
}

/** Judges lines one after the other, so that each sees the accounts that `take` made before it. */
async function settle(
  tx: Tx,
  caller: Caller,
  scope: Scope,
  rows: readonly Numbered<AccountLine>[],
  take: (line: AccountLine, grants: readonly ResolvedGrant[]) => Promise<CellValue[] | undefined>,
): Promise<Outcome> {
  const problems: RowProblem[] = []
  const handout: CellValue[][] = []
  let fresh = 0
  let unchanged = 0
  for (const row of rows)
    try {
      const grants = await judge(tx, caller, scope, row.value)
      const made = grants && (await take(row.value, grants))
      if (made) handout.push(made)
      if (grants) fresh++
      else unchanged++
    } catch (error) {
      problems.push(problemOf(row, error))
    }
  return { fresh, unchanged, problems, handout }
}

async function write(
  kernel: Kernel,
  tx: Tx,
  caller: Caller,
  scope: Scope,
  rows: readonly Numbered<AccountLine>[],
): Promise<Outcome> {
  const now = kernel.clock.now()
  // Two imports of the same file: the second one waits and finds the accounts there.
  await sql`select pg_advisory_xact_lock(hashtext('account.import'))`.execute(tx)
  return settle(tx, await asPresent(tx, caller, now), scope, rows, async (line, grants) => {
    const { code, expiresAt } = await invite(tx, (entry) => record(tx, auditOf(caller, entry)), line, grants, now)
    return [line.username, line.displayName, line.roles, line.areas, code, expiresAt]
  })
}

/**
 * Persons' accounts, each invited as `inviteAccount` does it: nobody gives more than he has himself at that moment, and an
 * account that is there is never changed. The codes are handed out once.
 */
export const accountImport = (kernel: Kernel): ImportKind<AccountLine> => ({
  name: 'account',
  permission: manage,
  columns: accountColumns,
  action: 'account.import',
  object: 'account',
  personal: ['displayName'],
  handout: {
    name: '邀请码',
    days: invitationDays,
    columns: [
      { head: '用户名', type: 'text', width: 20 },
      { head: '姓名', type: 'text', width: 16 },
      { head: '角色', type: 'text', width: 24 },
      { head: '区划', type: 'text', width: 30 },
      { head: '邀请码', type: 'text', width: 18 },
      { head: '有效期至', type: 'datetime', width: 20 },
    ],
  },
  open: async (caller, scope): Promise<ChunkPlan<AccountLine>> => {
    const roles = await withScope(kernel.db, systemScope, (tx) =>
      tx.selectFrom('access.role').select(['code', 'name']).orderBy('code').execute(),
    )
    const parse = accountParser(roles, new AreaNames(await listAreas(kernel.db, scope)), scope)
    return {
      chunkRows,
      parse,
      skip: (values) => void parse(values, undefined),
      joins: () => false,
      weigh: (rows) =>
        withScope(kernel.db, systemScope, async (tx) =>
          settle(tx, await asPresent(tx, caller, kernel.clock.now()), scope, rows, async () => undefined),
        ),
      prepare: async (rows) => (tx) => write(kernel, tx, caller, scope, rows),
    }
  },
})
