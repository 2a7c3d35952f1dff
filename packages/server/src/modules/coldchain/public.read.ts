import { dayOf } from '@vigil/codes'
import type { coldchainRoutes, ResponseOf } from '@vigil/contract'
import { sql } from 'kysely'
import { systemScope, withScope } from '../../kernel/db/index.ts'
import { notFound } from '../../kernel/error/problem.ts'
import { judgeCertificate, readToken } from './certificate.domain.ts'
import { certificateKey } from './certificate.key.ts'
import type { Parts } from './coldchain.parts.ts'
import { readCode } from './label.domain.ts'
import { seenLots, shownLot } from './lot.read.ts'

type Routes = typeof coldchainRoutes

/** Whether an exit certificate is genuine and holds. The scan is counted. Tells nothing about persons. */
export async function verifyCertificate(
  { kernel, signer }: Parts,
  token: string,
): Promise<ResponseOf<Routes['cold-public.certificate']>> {
  return withScope(kernel.db, systemScope, async (tx) => {
    const row = await tx
      .updateTable('coldchain.certificate')
      .set(({ eb }) => ({ scans: eb('scans', '+', 1) }))
      .where('token', '=', token)
      .where('province', 'is', null)
      .returning(['token', 'scans', 'lotId'])
      .executeTakeFirst()
    const lot = row && (await tx.selectFrom('coldchain.lot').selectAll().where('id', '=', row.lotId).executeTakeFirst())
    const kept = row && readToken(row.token)
    const verdict = judgeCertificate(token, [certificateKey(signer.publicKey)], () =>
      kept && lot ? { certificate: kept.certificate, withdrawn: lot.releases % 2 === 0 } : null,
    )
    const { state, certificate } = verdict
    const facts = state === 'valid' || state === 'withdrawn' ? certificate : null
    return {
      state,
      number: facts?.number ?? null,
      goodsName: facts ? (lot?.goodsName ?? null) : null,
      lotNo: facts?.lot ?? null,
      issuedOn: facts?.issuedOn ?? null,
      grams: facts?.grams ?? null,
      boxes: facts?.boxes ?? null,
      scans: row?.scans ?? 0,
    }
  })
}

/**
 * What anybody may know of a box by its code: origin, dates, importer, test and release. The scan is counted.
 * @throws Problem 404 for every other code: lots can be guessed, boxes cannot
 */
export async function readPublicCode({ kernel }: Parts, code: string): Promise<ResponseOf<Routes['cold-public.code']>> {
  const read = readCode(code)
  if (!read.ok || read.code.kind !== 'box') throw notFound('追溯码')
  return withScope(kernel.db, systemScope, async (tx) => {
    const box = await tx
      .updateTable('coldchain.box')
      .set(({ eb }) => ({ scans: eb('scans', '+', 1) }))
      .where('uri', '=', read.code.uri)
      .returning(['lotId', 'scans'])
      .executeTakeFirst()
    if (!box) throw notFound('追溯码')
    const { rows } = await seenLots(sql`(SELECT ${box.lotId}::uuid AS id)`).execute(tx)
    const lot = rows[0]!
    const { rows: facts } = await sql<{
      importer: string | null
      tested: Date | null
      disinfected: Date | null
      released: Date | null
    }>`
      SELECT (SELECT name FROM coldchain.holder WHERE id = ${lot.ownerId}::uuid) AS importer,
        (SELECT max(s.result_at) FROM coldchain.lot_root r JOIN coldchain.sample s ON s.lot_id = r.root_id
          WHERE r.lot_id = ${lot.id} AND s.result = 'negative') AS tested,
        (SELECT max(d.done_at) FROM coldchain.lot_root r JOIN coldchain.disinfection d ON d.lot_id = r.root_id WHERE r.lot_id = ${lot.id}) AS disinfected,
        (SELECT max(x.at) FROM coldchain.lot_root r JOIN coldchain.release x ON x.lot_id = r.root_id AND x.kind = 'release'
          WHERE r.lot_id = ${lot.id}) AS released`.execute(tx)
    const { importer, tested, disinfected, released } = facts[0]!
    const { goodsName, lotNo, origin, producedOn, expiresOn, gate } = shownLot(lot)
    const day = (at: Date | null) => (at === null ? null : dayOf(at))
    return {
      ...{ goodsName, lotNo, origin, producedOn, expiresOn, gate, importer },
      ...{ tested: day(tested), disinfected: day(disinfected), released: gate === 'released' ? day(released) : null },
      scans: box.scans,
    }
  })
}
