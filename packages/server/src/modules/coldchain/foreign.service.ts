import { createHash } from 'node:crypto'
import { isDay, uuidv7 } from '@vigil/codes'
import type { BodyOf, coldchainRoutes } from '@vigil/contract'
import type { Caller } from '../../kernel/access/caller.ts'
import { command } from '../../kernel/command/command.ts'
import { conflict, invalidField } from '../../kernel/error/problem.ts'
import { capture, type Parts } from './coldchain.parts.ts'
import { putLot } from './declaration.service.ts'
import { getLot } from './declaration.store.ts'
import { objectEvent } from './event.build.ts'
import { getOwnHolder } from './holder.service.ts'
import { putRelease } from './release.service.ts'
import { tally } from './tally.store.ts'

/**
 * Takes over a lot that another province has released: its certificate stands for the release, and is recorded as such.
 * @returns id of the lot @throws Problem 400, 404, 409 when the certificate is known
 */
export async function recordForeign(
  parts: Parts,
  caller: Caller,
  body: BodyOf<(typeof coldchainRoutes)['cold-foreign.record']>,
): Promise<string> {
  const { kernel } = parts
  return command(kernel.db, caller, 'coldchain.operate', async (tx, audit) => {
    const holder = await getOwnHolder(tx, caller, body.holderId)
    const at = kernel.clock.now()
    if (!isDay(body.issuedOn) || new Date(`${body.issuedOn}T00:00:00+08:00`) > at)
      throw invalidField('/issuedOn', '签发日期不能晚于今天')
    const lotId = await putLot(tx, caller, at, body, { kind: 'foreign', ownerId: null, holder })
    const { province, issuer, certificateNo, issuedOn, grams, boxes } = body
    const token = `${province.trim()}:${certificateNo.trim()}`
    const id = uuidv7()
    const paper = { province: province.trim(), issuer: issuer.trim(), issuedOn, grams, boxes }
    const added = await tx
      .insertInto('coldchain.certificate')
      .values({ id, number: token, lotId, ...paper, token, path: holder.path, at, by: caller.name })
      .onConflict((on) => on.doNothing())
      .executeTakeFirst()
    if (added.numInsertedOrUpdatedRows !== 1n) throw conflict('这张出仓证明已经登记', 'taken')
    const digest = createHash('sha256')
      .update(JSON.stringify(['foreign-certificate', token, issuedOn, grams]))
      .digest('hex')
    const evidence = [{ kind: 'foreign-certificate', number: certificateNo.trim(), sha256: digest }]
    const lot = await getLot(tx, lotId)
    const reason = `凭${paper.province}出仓证明 ${certificateNo.trim()}`
    await putRelease(tx, lot, { kind: 'release', evidence, digest, reason, at, by: caller.name })
    const event = objectEvent(
      { id: uuidv7(), at, place: holder.locationUri, to: holder.uri, documents: [`urn:uuid:${id}`] },
      { codes: [], lots: [{ uri: lot.uri, grams }] },
      { action: 'OBSERVE', bizStep: 'accepting', disposition: 'in_progress' },
    )
    await capture(parts, tx, caller, holder, event)
    await tally(tx, holder, at, { lots: 1, boxes, grams, released: 1 })
    const detail = { province: paper.province, certificateNo, grams, boxes }
    await audit({ action: 'coldchain.record-foreign', object: `cold-lot:${lotId}`, path: holder.path, detail })
    return lotId
  })
}
