import { uuidv7 } from '@vigil/codes'
import type { BodyOf, coldchainRoutes, Download, ResponseOf } from '@vigil/contract'
import { sql } from 'kysely'
import { type Caller, scopeFor } from '../../kernel/access/caller.ts'
import { command } from '../../kernel/command/command.ts'
import { beyondScope, readScope, type Tx } from '../../kernel/db/index.ts'
import { conflict, invalidField, notFound } from '../../kernel/error/problem.ts'
import { capture, type Parts } from './coldchain.parts.ts'
import { packEvent } from './event.build.ts'
import { getOwnHolder } from './holder.service.ts'
import { palletLabel, palletUri, readCode } from './label.domain.ts'
import { labelPdf } from './label.pdf.ts'
import { labelZpl } from './label.zpl.ts'
import { lockLots } from './ledger.load.ts'
import { nextSscc } from './prefix.service.ts'
import { once } from './request.store.ts'

type Routes = typeof coldchainRoutes
type Issued = ResponseOf<Routes['cold-pallet.issue']>

/** Boxes by what was scanned, each once. @throws Problem 400 that names the line */
function boxUris(codes: readonly string[]): string[] {
  const uris = codes.map((code, index) => {
    const read = readCode(code)
    if (!read.ok) throw invalidField(`/codes/${index}`, read.message)
    if (read.code.kind !== 'box') throw invalidField(`/codes/${index}`, '不是箱码，请扫描带序列号的编码')
    return read.code.uri
  })
  return [...new Set(uris)]
}

/** Grams of boxes that may be put on a new pallet. @throws Problem 409 for one that stands on another */
async function looseGrams(tx: Tx, uris: readonly string[]): Promise<number> {
  const boxes = tx.selectFrom('coldchain.box').select(['lotId', 'grams', 'parentUri']).where('uri', 'in', uris)
  // In the order in which the ledger locks, and before it looks: of two who take the same boxes the second is told.
  await lockLots(tx, [...new Set((await boxes.execute()).map(({ lotId }) => lotId))])
  const rows = await boxes.execute()
  if (rows.some(({ parentUri }) => parentUri !== null)) throw conflict('有箱已经在托盘上，请先拆托', 'on-pallet')
  return rows.reduce((sum, { grams }) => sum + Number(grams), 0)
}

/**
 * Puts boxes that lie at a holder on a pallet, numbers it, and records the aggregation. Whether they lie there is judged by the ledger.
 * @throws Problem 400 that names the line, 404 outside the area, 409 without a company prefix, EventsRefused
 */
export async function issuePallet(
  parts: Parts,
  caller: Caller,
  holderId: string,
  { key, codes }: BodyOf<Routes['cold-pallet.issue']>,
): Promise<Issued> {
  const uris = boxUris(codes)
  return once<Issued>(parts, caller, key, ['pallet', holderId, codes], (claim, keep) =>
    command(parts.kernel.db, caller, 'coldchain.operate', async (tx, audit) => {
      const holder = await getOwnHolder(tx, caller, holderId)
      await claim(tx, holder.path)
      const grams = await looseGrams(tx, uris)
      const sscc = await beyondScope(tx, () => nextSscc(tx, holder))
      const at = parts.kernel.clock.now()
      const made = { path: holder.path, at, by: caller.name }
      await tx
        .insertInto('coldchain.pallet')
        .values({ sscc, holderId: holder.id, ...made })
        .execute()
      const uri = palletUri(sscc)
      const happening = { id: uuidv7(), at, place: holder.locationUri }
      await capture(parts, tx, caller, holder, packEvent(happening, uri, uris))
      const about = { object: `cold-holder:${holder.id}`, path: holder.path, areaCode: holder.areaCode }
      await audit({ action: 'coldchain.issue-pallet', ...about, detail: { sscc, boxes: uris.length, grams } })
      return keep(tx, { sscc, uri, boxes: uris.length, grams })
    }),
  )
}

interface Standing {
  readonly uri: string
  readonly grams: number
  readonly lotNo: string
  readonly goodsName: string
}

/** Boxes that stand on a pallet at a holder. @throws Problem 404 for none */
async function standingOn(tx: Tx, holderId: string, pallet: string): Promise<Standing[]> {
  const { rows } = await sql<Standing>`
    SELECT b.uri, b.grams, l.lot_no, l.goods_name FROM coldchain.box b JOIN coldchain.lot l ON l.id = b.lot_id
    WHERE b.parent_uri = ${pallet} AND b.holder_id = ${holderId} AND NOT b.gone ORDER BY b.uri`.execute(tx)
  if (rows.length === 0) throw notFound('托盘')
  return rows
}

/** Breaks up a pallet that stands at a holder, with its event. @throws Problem 400 for no pallet's code, 404 when it is not here */
export async function breakPallet(
  parts: Parts,
  caller: Caller,
  holderId: string,
  { key, code }: BodyOf<Routes['cold-pallet.break']>,
): Promise<{ boxes: number }> {
  const read = readCode(code)
  if (!read.ok) throw invalidField('/code', read.message)
  const { kind, uri } = read.code
  if (kind !== 'pallet') throw invalidField('/code', '不是托盘码')
  return once(parts, caller, key, ['break', holderId, uri], (claim, keep) =>
    command(parts.kernel.db, caller, 'coldchain.operate', async (tx, audit) => {
      const holder = await getOwnHolder(tx, caller, holderId)
      await claim(tx, holder.path)
      const boxes = (await standingOn(tx, holder.id, uri)).map((box) => box.uri)
      const happening = { id: uuidv7(), at: parts.kernel.clock.now(), place: holder.locationUri }
      await capture(parts, tx, caller, holder, packEvent(happening, uri, boxes, 'DELETE'))
      const about = { object: `cold-holder:${holder.id}`, path: holder.path, areaCode: holder.areaCode }
      const detail = { sscc: read.code.sscc!, boxes: boxes.length }
      await audit({ action: 'coldchain.break-pallet', ...about, detail })
      return keep(tx, { boxes: boxes.length })
    }),
  )
}

/** Label of a pallet that stands at a holder of the caller's. @throws Problem 404 when it is not here */
export async function palletPaper(
  { kernel }: Parts,
  caller: Caller,
  { id, sscc }: { id: string; sscc: string },
  format: 'pdf' | 'zpl',
  publicUrl: string,
): Promise<Download> {
  const { holder, boxes } = await readScope(kernel.db, scopeFor(caller, 'coldchain.operate'), async (tx) => {
    const found = await getOwnHolder(tx, caller, id)
    return { holder: found, boxes: await standingOn(tx, found.id, palletUri(sscc)) }
  })
  const lots = [...new Set(boxes.map(({ lotNo }) => lotNo))]
  const goods = [...new Set(boxes.map(({ goodsName }) => goodsName))].join('、')
  const grams = boxes.reduce((sum, box) => sum + Number(box.grams), 0)
  const label = palletLabel(publicUrl, { sscc, goods, holder: holder.name, lots, boxes: boxes.length, grams })
  const filename = `SSCC-${sscc}.${format}`
  if (format === 'pdf')
    return { mediaType: 'application/pdf', filename, body: labelPdf([label], { perPage: 8, title: '托盘标签' }) }
  return { mediaType: 'text/plain', filename, body: Buffer.from([...labelZpl([label], { dots: 8 })].join('')) }
}
