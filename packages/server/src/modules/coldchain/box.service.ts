import { randomBytes } from 'node:crypto'
import { uuidv7 } from '@vigil/codes'
import type { BodyOf, coldchainRoutes, Download } from '@vigil/contract'
import { sql } from 'kysely'
import { type Caller, can, scopeFor } from '../../kernel/access/caller.ts'
import { command } from '../../kernel/command/command.ts'
import { readScope, type Tx } from '../../kernel/db/index.ts'
import { conflict, invalidField } from '../../kernel/error/problem.ts'
import { capture, type Parts } from './coldchain.parts.ts'
import type { HolderRow, LotRow } from './coldchain.table.ts'
import { getLot } from './declaration.store.ts'
import { objectEvent, packEvent } from './event.build.ts'
import { getHolder, getOwnHolder } from './holder.service.ts'
import {
  boxLabel,
  boxSerial,
  boxUri,
  type Label,
  palletLabel,
  palletUri,
  readCode,
  serialBytes,
} from './label.domain.ts'
import { labelPdf } from './label.pdf.ts'
import { labelZpl } from './label.zpl.ts'

type Body = BodyOf<(typeof coldchainRoutes)['cold-lot.add-boxes']>

/** Identity of a box: the code that it bears, or a random one. @throws Problem 400 for a code that is none of a box of these goods */
function codeOf(gtin: string, given: string | undefined, index: number): string {
  if (given === undefined) return boxUri(gtin, boxSerial(randomBytes(serialBytes)))
  const read = readCode(given)
  if (!read.ok) throw invalidField(`/boxes/${index}/code`, read.message)
  if (read.code.kind !== 'box') throw invalidField(`/boxes/${index}/code`, '不是箱码，请扫描带序列号的编码')
  return read.code.uri
}

/**
 * Gives boxes of a lot their codes, where the lot first came to; all boxes of a lot weigh no more than entered or was made of it.
 * @returns the codes in the order given @throws Problem 400, 404, 409 when a code is taken or the boxes outweigh the lot
 */
export async function addBoxes(parts: Parts, caller: Caller, lotId: string, body: Body): Promise<string[]> {
  const { kernel } = parts
  return command(kernel.db, caller, 'coldchain.operate', async (tx, audit) => {
    const lot = await getLot(tx, lotId)
    const holder = await getOwnHolder(tx, caller, lot.holderId)
    const at = kernel.clock.now()
    const boxes = body.boxes.map(({ grams, code }, index) => ({ uri: codeOf(lot.gtin, code, index), grams }))
    const { have } = await tx
      .selectFrom('coldchain.box')
      .select(({ fn }) => fn.sum<number>('grams').as('have'))
      .where('lotId', '=', lotId)
      .executeTakeFirstOrThrow()
    const { all } = await tx
      .selectFrom('coldchain.movement')
      .select(({ fn }) => fn.sum<number>('grams').as('all'))
      .where('lotId', '=', lotId)
      .where('kind', 'in', ['enter', 'make'])
      .executeTakeFirstOrThrow()
    const more = boxes.reduce((sum, { grams }) => sum + grams, 0)
    if (Number(have ?? 0) + more > Number(all ?? 0)) throw conflict('箱重合计超过批次重量，或批次尚未入仓', 'too-heavy')
    const made = { lotId, parentUri: null, holderId: holder.id, dispatchUri: null, createdAt: at }
    const added = await tx
      .insertInto('coldchain.box')
      .values(boxes.map((box) => ({ ...box, ...made })))
      .onConflict((on) => on.doNothing())
      .executeTakeFirst()
    if (Number(added.numInsertedOrUpdatedRows) !== boxes.length) throw conflict('有箱码已经登记', 'taken')
    await tellBoxes(parts, { tx, caller, holder, lot, at }, boxes, body.pallet)
    const detail = { boxes: boxes.length, grams: more, pallet: body.pallet ?? null }
    await audit({ action: 'coldchain.add-boxes', object: `cold-lot:${lotId}`, path: holder.path, detail })
    return boxes.map(({ uri }) => uri)
  })
}

interface Labelling {
  readonly tx: Parameters<typeof capture>[1]
  readonly caller: Caller
  readonly holder: HolderRow
  readonly lot: LotRow
  readonly at: Date
}

async function tellBoxes(
  parts: Parts,
  { tx, caller, holder, at }: Labelling,
  boxes: readonly { uri: string }[],
  pallet: string | undefined,
): Promise<void> {
  const codes = boxes.map(({ uri }) => uri)
  const happening = { id: uuidv7(), at, place: holder.locationUri }
  const what = { action: 'ADD', bizStep: 'commissioning', disposition: 'active' } as const
  await capture(parts, tx, caller, holder, objectEvent(happening, { codes, lots: [] }, what))
  if (pallet === undefined) return
  const sscc = readCode(pallet)
  if (!sscc.ok) throw invalidField('/pallet', sscc.message)
  await capture(parts, tx, caller, holder, packEvent({ ...happening, id: uuidv7() }, palletUri(pallet), codes))
}

/** Boxes whose labels are printed in one go. */
const mostLabels = 5000

/** Labels of the pallets on which boxes of a lot stand, with all that stands on them. */
async function palletsOf(tx: Tx, lot: LotRow, publicUrl: string, holder: string): Promise<Label[]> {
  const { rows } = await sql<{ uri: string; lots: string[]; boxes: number; grams: number }>`
    SELECT b.parent_uri AS uri, array_agg(DISTINCT l.lot_no) AS lots, count(*)::int AS boxes, sum(b.grams)::bigint AS grams
    FROM coldchain.box b JOIN coldchain.lot l ON l.id = b.lot_id
    WHERE NOT b.gone
      AND b.parent_uri IN (SELECT parent_uri FROM coldchain.box WHERE lot_id = ${lot.id} AND parent_uri IS NOT NULL)
    GROUP BY b.parent_uri ORDER BY b.parent_uri LIMIT 500`.execute(tx)
  return rows.flatMap(({ uri, ...on }) => {
    const sscc = /\/00\/(\d{18})$/.exec(uri)?.[1]
    return sscc === undefined ? [] : [palletLabel(publicUrl, { sscc, goods: lot.goodsName, holder, ...on })]
  })
}

/** Labels of all boxes of a lot and of their pallets, for whoever works where it first came to and for its importer. @throws Problem 404, 409 without boxes */
export async function lotLabels(
  { kernel }: Parts,
  caller: Caller,
  lotId: string,
  format: 'pdf' | 'zpl',
  publicUrl: string,
): Promise<Download> {
  const { lot, boxes, importer, pallets } = await readScope(
    kernel.db,
    scopeFor(caller, 'coldchain.operate'),
    async (tx) => {
      const found = await getLot(tx, lotId)
      const owner = found.ownerId ? await getHolder(tx, found.ownerId) : undefined
      const isOwner = owner !== undefined && can(caller, 'coldchain.operate', owner.path)
      const holder = isOwner ? await getHolder(tx, found.holderId) : await getOwnHolder(tx, caller, found.holderId)
      const rows = await tx
        .selectFrom('coldchain.box')
        .select(['uri', 'grams'])
        .where('lotId', '=', lotId)
        .orderBy('createdAt')
        .orderBy('uri')
        .limit(mostLabels)
        .execute()
      const importer = owner?.name ?? holder.name
      return { lot: found, boxes: rows, importer, pallets: await palletsOf(tx, found, publicUrl, holder.name) }
    },
  )
  if (boxes.length === 0) throw conflict('这个批次还没有赋码', 'empty')
  const facts = { gtin: lot.gtin, lot: lot.lotNo, goods: lot.goodsName, origin: lot.origin ?? '', importer }
  const days = { produced: lot.producedOn ?? '', expires: lot.expiresOn ?? '' }
  const boxLabels = boxes.map(({ uri, grams }, index) => {
    const serial = decodeURIComponent(uri.split('/21/')[1] ?? '')
    const box = { serial, number: index + 1, of: boxes.length }
    return boxLabel(publicUrl, { ...facts, ...days, grams }, box)
  })
  const labels = [...boxLabels, ...pallets]
  const filename = `${lot.lotNo}.${format}`
  if (format === 'pdf') return { mediaType: 'application/pdf', filename, body: labelPdf(labels, { perPage: 24 }) }
  return { mediaType: 'text/plain', filename, body: Buffer.from([...labelZpl(labels, { dots: 8 })].join('')) }
}
