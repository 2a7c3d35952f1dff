import { dayOf, uuidv7 } from '@vigil/codes'
import {
  type BodyOf,
  type Download,
  type FollowupSheet,
  followupCauseNames,
  followupRecipientNames,
  type followupRoutes,
  receiptNo,
} from '@vigil/contract'
import { sql } from 'kysely'
import { type Caller, can } from '../../kernel/access/caller.ts'
import { command } from '../../kernel/command/command.ts'
import type { Tx } from '../../kernel/db/index.ts'
import { conflict, forbidden, invalidField, notFound } from '../../kernel/error/problem.ts'
import { type CellValue, type Column, xlsxChunks } from '../../kernel/tabular/index.ts'
import type { EntryRow } from './detect.known.ts'
import { hoursAfter } from './entry.domain.ts'
import { addEvent, lockFor } from './entry.service.ts'
import { entriesOf } from './handover.ts'
import type { Parts } from './parts.ts'
import { findPerson, maskPerson } from './person.ts'
import { loadRules } from './rules.service.ts'
import { shown } from './sheet.read.ts'
import { dispatch } from './sheet.send.ts'

type Routes = typeof followupRoutes

/** The deepest administered area that holds all of some paths. */
function commonArea({ reference }: Parts, paths: readonly string[]) {
  const holds = (root: string) => paths.every((path) => path.startsWith(root))
  return [...reference.areas()]
    .filter(({ path }) => holds(path))
    .reduce<{ code: string; path: string } | undefined>(
      (best, one) => (best && best.path.length >= one.path.length ? best : one),
      undefined,
    )
}

async function takeNumber(tx: Tx, now: Date): Promise<string> {
  const day = dayOf(now)
  const { rows } = await sql<{ last: number }>`
    insert into followup.counter as c (day, last) values (${day}::date, 1)
    on conflict (day) do update set last = c.last + 1 returning last`.execute(tx)
  return `VGF-${day.replaceAll('-', '')}-${String(rows[0]!.last).padStart(4, '0')}`
}

/**
 * Hands persons over: a numbered sheet, and each of them waits for the receipt and the outcome from now on. Where the
 * recipient is a destination of module sharing, the sheet is sent at once.
 * @throws Problem 404 when one of them lies outside the area, 409 when one is closed
 */
export async function handOver(
  parts: Parts,
  caller: Caller,
  body: BodyOf<Routes['followup.hand-over']>,
): Promise<FollowupSheet> {
  const { kernel, reference } = parts
  const now = kernel.clock.now()
  const recipientName = body.recipientName.trim()
  if (recipientName === '') throw invalidField('/recipientName', '请填写接收单位', 'required')
  return command(kernel.db, caller, 'followup.handle', async (tx, audit) => {
    const rows: EntryRow[] = []
    // In the order of the ids, so that two sheets that share persons do not wait for each other.
    for (const id of [...body.ids].sort()) rows.push((await lockFor(tx, id, 'hand-over')).row)
    const area = commonArea(
      parts,
      rows.map(({ path }) => path),
    )
    if (!area || !can(caller, 'followup.handle', area.path)) throw invalidField('/ids', '请按区划分别转交')
    const sheet = await tx
      .insertInto('followup.sheet')
      .values({
        id: uuidv7(now.getTime()),
        number: await takeNumber(tx, now),
        areaCode: area.code,
        path: area.path,
        recipient: body.recipient,
        recipientName,
        persons: rows.length,
        createdAt: now,
        createdBy: caller.name,
      })
      .returningAll()
      .executeTakeFirstOrThrow()
    const book = await loadRules(tx, reference)
    await tx
      .insertInto('followup.sheetLine')
      .values(rows.map(({ id, path }, index) => ({ sheetId: sheet.id, line: index + 1, entryId: id, path })))
      .execute()
    for (const row of rows) {
      await addEvent(parts, tx, row, caller.name, 'handed', { about: `${sheet.number} ${recipientName}` })
      await tx
        .updateTable('followup.entry')
        .set({
          state: 'handed',
          sheetId: sheet.id,
          dueAt: hoursAfter(now, book.at(row.path).rules.handedHours),
          revision: row.revision + 1,
          ...(row.assignee === null && { assigneeId: caller.id, assignee: caller.name }),
        })
        .where('id', '=', row.id)
        .execute()
    }
    const sent = await dispatch(parts, tx, caller.name, sheet, rows)
    await audit({
      action: 'followup.hand-over',
      object: `followup-sheet:${sheet.number}`,
      path: sheet.path,
      areaCode: sheet.areaCode,
      detail: {
        persons: rows.length,
        recipient: body.recipient,
        recipientName,
        entries: rows.map(({ id }) => id),
        ...sent,
      },
    })
    return shown(parts, sent ? { ...sheet, delivery: 'waiting' } : sheet)
  })
}

/** Notes the receipt of a sheet; each of its persons is told of it. */
export async function noteReceipt(
  parts: Parts,
  caller: Caller,
  id: string,
  body: BodyOf<Routes['followup.receipt']>,
): Promise<FollowupSheet> {
  const number = body.number.trim()
  if (number === '') throw invalidField('/number', '请填写回执编号', 'required')
  return command(parts.kernel.db, caller, 'followup.handle', async (tx, audit) => {
    const row = await tx.selectFrom('followup.sheet').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
    if (!row) throw notFound('转交单')
    if (row.receiptAt !== null) throw conflict('该转交单已登记回执', 'receipt')
    const next = await tx
      .updateTable('followup.sheet')
      .set({
        receiptNumber: number,
        receiptNote: body.note.trim(),
        receiptAt: parts.kernel.clock.now(),
        receiptBy: caller.name,
      })
      .where('id', '=', id)
      .returningAll()
      .executeTakeFirstOrThrow()
    for (const entry of await entriesOf(tx, id))
      await addEvent(parts, tx, entry, caller.name, 'receipt', { about: `${row.number} ${number}` })
    await audit({
      action: 'followup.receipt',
      object: `followup-sheet:${row.number}`,
      path: row.path,
      areaCode: row.areaCode,
      detail: { number },
    })
    return shown(parts, next)
  })
}

const columns: readonly Column[] = [
  { head: '序号', type: 'integer', width: 6 },
  { head: '随访编号', type: 'text', width: 12 },
  { head: '姓名', type: 'text', width: 12 },
  { head: '证件号码', type: 'text', width: 22 },
  { head: '手机号', type: 'text', width: 16 },
  { head: '居住地区划', type: 'text', width: 28 },
  { head: '居住地址', type: 'text', width: 32 },
  { head: '原因', type: 'text', width: 36 },
  { head: '最近购药时间', type: 'datetime' },
  { head: '办理时限', type: 'datetime' },
]

/**
 * A sheet as XLSX: masked, or in clear for a stated purpose by who may see it in clear. Recorded either way.
 * @throws Problem 403 without that permission, 400 without purpose and reason
 */
export async function sheetFile(
  parts: Parts,
  caller: Caller,
  id: string,
  body: BodyOf<Routes['followup.sheet-file']>,
): Promise<Download> {
  const { kernel, reference } = parts
  const reason = body.reason?.trim() ?? ''
  return command(kernel.db, caller, 'followup.handle', async (tx, audit) => {
    const sheet = await tx.selectFrom('followup.sheet').selectAll().where('id', '=', id).executeTakeFirst()
    if (!sheet) throw notFound('转交单')
    if (body.clear && !can(caller, 'purchase.reveal', sheet.path)) throw forbidden('当前账号不能查看个人信息明文')
    if (body.clear && body.purpose === undefined) throw invalidField('/purpose', '请选择目的', 'required')
    if (body.clear && reason === '') throw invalidField('/reason', '请写明理由', 'required')
    const entries = await entriesOf(tx, id)
    await kernel.vault.loadMonths(entries.map(({ keyMonth }) => keyMonth))
    const rows = entries.map((row, index): CellValue[] => {
      const person = findPerson(kernel.vault, row)
      const masked = maskPerson(person, row.documentType, (code) => reference.areaFullName(code))
      const own = body.clear && person ? person : masked
      return [
        index + 1,
        receiptNo(row.id),
        person ? own.name : '已销毁',
        own.documentNumber,
        own.mobile,
        person ? reference.areaFullName(person.residenceAreaCode) : '',
        person ? (body.clear ? person.residenceAddress : '****') : '',
        row.causes.map((kind) => followupCauseNames[kind]).join('、'),
        row.lastAt,
        row.dueAt,
      ]
    })
    if (body.clear)
      for (const row of entries) await addEvent(parts, tx, row, caller.name, 'revealed', { about: sheet.number })
    await audit({
      action: 'followup.sheet',
      object: `followup-sheet:${sheet.number}`,
      path: sheet.path,
      areaCode: sheet.areaCode,
      detail: { clear: body.clear, persons: rows.length, ...(body.clear && { purpose: body.purpose, reason }) },
    })
    const to = followupRecipientNames[sheet.recipient as FollowupSheet['recipient']]
    const title = `随访对象转交单 ${sheet.number}　接收：${to} ${sheet.recipientName}${body.clear ? '' : '　（脱敏）'}`
    return {
      mediaType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
      filename: `转交单_${sheet.number}${body.clear ? '' : '_脱敏'}.xlsx`,
      body: xlsxChunks([...columns], rows, { sheetName: '转交单', title }),
    }
  })
}
