import { dayOf } from '@vigil/codes'
import type { coldchainRoutes, ResponseOf } from '@vigil/contract'
import { sql } from 'kysely'
import { addressGroup, assertNotBlocked, attemptKey, recordFailure } from '../../kernel/access/attempt.ts'
import { systemScope, type Tx, withScope } from '../../kernel/db/index.ts'
import { notFound } from '../../kernel/error/problem.ts'
import { judgeCertificate, paperState, readToken } from './certificate.domain.ts'
import { certificateKey, writeCertificateKey } from './certificate.key.ts'
import { releasesOf } from './certificate.service.ts'
import type { Parts } from './coldchain.parts.ts'
import { readCode } from './label.domain.ts'
import { seenLots, shownLot } from './lot.read.ts'

type Routes = typeof coldchainRoutes
type Certificate = ResponseOf<Routes['cold-public.certificate']>
type Code = ResponseOf<Routes['cold-public.code']>

/** What anybody may know of a lot, and where it stands before the gate; nothing about persons. */
async function publicLot(
  tx: Tx,
  id: string,
): Promise<{ readonly lot: NonNullable<Certificate['lot']>; readonly gate: Code['gate'] }> {
  const { rows } = await seenLots(sql`(SELECT ${id}::uuid AS id)`).execute(tx)
  const seen = rows[0]!
  const { rows: facts } = await sql<{
    importer: string | null
    tested: Date | null
    disinfected: Date | null
    released: Date | null
    recalled: Date | null
  }>`
    SELECT (SELECT name FROM coldchain.holder WHERE id = ${seen.ownerId}::uuid) AS importer,
      (SELECT max(s.result_at) FROM coldchain.lot_root r JOIN coldchain.sample s ON s.lot_id = r.root_id
        WHERE r.lot_id = ${seen.id} AND s.result = 'negative') AS tested,
      (SELECT max(d.done_at) FROM coldchain.lot_root r JOIN coldchain.disinfection d ON d.lot_id = r.root_id WHERE r.lot_id = ${seen.id}) AS disinfected,
      (SELECT max(x.at) FROM coldchain.lot_root r JOIN coldchain.release x ON x.lot_id = r.root_id AND x.kind = 'release'
        WHERE r.lot_id = ${seen.id}) AS released,
      (SELECT min(x.opened_at) FROM coldchain.recall_lot k JOIN coldchain.recall x ON x.id = k.recall_id
        WHERE x.kind = 'real' AND x.state = 'open' AND (k.lot_id = ${seen.id}
          OR k.lot_id IN (SELECT root_id FROM coldchain.lot_root WHERE lot_id = ${seen.id}))) AS recalled`.execute(tx)
  const { importer, tested, disinfected, released, recalled } = facts[0]!
  const { kind, goodsName, lotNo, origin, producedOn, expiresOn, gate, holderName } = shownLot(seen)
  const day = (at: Date | null) => (at === null ? null : dayOf(at))
  const steps = { tested: day(tested), disinfected: day(disinfected) }
  const lot = { kind, goodsName, lotNo, origin, producedOn, expiresOn, importer, station: holderName, ...steps }
  return { lot: { ...lot, released: gate === 'released' ? day(released) : null, recalled: day(recalled) }, gate }
}

/** The keys that certificates of ours are checked with, for whoever checks them without us. */
export const publicKeys = ({ kernel, signer }: Parts): ResponseOf<Routes['cold-public.keys']> => ({
  keys: [{ keyId: signer.keyId, x: writeCertificateKey(signer.publicKey) }],
  at: kernel.clock.now().toISOString(),
})

/** Whether an exit certificate is genuine and holds. The scan is counted. */
export async function verifyCertificate({ kernel, signer }: Parts, token: string): Promise<Certificate> {
  return withScope(kernel.db, systemScope, async (tx) => {
    const row = await tx
      .updateTable('coldchain.certificate')
      .set(({ eb }) => ({ scans: eb('scans', '+', 1) }))
      .where('token', '=', token)
      .where('province', 'is', null)
      .returning(['token', 'scans', 'lotId'])
      .executeTakeFirst()
    const kept = row && readToken(row.token)
    const releases = row ? await releasesOf(tx, row.lotId) : []
    const verdict = judgeCertificate(token, [certificateKey(signer.publicKey)], (release) =>
      kept ? { certificate: kept.certificate, state: paperState(release, releases) } : null,
    )
    const { state, certificate } = verdict
    const isOurs = row !== undefined && state !== 'unknown' && state !== 'forged'
    const facts = isOurs ? certificate : null
    return {
      state,
      number: facts?.number ?? null,
      issuedOn: facts?.issuedOn ?? null,
      grams: facts?.grams ?? null,
      boxes: facts?.boxes ?? null,
      lot: isOurs ? (await publicLot(tx, row.lotId)).lot : null,
      at: kernel.clock.now().toISOString(),
      scans: row?.scans ?? 0,
    }
  })
}

/**
 * What anybody may know of a box by its code: origin, dates, importer, test and release. The scan is counted.
 * @param ip who asks: codes that goods brought along can be guessed, so failures are counted by address
 * @throws Problem 404 for every other code, one that names another lot than the box's, and one that is none: lots and pallets can be
 * guessed, boxes cannot; 429 after too many of these
 */
export async function readPublicCode({ kernel }: Parts, code: string, ip: string): Promise<Code> {
  const at = kernel.clock.now()
  const key = attemptKey('address', `code ${addressGroup(ip)}`)
  await assertNotBlocked(kernel.db, [key], at)
  const read = readCode(code)
  const isBox = read.ok && read.code.kind === 'box'
  // What is no box is looked up, too: every refusal takes the same time.
  const [uri, lotNo] = isBox ? [read.code.uri, read.code.lot ?? null] : ['', null]
  const found = await withScope(kernel.db, systemScope, async (tx) => {
    const { rows } = await sql<{ lotId: string; scans: number }>`
      UPDATE coldchain.box b SET scans = b.scans + 1 FROM coldchain.lot l
      WHERE b.uri = ${uri} AND l.id = b.lot_id AND (${lotNo}::text IS NULL OR ${lotNo} IN (l.lot_no, l.supplier_lot))
      RETURNING b.lot_id, b.scans`.execute(tx)
    const box = rows[0]
    if (!box) return undefined
    const { lot, gate } = await publicLot(tx, box.lotId)
    return { ...lot, gate, scans: box.scans, at: at.toISOString() }
  })
  if (found) return found
  await withScope(kernel.db, [], (tx) => recordFailure(tx, key, at))
  throw notFound('追溯码')
}
