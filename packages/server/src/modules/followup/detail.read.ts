import { dayOf } from '@vigil/codes'
import { type EvidencePurchase, type FollowupDetail, type FollowupItem, receiptNo } from '@vigil/contract'
import { type Selectable, sql } from 'kysely'
import { type Caller, scopeFor } from '../../kernel/access/caller.ts'
import { readScope, type Tx } from '../../kernel/db/index.ts'
import { notFound } from '../../kernel/error/problem.ts'
import { VaultError } from '../../kernel/vault/index.ts'
import { buyersByMobile, recordsNow } from '../pharmacy/index.ts'
import { firstDay } from './cause.domain.ts'
import type { EntryRow } from './detect.known.ts'
import { deliveryOf, itemsOf } from './entry.read.ts'
import type { EventTable } from './followup.table.ts'
import type { Parts } from './parts.ts'
import { findPerson, maskPerson } from './person.ts'
import { loadRules } from './rules.service.ts'

/** Events and purchases that a page shows at most. */
const mostShown = 200
const linkedShown = 20

/** One person's page. @throws Problem 404 outside the area */
export async function readEntry(parts: Parts, caller: Caller, id: string): Promise<FollowupDetail> {
  const { kernel, reference } = parts
  const { detail, row } = await readScope(kernel.db, scopeFor(caller, 'followup.read'), async (tx) => {
    const row = await tx.selectFrom('followup.entry').selectAll().where('id', '=', id).executeTakeFirst()
    if (!row) throw notFound('随访对象')
    const causes = await tx
      .selectFrom('followup.cause')
      .selectAll()
      .where('entryId', '=', id)
      .orderBy('foundAt')
      .execute()
    const [entry] = await itemsOf(parts, tx, [row])
    const detail = {
      entry: entry!,
      causes: causes.map(({ kind, grade, ruleVersion, detail, foundAt }) => ({
        kind,
        grade,
        ruleVersion,
        detail,
        foundAt: foundAt.toISOString(),
      })),
      ...(await purchasesBehind(parts, tx, id)),
      timeline: await timelineOf(parts, tx, id),
      sheet: await sheetOf(tx, row.sheetId),
    }
    return { detail, row }
  })
  const others = await sharedWith(parts, row, reference.area(row.areaCode)?.path ?? row.path)
  const links = await readScope(kernel.db, scopeFor(caller, 'followup.read'), (tx) => linksOf(parts, tx, row, others))
  return { ...detail, links }
}

async function purchasesBehind(
  { kernel, reference }: Parts,
  tx: Tx,
  id: string,
): Promise<{ purchases: EvidencePurchase[]; elsewhere: number }> {
  const rows = await tx
    .selectFrom('followup.evidence')
    .select(['purchaseId', 'kind'])
    .where('entryId', '=', id)
    .orderBy('purchaseId', 'desc')
    .limit(mostShown)
    .execute()
  const ids = [...new Set(rows.map(({ purchaseId }) => purchaseId))]
  const records = await recordsNow(kernel, tx, ids)
  const purchases = ids.flatMap((purchase): EvidencePurchase[] => {
    const record = records.get(purchase)
    if (!record) return []
    return [
      {
        id: purchase,
        kinds: rows.filter(({ purchaseId }) => purchaseId === purchase).map(({ kind }) => kind),
        soldAt: record.soldAt.toISOString(),
        storeCode: record.storeCode,
        storeName: reference.store(record.storeCode)?.name ?? record.storeCode,
        areaName: reference.areaName(record.areaCode),
        items: record.lines.map((line) => ({
          name: reference.drug(line.drugId)?.name ?? '',
          class: line.class,
          quantity: line.quantity,
        })),
        symptoms: record.symptoms as EvidencePurchase['symptoms'],
        temperatureTenths: record.temperatureTenths,
        fever: record.fever,
        referred: record.referred,
        proxy: record.proxy,
        undone: record.status === 'undone',
      },
    ]
  })
  purchases.sort((a, b) => b.soldAt.localeCompare(a.soldAt))
  return { purchases, elsewhere: ids.length - purchases.length }
}

const bound = (event: string): string => `followup.event:${event}`

/** What somebody typed, sealed as it is kept in the timeline. */
export const sealText = ({ kernel }: Pick<Parts, 'kernel'>, month: string, event: string, text: string): Buffer =>
  kernel.vault.seal(month, text, bound(event))

function textOf({ kernel }: Parts, event: Selectable<EventTable>): string | null {
  if (!event.sealed || !event.keyMonth) return null
  try {
    return kernel.vault.unseal(event.keyMonth, event.sealed, bound(event.id))
  } catch (error) {
    if (error instanceof VaultError && error.code === 'shredded') return null
    throw error
  }
}

async function timelineOf(parts: Parts, tx: Tx, id: string): Promise<FollowupDetail['timeline']> {
  const rows = await tx
    .selectFrom('followup.event')
    .selectAll()
    .where('entryId', '=', id)
    .orderBy('id', 'desc')
    .limit(mostShown)
    .execute()
  await parts.kernel.vault.loadMonths(rows.flatMap(({ keyMonth }) => keyMonth ?? []))
  return rows.map((row) => ({
    at: row.at.toISOString(),
    actor: row.actor,
    kind: row.kind as FollowupDetail['timeline'][number]['kind'],
    causes: [...(row.detail.causes ?? [])],
    about: row.detail.about ?? null,
    text: textOf(parts, row),
    outcome: (row.detail.outcome ?? null) as FollowupItem['outcome'],
  }))
}

async function sheetOf(tx: Tx, id: string | null): Promise<FollowupDetail['sheet']> {
  if (id === null) return null
  const row = await tx.selectFrom('followup.sheet').selectAll().where('id', '=', id).executeTakeFirst()
  return row
    ? {
        id: row.id,
        number: row.number,
        recipient: row.recipient as NonNullable<FollowupDetail['sheet']>['recipient'],
        recipientName: row.recipientName,
        createdAt: row.createdAt.toISOString(),
        receiptNumber: row.receiptNumber,
        receiptAt: row.receiptAt?.toISOString() ?? null,
        delivery: deliveryOf(row),
      }
    : null
}

type Others = readonly { readonly kind: 'mobile' | 'address'; readonly persons: readonly Buffer[] }[]

/** Who shares mobile and address, in the whole country: their number may be told, who they are only in the own area. */
async function sharedWith({ kernel, reference }: Parts, row: EntryRow, path: string): Promise<Others> {
  const today = dayOf(kernel.clock.now())
  const db = kernel.connections.systemDb
  const { rules } = (await loadRules(db, reference)).at(path)
  const found: { kind: 'mobile' | 'address'; persons: Buffer[] }[] = []
  if (row.mobileIndex) {
    const buyers = await buyersByMobile(db, [row.mobileIndex], firstDay(today, rules.mobile.days))
    found.push({ kind: 'mobile', persons: buyers.map(({ person }) => person) })
  }
  if (row.addressIndex) {
    const rows = await db
      .selectFrom('followup.address')
      .select('personIndex')
      .where('addressIndex', '=', row.addressIndex)
      .where('lastDay', '>=', firstDay(today, rules.address.days))
      .execute()
    found.push({ kind: 'address', persons: rows.map(({ personIndex }) => personIndex) })
  }
  return found
    .map(({ kind, persons }) => ({ kind, persons: persons.filter((key) => !row.personIndex?.equals(key)) }))
    .filter(({ persons }) => persons.length > 0)
}

async function linksOf(
  { kernel, reference }: Parts,
  tx: Tx,
  row: EntryRow,
  others: Others,
): Promise<FollowupDetail['links']> {
  const links: FollowupDetail['links'] = []
  for (const { kind, persons } of others) {
    const rows = await tx
      .selectFrom('followup.entry')
      .selectAll()
      .where(sql<boolean>`person_index = any(${[...persons]}::bytea[])`)
      .where('id', '<>', row.id)
      .orderBy('id', 'desc')
      .limit(linkedShown)
      .execute()
    await kernel.vault.loadMonths(rows.map(({ keyMonth }) => keyMonth))
    const entries = rows.map((one) => ({
      id: one.id,
      number: receiptNo(one.id),
      name: maskPerson(findPerson(kernel.vault, one), one.documentType, reference.areaName).name,
      state: one.state,
    }))
    links.push({ kind, persons: persons.length, entries })
  }
  return links
}
