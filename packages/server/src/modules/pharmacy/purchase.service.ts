import { checkDocument, type DocumentType, maskMobile, maskName } from '@vigil/codes'
import type { BodyOf, Contract, PurchaseClear, PurchaseInput, PurchaseItem, ResponseOf } from '@vigil/contract'
import { sql } from 'kysely'
import type { Caller } from '../../kernel/access/caller.ts'
import { command, systemCommand } from '../../kernel/command/command.ts'
import type { Tx } from '../../kernel/db/index.ts'
import { conflict, invalid, invalidField, notFound, tooMany } from '../../kernel/error/problem.ts'
import type { Kernel } from '../../kernel/kernel.ts'
import { decide, type Personal, undoMs } from './purchase.domain.ts'
import { countLookups, findKnownProfiles, lookupsPerHour } from './purchase.known.ts'
import type { Purchases } from './purchase.module.ts'
import { toItem } from './purchase.read.ts'
import { findPersonal, mobileIndex, personIndex, sealPersonal } from './purchase.seal.ts'
import { findForUpdate, keepRevision, replace, type Stored } from './purchase.store.ts'

const shredded = '该月个人信息已按期限销毁，记录不能再更改'

/** The stored entry as an input, so that a correction is decided by the rules of a registration. */
function inputOf(stored: Stored, personal: Personal): PurchaseInput {
  const { documentNumber, boughtFor, history, ...person } = personal
  return {
    id: stored.id,
    soldAt: stored.soldAt.toISOString(),
    documentType: stored.documentType as PurchaseInput['documentType'],
    documentNumber,
    person,
    items: stored.lines.map(({ drugId, quantity }) => ({ drugId, quantity })),
    symptoms: stored.symptoms as PurchaseInput['symptoms'],
    temperatureTenths: stored.temperatureTenths,
    boughtFor: (boughtFor ?? null) as PurchaseInput['boughtFor'],
    ...(history && { history }),
  }
}

/**
 * Corrects an entry: the version before is kept, rollups move by the difference.
 * @throws Problem 409 when another correction came first, 400 with the wrong fields, 404 outside the area
 */
export async function correct(
  kernel: Kernel,
  purchases: Purchases,
  caller: Caller,
  id: string,
  body: BodyOf<Contract['purchase.correct']>,
): Promise<PurchaseItem> {
  return command(kernel.db, caller, 'purchase.correct', async (tx, audit) => {
    const stored = await findForUpdate(tx, id)
    if (!stored) throw notFound('登记')
    if (stored.revision !== body.revision) throw conflict('这笔登记刚被他人更改，请刷新后再更正', 'stale')
    if (stored.status === 'undone') throw conflict('已撤销的登记不能更正')
    await kernel.vault.loadMonths([stored.keyMonth])
    const personal = findPersonal(kernel.vault, stored)
    if (!personal) throw conflict(shredded, 'shredded')
    const store = purchases.reference.store(stored.storeCode)
    if (!store) throw notFound('药店')
    const sold = new Map(stored.lines.map((line) => [line.drugId, line.class]))
    const decision = decide(
      { ...inputOf(stored, personal), ...body.changes },
      {
        now: kernel.clock.now(),
        store: { ...store, status: 'active' },
        drug: (drugId) => {
          const before = sold.get(drugId)
          return before ? { class: before, active: true } : purchases.reference.drug(drugId)
        },
        dutyClasses: (day) => new Set([...purchases.reference.dutyClasses(store.path, day), ...sold.values()]),
        areaExists: (code) => purchases.reference.areaExists(code),
      },
    )
    if ('errors' in decision)
      throw invalid(decision.errors.map((error) => ({ ...error, pointer: `/changes${error.pointer}` })))
    const { accepted } = decision
    const next: Personal = {
      ...accepted.person!,
      documentNumber: accepted.documentNumber,
      ...(accepted.boughtFor && { boughtFor: accepted.boughtFor }),
      ...(accepted.history && { history: accepted.history }),
    }
    await keepRevision(tx, stored, {
      accountId: caller.id,
      actor: caller.name,
      reason: body.reason,
      at: kernel.clock.now(),
    })
    await replace(tx, stored, {
      status: 'corrected',
      documentType: accepted.documentType,
      personIndex: personIndex(kernel.vault, accepted.documentType, accepted.documentNumber),
      mobileIndex: mobileIndex(kernel.vault, next.mobile),
      sealed: sealPersonal(kernel.vault, stored.keyMonth, stored.id, next),
      classes: [...accepted.classes],
      units: accepted.units,
      symptoms: [...accepted.symptoms],
      temperatureTenths: accepted.temperatureTenths,
      fever: accepted.fever,
      proxy: accepted.proxy,
      lines: [...accepted.lines],
    })
    await audit({
      action: 'purchase.correct',
      object: `purchase:${id}`,
      path: stored.path,
      areaCode: stored.areaCode,
      detail: { revision: stored.revision + 1, fields: Object.keys(body.changes), reason: body.reason },
    })
    return toItem(kernel, purchases, (await findForUpdate(tx, id))!)
  }).then((item) => told(purchases, item))
}

/** Told after the commit, so that whoever asks again sees the change. */
function told(purchases: Purchases, item: PurchaseItem): PurchaseItem {
  purchases.announcer.tellChange(item.storeCode)
  return item
}

/**
 * Takes an entry back within five minutes of its receipt; sent again, it answers the same. Only the store itself, or who
 * entered it: a program that serves many stores does not take back what their clerks have entered.
 * @throws Problem 409 after five minutes, 404 for another's entry
 */
export async function undo(kernel: Kernel, purchases: Purchases, caller: Caller, id: string): Promise<PurchaseItem> {
  return command(kernel.db, caller, 'purchase.register', async (tx, audit) => {
    const stored = await findForUpdate(tx, id)
    if (!stored || (stored.storeCode !== caller.storeCode && (caller.id === null || stored.accountId !== caller.id)))
      throw notFound('登记')
    await kernel.vault.loadMonths([stored.keyMonth])
    const again = stored.status === 'undone'
    if (!again) {
      if (kernel.clock.now().getTime() - stored.receivedAt.getTime() > undoMs)
        throw conflict('已超过 5 分钟，不能撤销；请改用更正并写明原因', 'undo-late')
      await keepRevision(tx, stored, {
        accountId: caller.id,
        actor: caller.name,
        reason: '撤销',
        at: kernel.clock.now(),
      })
      await replace(tx, stored, { ...stored, status: 'undone' })
    }
    await audit({
      action: 'purchase.undo',
      object: `purchase:${id}`,
      path: stored.path,
      areaCode: stored.areaCode,
      detail: { repeated: again },
    })
    return toItem(kernel, purchases, again ? stored : (await findForUpdate(tx, id))!)
  }).then((item) => told(purchases, item))
}

function clearOther(other: Personal['boughtFor']): PurchaseClear['boughtFor'] {
  if (!other) return null
  return {
    name: other.name,
    documentType: other.documentType ?? null,
    documentNumber: other.documentNumber ?? null,
    relation: other.relation,
  } as PurchaseClear['boughtFor']
}

/** Clear text of one entry for a stated purpose; the reveal is recorded in the same transaction or does not happen. */
export async function reveal(
  kernel: Kernel,
  caller: Caller,
  id: string,
  body: BodyOf<Contract['purchase.reveal']>,
): Promise<PurchaseClear> {
  return command(kernel.db, caller, 'purchase.reveal', async (tx, audit) => {
    const row = await tx.selectFrom('pharmacy.purchase').selectAll().where('id', '=', id).executeTakeFirst()
    if (!row) throw notFound('登记')
    await kernel.vault.loadMonths([row.keyMonth])
    const personal = findPersonal(kernel.vault, row)
    if (!personal) throw conflict(shredded, 'shredded')
    await audit({
      action: 'purchase.reveal',
      object: `purchase:${id}`,
      path: row.path,
      areaCode: row.areaCode,
      detail: { purpose: body.purpose, reason: body.reason },
    })
    return {
      name: personal.name,
      documentType: row.documentType as PurchaseClear['documentType'],
      documentNumber: personal.documentNumber,
      mobile: personal.mobile,
      residenceAreaCode: personal.residenceAreaCode,
      residenceAddress: personal.residenceAddress,
      emergencyName: personal.emergencyName ?? null,
      emergencyMobile: personal.emergencyMobile ?? null,
      boughtFor: clearOther(personal.boughtFor),
      history: personal.history ?? null,
    }
  })
}

/**
 * Tells whether a buyer is known, masked: enough to ask "still so?", not enough to learn who somebody is.
 * @throws Problem 429 beyond the hour's limit; that refusal is recorded too
 */
export async function lookup(
  kernel: Kernel,
  purchases: Purchases,
  caller: Caller,
  body: BodyOf<Contract['buyer.lookup']>,
): Promise<ResponseOf<Contract['buyer.lookup']>> {
  const document = checkDocument(body.documentType as DocumentType, body.documentNumber)
  if (!document.ok) throw invalidField('/documentNumber', document.message, document.code)
  const person = personIndex(kernel.vault, body.documentType, document.value.number)
  const lookups = await countLookups(kernel, caller, 1)
  const over = lookups > lookupsPerHour
  const profile = over ? undefined : (await findKnownProfiles(kernel, [person])).get(person.toString('hex'))
  const store = caller.storeCode ? purchases.reference.store(caller.storeCode) : undefined
  await systemCommand(kernel.db, caller, async (_tx, audit) => {
    await audit({
      action: 'buyer.lookup',
      object: `person:${person.toString('hex').slice(0, 12)}`,
      path: store?.path ?? caller.grants[0]?.path ?? '/',
      areaCode: store?.areaCode ?? null,
      outcome: over ? 'refused' : 'done',
      detail: { known: profile !== undefined, inThisHour: lookups },
    })
  })
  if (over)
    throw tooMany(
      3600 - Math.floor((kernel.clock.now().getTime() / 1000) % 3600),
      '本小时查询次数已达上限，请直接完整填写购药人信息',
    )
  if (!profile) return { known: false, name: null, mobile: null, residence: null, hasEmergencyContact: false }
  return {
    known: true,
    name: maskName(profile.name),
    mobile: maskMobile(profile.mobile),
    residence: `${purchases.reference.areaName(profile.residenceAreaCode)}…`,
    hasEmergencyContact: Boolean(profile.emergencyMobile),
  }
}

/**
 * As a month is shredded (`vault.onShred`): indexes go, so that its rows can no longer be joined to a person. The
 * transaction must see everything. @returns rows emptied
 */
export async function forgetMonth(tx: Tx, month: string): Promise<number> {
  const emptied = await tx
    .updateTable('pharmacy.purchase')
    .set({ personIndex: null, mobileIndex: null })
    .where('keyMonth', '=', month)
    .where('day', '>=', `${month}-01`)
    .executeTakeFirst()
  await sql`update pharmacy.refusal set person_index = null where person_index is not null
    and at >= ${`${month}-01`}::timestamp at time zone 'Asia/Shanghai' and at < (${`${month}-01`}::timestamp + interval '1 month') at time zone 'Asia/Shanghai'`.execute(
    tx,
  )
  await sql`delete from pharmacy.buyer_day where to_char(day, 'YYYY-MM') = ${month}`.execute(tx)
  return Number(emptied.numUpdatedRows)
}
