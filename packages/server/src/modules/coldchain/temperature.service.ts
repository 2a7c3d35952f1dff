import { createHash } from 'node:crypto'
import type { Readable } from 'node:stream'
import { uuidv7 } from '@vigil/codes'
import type { ColdTemperature, ColdTemperatures } from '@vigil/contract'
import { type Caller, scopeFor } from '../../kernel/access/caller.ts'
import { command } from '../../kernel/command/command.ts'
import { readScope, systemScope, type Tx } from '../../kernel/db/index.ts'
import { conflict, invalidField } from '../../kernel/error/problem.ts'
import { TableError } from '../../kernel/tabular/index.ts'
import type { Parts } from './coldchain.parts.ts'
import { ofBusiness } from './holder.scope.ts'
import { getOwnHolder } from './holder.service.ts'
import { getSeenLot } from './lot.read.ts'
import { type Limit, limitOfLabel, type Reading } from './temperature.domain.ts'
import { type LoggerFile, readLogger } from './temperature.logger.ts'
import { sensorRecords } from './temperature.sensor.ts'
import { shownRecord } from './temperature.shown.ts'
import { staysOf } from './temperature.stay.domain.ts'
import type { TemperatureRow } from './temperature.table.ts'

const mostProblems = 50

async function readUpload(stream: Readable): Promise<Buffer> {
  const pieces: Buffer[] = []
  for await (const piece of stream) pieces.push(piece as Buffer)
  return Buffer.concat(pieces)
}

async function fileOf(bytes: Buffer, now: Date): Promise<LoggerFile> {
  try {
    const file = await readLogger(bytes, { now: now.getTime() })
    if (file.readings.length > 0) return file
    throw invalidField('/file', file.problems[0]?.message ?? '文件里没有温度记录', 'empty')
  } catch (error) {
    throw error instanceof TableError ? invalidField('/file', error.message, 'not-text') : error
  }
}

/**
 * Keeps the readings of a logger's file that was with a lot at a holder, with the rows that were not taken.
 * @throws Problem 400 for a file without readings, 404 outside the area, 409 for one that is known
 */
export async function addTemperatures(
  { kernel }: Parts,
  caller: Caller,
  lotId: string,
  holderId: string,
  upload: { readonly filename: string; readonly stream: Readable },
): Promise<void> {
  const bytes = await readUpload(upload.stream)
  const at = kernel.clock.now()
  const file = await fileOf(bytes, at)
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  await command(kernel.db, caller, 'coldchain.operate', async (tx, audit) => {
    const holder = await getOwnHolder(tx, caller, holderId)
    const lot = await getSeenLot(tx, [holder.path], lotId)
    const { maker, serial, readings, problems } = file
    const added = await tx
      .insertInto('coldchain.temperature')
      .values({
        ...{
          id: uuidv7(),
          lotId: lot.id,
          holderId,
          filename: [...upload.filename].slice(-120).join(''),
          sha256,
          maker,
          serial,
        },
        readings: JSON.stringify(readings.map((reading) => [reading.at, reading.tenths])),
        problems: JSON.stringify(problems),
        ...{ path: holder.path, at, by: caller.name },
      })
      .onConflict((on) => on.doNothing())
      .executeTakeFirst()
    if (added.numInsertedOrUpdatedRows !== 1n) throw conflict('这个温度文件已经上传', 'taken')
    const detail = { sha256, readings: readings.length, refused: problems.length }
    const about = { object: `cold-lot:${lotId}`, path: holder.path, areaCode: holder.areaCode }
    await audit({ action: 'coldchain.add-temperatures', ...about, detail })
  })
}

/** A logger's file with what it says of the lot at its holder. */
async function shown(
  tx: Tx,
  row: TemperatureRow & { holderName: string },
  limit: Limit | null,
): Promise<ColdTemperature> {
  const readings = row.readings.map(([at, tenths]): Reading => ({ at, tenths }))
  const moved = await tx
    .selectFrom('coldchain.movement')
    .select(['at', 'grams'])
    .where('lotId', '=', row.lotId)
    .where('holderId', '=', row.holderId)
    .where('grams', '<>', 0)
    .orderBy('at')
    .orderBy('id')
    .execute()
  const stays = staysOf(
    moved.map(({ at, grams }) => ({ at: at.getTime(), grams })),
    row.at.getTime(),
  )
  const about = {
    ...{ id: row.id, holderName: row.holderName, filename: row.filename, serial: row.serial },
    ...{ at: row.at.toISOString(), by: row.by, refused: row.problems.length },
    problems: row.problems.slice(0, mostProblems).map(({ line, message }) => ({ line, message })),
  }
  return shownRecord(about, readings, stays, limit)
}

/** Records shown at most, of files and of sensors each. */
const mostRecords = 20

/** Temperature records of a lot that concerns the caller's area, newest first: those of his area, all where the lot is his. @throws Problem 404 */
export async function listTemperatures(parts: Parts, caller: Caller, lotId: string): Promise<ColdTemperatures> {
  const scope = scopeFor(caller, ['coldchain.read', 'coldchain.operate'])
  return readScope(parts.kernel.db, systemScope, async (tx) => {
    const lot = await getSeenLot(tx, scope, lotId)
    const goods = lot.goodsId
      ? await tx.selectFrom('coldchain.goods').select('limitTenths').where('id', '=', lot.goodsId).executeTakeFirst()
      : undefined
    const rows = await tx
      .selectFrom('coldchain.temperature as t')
      .innerJoin('coldchain.holder as h', 'h.id', 't.holderId')
      .selectAll('t')
      .select('h.name as holderName')
      .where('t.lotId', '=', lotId)
      .orderBy('t.id', 'desc')
      .limit(mostRecords)
      .execute()
    const all = !ofBusiness(parts, scope) && scope.some((root) => lot.path.startsWith(root))
    const sees = (path: string) => all || scope.some((root) => path.startsWith(root))
    const seen = rows.filter(({ path }) => sees(path))
    const limit = goods ? limitOfLabel(goods.limitTenths) : null
    const items: ColdTemperature[] = []
    for (const row of seen) items.push(await shown(tx, row, limit))
    const now = parts.kernel.clock.now()
    items.push(...(await sensorRecords(tx, lotId, limit, { sees, most: mostRecords, now })))
    return { limitTenths: goods?.limitTenths ?? null, items: items.sort((a, b) => (a.at < b.at ? 1 : -1)) }
  })
}
