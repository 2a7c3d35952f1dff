import { uuidv7 } from '@vigil/codes'
import type { Download } from '@vigil/contract'
import { sql } from 'kysely'
import { type Caller, scopeFor } from '../../kernel/access/caller.ts'
import { issueStoreAccounts } from '../../kernel/access/store-account.ts'
import { command } from '../../kernel/command/command.ts'
import { systemScope, withScope } from '../../kernel/db/index.ts'
import { conflict, notFound } from '../../kernel/error/problem.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import { type CellValue, type Column, xlsxChunks } from '../../kernel/tabular/index.ts'
import type { Reference } from './reference.ts'
import { pickedScope } from './store.read.ts'

/** How long an activation code can be used. */
const codeDays = 30
const sheetMs = 24 * 3_600_000
const bound = (batch: string): string => `pharmacy.account_batch/${batch}`
const day = 86_400_000

interface SheetLine {
  readonly code: string
  readonly name: string
  readonly address: string
  readonly area: string
  readonly activationCode: string
}

interface Candidate {
  code: string
  name: string
  address: string
  areaCode: string
  path: string
  account: string | null
}

/** Forgets the codes of sheets that nobody fetched within a day. @returns batches emptied */
export async function dropOldSheets(kernel: Pick<Kernel, 'db' | 'clock'>): Promise<number> {
  const before = new Date(kernel.clock.now().getTime() - sheetMs)
  return withScope(kernel.db, systemScope, async (tx) => {
    const result = await tx
      .updateTable('pharmacy.accountBatch')
      .set({ sealed: null })
      .where('sealed', 'is not', null)
      .where('createdAt', '<', before)
      .executeTakeFirst()
    return Number(result.numUpdatedRows)
  })
}

/**
 * Makes the accounts of all active stores of an area that lack one. Stores that are named and were invited but never
 * activated get a new code instead of the lost one; they count as created.
 * @returns the batch whose sheet holds the activation codes; null when nothing was made
 * @throws Problem 404 for an area or store outside the caller's
 */
export async function issueAccounts(
  kernel: Kernel,
  reference: Reference,
  caller: Caller,
  input: { areaCode: string; storeCodes?: readonly string[] },
): Promise<{ created: number; existing: number; batchId: string | null }> {
  const named = input.storeCodes && [...new Set(input.storeCodes)]
  const [path] = pickedScope(reference, scopeFor(caller, 'store.manage'), input.areaCode)
  if (path === undefined) throw notFound('区划')
  await dropOldSheets(kernel)
  return command(kernel.db, caller, 'store.manage', async (tx, audit) => {
    // A statement of its own: the next one must see what an order that went before has made, or two clicks would make the
    // codes of the first sheet worthless.
    await sql`select pg_advisory_xact_lock(hashtext('pharmacy.issue-accounts'))`.execute(tx)
    const { rows } = await sql<Candidate>`
      SELECT s.code, s.name, s.address, s.area_code, s.path, a.status AS account FROM pharmacy.store s
      LEFT JOIN access.account a ON a.store_code = s.code
      WHERE s.status = 'active' AND s.path ^@ ${reference.area(input.areaCode)?.path ?? path}
        AND (${named ?? null}::text[] IS NULL OR s.code = ANY(${named ?? null}::text[]))
      ORDER BY s.code FOR UPDATE OF s`.execute(tx)
    if (named && rows.length < named.length) throw notFound('部分药店')
    const missing = rows.filter((row) => row.account === null || (named && row.account === 'invited'))
    const batchId = missing.length > 0 ? uuidv7() : null
    if (batchId) {
      const now = kernel.clock.now()
      const issued = await issueStoreAccounts(tx, missing, { expiresDays: codeDays, now })
      const secret = new Map(issued.map((one) => [one.storeCode, one.activationCode]))
      const lines = missing.map(
        (store): SheetLine => ({
          code: store.code,
          name: store.name,
          address: store.address,
          area: reference.areaFullName(store.areaCode),
          activationCode: secret.get(store.code) ?? '',
        }),
      )
      await tx
        .insertInto('pharmacy.accountBatch')
        .values({
          id: batchId,
          path,
          areaCode: input.areaCode,
          sealed: kernel.vault.sealLongTerm(JSON.stringify(lines), bound(batchId)),
          createdBy: caller.id,
          createdAt: now,
          fetchedAt: null,
        })
        .execute()
    }
    const counts = { created: missing.length, existing: rows.length - missing.length }
    await audit({
      action: 'store.issue-accounts',
      object: batchId ? `account-batch/${batchId}` : 'account-batch',
      areaCode: input.areaCode,
      path,
      detail: counts,
    })
    return { ...counts, batchId }
  })
}

const columns: Column[] = [
  { head: '药店编号', type: 'text', width: 18 },
  { head: '药店名称', type: 'text', width: 34 },
  { head: '地址', type: 'text', width: 44 },
  { head: '辖区', type: 'text', width: 34 },
  { head: '用户名', type: 'text', width: 18 },
  { head: '激活码', type: 'text', width: 18 },
  { head: '有效期至', type: 'day', width: 14 },
]

/**
 * The activation codes of a batch as XLSX. They are forgotten as they are handed out: a second fetch finds nothing.
 * @throws Problem 404 outside the caller's area, 409 when fetched before or older than 24 hours
 */
export async function fetchAccountSheet(kernel: Kernel, caller: Caller, batchId: string): Promise<Download> {
  const { lines, expires } = await command(kernel.db, caller, 'store.manage', async (tx, audit) => {
    const batch = await tx
      .selectFrom('pharmacy.accountBatch')
      .select(['sealed', 'path', 'areaCode', 'createdAt', 'fetchedAt'])
      .where('id', '=', batchId)
      .forUpdate()
      .executeTakeFirst()
    if (!batch) throw notFound('激活码表')
    if (batch.fetchedAt)
      throw conflict('该激活码表已下载过，每批只能下载一次。如已遗失，请对相关药店重新发放', 'sheet-fetched')
    const now = kernel.clock.now()
    if (!batch.sealed || now.getTime() - batch.createdAt.getTime() > sheetMs)
      throw conflict('该激活码表已超过 24 小时，不能再下载。请对相关药店重新发放', 'sheet-expired')
    const text = kernel.vault.unsealLongTerm(batch.sealed, bound(batchId))
    await tx
      .updateTable('pharmacy.accountBatch')
      .set({ sealed: null, fetchedAt: now })
      .where('id', '=', batchId)
      .execute()
    const found = JSON.parse(text) as SheetLine[]
    await audit({
      action: 'store.account-sheet',
      object: `account-batch/${batchId}`,
      areaCode: batch.areaCode,
      path: batch.path,
      detail: { stores: found.length },
    })
    return { lines: found, expires: new Date(batch.createdAt.getTime() + codeDays * day) }
  })
  const rows = lines.map((line): CellValue[] => [
    line.code,
    line.name,
    line.address,
    line.area,
    line.code.toLowerCase(),
    line.activationCode,
    expires,
  ])
  return {
    mediaType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    filename: `一店一码激活码-${lines.length}家.xlsx`,
    body: xlsxChunks(columns, rows, { sheetName: '激活码' }),
  }
}
