import { dayOf } from '@vigil/codes'
import { followupCauseNames, receiptNo } from '@vigil/contract'
import type { Scope, Tx } from '../../kernel/db/index.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import type { CellValue, Column } from '../../kernel/tabular/index.ts'
import type { Reference } from '../pharmacy/index.ts'
import type { EntryRow } from './detect.known.ts'
import { addEvent } from './entry.service.ts'
import type { SheetTable } from './followup.table.ts'
import { findPerson, maskPerson } from './person.ts'

/** A sheet that is to be sent by itself. */
export interface Handover {
  readonly sheetId: string
  readonly number: string
  readonly path: string
  readonly recipient: SheetTable['recipient']
  readonly recipientName: string
  /** Day of the first of its persons' last purchases: by whose months its file goes when keys are destroyed. */
  readonly from: string
  readonly by: string
}

/** Sends sheets by themselves; what becomes of them comes back through `settleHandover`. */
export interface Courier {
  /** Orders a sheet to be sent, again if it was ordered before. @returns undefined when nobody is set up to get it */
  order(tx: Tx, handover: Handover): Promise<{ readonly clear: boolean } | undefined>
  /** Who gets sheets of an area by itself. */
  recipients(tx: Tx, scope: Scope): Promise<{ recipient: string; name: string; areaCode: string }[]>
  /** Called when something was ordered and is committed. */
  wake(): void
}

/** What became of a try to send a sheet. */
export type HandoverResult =
  | { readonly state: 'waiting' | 'refused'; readonly error: string | null }
  | { readonly state: 'received'; readonly receipt: string; readonly by: string }

/** Persons of a sheet in the order of its lines. */
export const entriesOf = (tx: Tx, sheet: string): Promise<EntryRow[]> =>
  tx
    .selectFrom('followup.entry as e')
    .innerJoin('followup.sheetLine as l', 'l.entryId', 'e.id')
    .selectAll('e')
    .where('l.sheetId', '=', sheet)
    .orderBy('l.line')
    .execute()

/** What a recipient needs in order to find the person and answer; the document number stays masked always. */
export const handoverColumns: readonly Column[] = [
  { head: '转交单', type: 'text', width: 20 },
  { head: '随访编号', type: 'text', width: 12 },
  { head: '姓名', type: 'text', width: 12 },
  { head: '证件号码', type: 'text', width: 22 },
  { head: '手机号', type: 'text', width: 16 },
  { head: '居住地区划', type: 'text', width: 28 },
  { head: '居住地址', type: 'text', width: 32 },
  { head: '原因', type: 'text', width: 36 },
  { head: '办理时限', type: 'datetime' },
]

/** Rows of `handoverColumns`; a person who was forgotten meanwhile is left as a number. */
export async function handoverRows(
  { vault }: Pick<Kernel, 'vault'>,
  reference: Reference,
  tx: Tx,
  { sheetId, clear }: { readonly sheetId: string; readonly clear: boolean },
): Promise<CellValue[][]> {
  const { number } = await tx
    .selectFrom('followup.sheet')
    .select('number')
    .where('id', '=', sheetId)
    .executeTakeFirstOrThrow()
  const entries = await entriesOf(tx, sheetId)
  await vault.loadMonths(entries.map(({ keyMonth }) => keyMonth))
  return entries.map((row) => {
    const person = findPerson(vault, row)
    const masked = maskPerson(person, row.documentType, (code) => reference.areaFullName(code))
    const known = person && clear ? person : masked
    return [
      number,
      receiptNo(row.id),
      person ? known.name : '已销毁',
      masked.documentNumber,
      known.mobile,
      person ? reference.areaFullName(person.residenceAreaCode) : null,
      person && (clear ? person.residenceAddress : '****'),
      row.causes.map((kind) => followupCauseNames[kind]).join('、'),
      row.dueAt,
    ]
  })
}

/** Day from which the data of some persons is. */
export const earliestDay = (rows: readonly EntryRow[]): string =>
  rows.map(({ lastAt }) => dayOf(lastAt)).reduce((first, day) => (day < first ? day : first))

/**
 * Keeps what became of a sheet that was sent, in the transaction that keeps the try. A receipt marks it as received, once:
 * one that somebody has typed in meanwhile stays.
 */
export async function settleHandover(kernel: Kernel, tx: Tx, sheetId: string, result: HandoverResult): Promise<void> {
  const sheet = await tx
    .selectFrom('followup.sheet')
    .selectAll()
    .where('id', '=', sheetId)
    .forUpdate()
    .executeTakeFirst()
  if (!sheet || sheet.delivery === 'received') return
  const came = result.state === 'received'
  const receiptNumber = came ? result.receipt.slice(0, 60) : null
  const first = came && sheet.receiptAt === null
  await tx
    .updateTable('followup.sheet')
    .set({
      delivery: result.state,
      deliveryError: came ? null : result.error,
      ...(first && { receiptNumber, receiptNote: '自动送达', receiptAt: kernel.clock.now(), receiptBy: result.by }),
    })
    .where('id', '=', sheetId)
    .execute()
  if (!first) return
  for (const entry of await entriesOf(tx, sheetId))
    await addEvent({ kernel }, tx, entry, result.by, 'receipt', { about: `${sheet.number} ${receiptNumber}` })
}
