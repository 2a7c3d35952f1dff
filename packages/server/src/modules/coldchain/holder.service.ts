import { checkCreditCode, uuidv7 } from '@vigil/codes'
import type { BodyOf, ColdGoods, ColdHolder, ColdRule, coldchainRoutes, QueryOf } from '@vigil/contract'
import { checkDigit } from '@vigil/epcis/identifier'
import { sql } from 'kysely'
import { assertCan, type Caller, scopeFor } from '../../kernel/access/caller.ts'
import { command } from '../../kernel/command/command.ts'
import { readScope, type Tx } from '../../kernel/db/index.ts'
import { conflict, invalidField, notFound } from '../../kernel/error/problem.ts'
import { upsertParties } from '../../kernel/party/index.ts'
import type { Reference } from '../pharmacy/index.ts'
import type { Parts } from './coldchain.parts.ts'
import type { GoodsRow, HolderRow, RuleRow } from './coldchain.table.ts'
import { localGtin } from './label.domain.ts'

type Routes = typeof coldchainRoutes

/** A business as it is shown. */
export const shownHolder = ({ id, code, name, kind, uri }: HolderRow): ColdHolder => ({ id, code, name, kind, uri })
const shownGoods = ({ createdAt: _at, createdBy: _by, ...goods }: GoodsRow): ColdGoods => goods
const shownRule = ({ validFrom, createdAt, path: _path, ...rule }: RuleRow): ColdRule => ({
  ...rule,
  from: validFrom,
  createdAt: createdAt.toISOString(),
})

/** A holder for whom the caller may act. @throws Problem 404 outside his area */
export async function getOwnHolder(
  tx: Tx,
  caller: Caller,
  id: string,
  permission: 'coldchain.operate' | 'coldchain.inspect' = 'coldchain.operate',
): Promise<HolderRow> {
  const holder = await getHolder(tx, id)
  assertCan(caller, permission, holder.path, '经营者')
  return holder
}

/** A holder anywhere: names of businesses are public. @throws Problem 404 */
export async function getHolder(tx: Tx, id: string): Promise<HolderRow> {
  const row = await tx.selectFrom('coldchain.holder').selectAll().where('id', '=', id).executeTakeFirst()
  if (!row) throw notFound('经营者')
  return row
}

/** Goods by id. @throws Problem 404 */
export async function getGoods(tx: Tx, id: string): Promise<GoodsRow> {
  const row = await tx.selectFrom('coldchain.goods').selectAll().where('id', '=', id).executeTakeFirst()
  if (!row) throw notFound('商品')
  return row
}

/** Holders of the caller's area; with a name or code those of other counties too, whom one trades with. */
export async function listHolders(
  { kernel }: Parts,
  caller: Caller,
  { kind, q }: QueryOf<Routes['cold-holder.list']>,
): Promise<ColdHolder[]> {
  const scope = scopeFor(caller, 'coldchain.read')
  const rows = await readScope(kernel.db, scope, (tx) => {
    let select = tx.selectFrom('coldchain.holder').selectAll().orderBy('name').limit(500)
    if (kind !== undefined) select = select.where('kind', '=', kind)
    const text = q?.trim()
    if (!text) return select.where(sql<boolean>`path ^@ ANY (vigil.paths())`).execute()
    const like = `%${text.replace(/[\\%_]/g, '\\$&')}%`
    return select
      .where((eb) =>
        eb.or([eb('code', '=', text.toUpperCase()), eb('creditCode', '=', text), eb('name', 'like', like)]),
      )
      .limit(50)
      .execute()
  })
  return rows.map(shownHolder)
}

/**
 * Registers a business of the cold chain at a place, with its URIs for events.
 * @throws Problem 400 with the field, 404 for an area outside, 409 when code, GLN or place is taken
 */
export async function saveHolder(
  { kernel, reference }: Parts,
  caller: Caller,
  body: BodyOf<Routes['cold-holder.save']>,
): Promise<ColdHolder> {
  const area = reference.area(body.areaCode)
  if (!area) throw notFound('区划')
  assertCan(caller, 'coldchain.manage', area.path, '区划')
  const credit = checkCreditCode(body.creditCode)
  if (!credit.ok) throw invalidField('/creditCode', credit.message, credit.code)
  const isWarehouse = body.kind === 'warehouse'
  if (isWarehouse && (body.capacityGrams === undefined || body.slotsPerHour === undefined))
    throw invalidField('/capacityGrams', '监管仓须填写库容和每小时车次')
  if (body.gln !== undefined && checkDigit(body.gln.slice(0, -1)) !== body.gln.at(-1))
    throw invalidField('/gln', '位置码的校验位不对', 'check-digit')
  return command(kernel.db, caller, 'coldchain.manage', async (tx, audit) => {
    const row = await putHolder(tx, { ...body, creditCode: credit.value.code }, area, {
      at: kernel.clock.now(),
      by: caller.name,
    })
    await audit(savedHolder(row))
    return shownHolder(row)
  })
}

/** The audit row of a business that was registered. */
export const savedHolder = ({ id, path, areaCode, code, kind }: HolderRow) => ({
  ...{ action: 'coldchain.save-holder', object: `cold-holder:${id}`, path, areaCode },
  detail: { code, kind },
})

/** Puts a business on the register at a place, with its URIs for events. @throws Problem 409 when code, GLN or place is taken */
export async function putHolder(
  tx: Tx,
  body: BodyOf<Routes['cold-holder.save']>,
  area: Pick<NonNullable<ReturnType<Reference['area']>>, 'code' | 'path'>,
  { at, by }: { readonly at: Date; readonly by: string },
): Promise<HolderRow> {
  const place = { name: body.name.trim(), address: body.address.trim(), areaCode: area.code, path: area.path }
  const party = { ...place, creditCode: body.creditCode, licenceNo: null, lon: null, lat: null }
  const [partyId] = await upsertParties(tx, [party])
  const id = uuidv7()
  const own = `urn:uuid:${id}`
  const isWarehouse = body.kind === 'warehouse'
  const row = {
    ...{ id, partyId: partyId!, code: body.code, creditCode: body.creditCode, kind: body.kind },
    uri: body.gln === undefined ? own : `https://id.gs1.org/417/${body.gln}`,
    locationUri: body.gln === undefined ? own : `https://id.gs1.org/414/${body.gln}`,
    capacityGrams: isWarehouse ? body.capacityGrams! : null,
    slotsPerHour: isWarehouse ? body.slotsPerHour! : null,
    ...place,
    ...{ path: `${area.path}${body.code}/`, createdAt: at, createdBy: by },
  }
  const added = await tx
    .insertInto('coldchain.holder')
    .values(row)
    .onConflict((on) => on.doNothing())
    .executeTakeFirst()
  if (added.numInsertedOrUpdatedRows !== 1n) throw conflict('编号或位置码已经登记', 'taken')
  return row
}

/** Goods by part of the name, or GTIN. */
export async function listGoods({ kernel }: Parts, caller: Caller, q: string | undefined): Promise<ColdGoods[]> {
  const rows = await readScope(kernel.db, scopeFor(caller, 'coldchain.read'), (tx) => {
    const select = tx.selectFrom('coldchain.goods').selectAll().orderBy('name').limit(200)
    const text = q?.trim()
    if (!text) return select.execute()
    const like = `%${text.replace(/[\\%_]/g, '\\$&')}%`
    return select.where((eb) => eb.or([eb('gtin', '=', text.padStart(14, '0')), eb('name', 'like', like)])).execute()
  })
  return rows.map(shownGoods)
}

/** Registers goods; without a GTIN they get one of the range for local use. @throws Problem 400, 409 when the GTIN is registered */
export async function saveGoods(
  { kernel }: Parts,
  caller: Caller,
  { gtin, ...facts }: BodyOf<Routes['cold-goods.save']>,
): Promise<ColdGoods> {
  if (gtin !== null && checkDigit(gtin.slice(0, -1)) !== gtin.at(-1))
    throw invalidField('/gtin', '商品条码的校验位不对', 'check-digit')
  return command(kernel.db, caller, 'coldchain.operate', async (tx, audit) => {
    const { rows } = await sql<{ item: number }>`SELECT nextval('coldchain.gtin_number') AS item`.execute(tx)
    const made = { createdAt: kernel.clock.now(), createdBy: caller.name }
    const row = { id: uuidv7(), gtin: gtin ?? localGtin(rows[0]!.item), ...facts, ...made }
    const added = await tx
      .insertInto('coldchain.goods')
      .values(row)
      .onConflict((on) => on.column('gtin').doNothing())
      .executeTakeFirst()
    if (added.numInsertedOrUpdatedRows !== 1n) throw conflict('这个商品条码已经登记', 'taken')
    const [path = '/'] = scopeFor(caller, 'coldchain.operate')
    await audit({ action: 'coldchain.save-goods', object: `cold-goods:${row.id}`, path, detail: { gtin: row.gtin } })
    return shownGoods(row)
  })
}

/** Rules that bind the caller's area: his own and those around it, newest first. */
export async function listRules({ kernel }: Parts, caller: Caller): Promise<ColdRule[]> {
  const scope = scopeFor(caller, 'coldchain.read')
  const rows = await readScope(kernel.db, scope, (tx) =>
    tx.selectFrom('coldchain.rule').selectAll().orderBy('id', 'desc').limit(500).execute(),
  )
  return rows.filter(({ path }) => scope.some((own) => own.startsWith(path) || path.startsWith(own))).map(shownRule)
}

/** Sets the rule of an area from a day on, which may not lie in the past. @throws Problem 400, 404 for an area outside */
export async function saveRule(
  { kernel, reference }: Parts,
  caller: Caller,
  { areaCode, from, ...values }: BodyOf<Routes['cold-rule.save']>,
  today: string,
): Promise<ColdRule> {
  const area = reference.area(areaCode)
  if (!area) throw notFound('区划')
  assertCan(caller, 'coldchain.manage', area.path, '区划')
  if (from < today) throw invalidField('/from', '生效日期不能早于今天')
  return command(kernel.db, caller, 'coldchain.manage', async (tx, audit) => {
    const place = { areaCode: area.code, path: area.path }
    const made = { createdAt: kernel.clock.now(), createdBy: caller.name }
    const row = { id: uuidv7(), ...place, validFrom: from, ...values, ...made }
    await tx.insertInto('coldchain.rule').values(row).execute()
    await audit({ action: 'coldchain.save-rule', object: `cold-rule:${row.id}`, ...place, detail: { from, ...values } })
    return shownRule(row)
  })
}
