import { dayOf, uuidv7 } from '@vigil/codes'
import type { BodyOf, ColdCertificate, coldchainRoutes, Download } from '@vigil/contract'
import { sql } from 'kysely'
import { type Caller, scopeFor } from '../../kernel/access/caller.ts'
import { command } from '../../kernel/command/command.ts'
import { readScope, systemScope, type Tx } from '../../kernel/db/index.ts'
import { conflict, notFound } from '../../kernel/error/problem.ts'
import { certificateToken, paperState, readToken } from './certificate.domain.ts'
import { type CertificatePaper, certificatePdf } from './certificate.pdf.ts'
import type { Parts } from './coldchain.parts.ts'
import type { CertificateRow, ReleaseTable } from './coldchain.table.ts'
import { documentsOf, getLot, standing } from './declaration.store.ts'
import { buyersOf } from './holder.scope.ts'
import { getHolder, getOwnHolder } from './holder.service.ts'
import { concerning } from './lot.read.ts'
import { samplesOf } from './release.service.ts'

type Routes = typeof coldchainRoutes

type Released = Pick<ReleaseTable, 'id' | 'kind' | 'reason' | 'at'>

/** Releases and withdrawals of a lot, the oldest first. */
export const releasesOf = (tx: Tx, lotId: string): Promise<Released[]> =>
  tx
    .selectFrom('coldchain.release')
    .select(['id', 'kind', 'reason', 'at'])
    .where('lotId', '=', lotId)
    .orderBy('number')
    .execute()

/** The release that a certificate stands under: what its token binds; of another province's, the first one. */
const releaseOf = ({ province, token }: Pick<CertificateRow, 'province' | 'token'>, releases: readonly Released[]) =>
  (province === null ? readToken(token)?.certificate.release : releases[0]?.id) ?? ''

type Named = CertificateRow & { readonly toName: string | null }

/** A certificate as it is shown. @param releases those of its lot, the oldest first */
export const shownCertificate = (row: Named, releases: readonly Released[]): ColdCertificate => {
  const { id, number, province, issuer, issuedOn, grams, boxes, token, toName, scans } = row
  const state = paperState(releaseOf(row, releases), releases)
  return { id, number, province, issuer, issuedOn, grams, boxes, token, toName, scans, state }
}

/**
 * Certificates of a lot, the oldest first, at most a hundred. A buyer is shown those issued to itself and, of those issued for the lot,
 * the newest: the others tell how much went to whom.
 * @param buyers null for whom the whole lot concerns: supervisors, its owner, its warehouse
 */
export async function certificatesOf(tx: Tx, lotId: string, buyers: readonly string[] | null): Promise<Named[]> {
  const { rows } = await sql<Named>`
    SELECT c.*, h.name AS to_name FROM coldchain.certificate c LEFT JOIN coldchain.holder h ON h.id = c.to_id
    WHERE c.lot_id = ${lotId} AND (${buyers}::uuid[] IS NULL OR c.to_id = ANY(${buyers}::uuid[]) OR c.id = (
      SELECT id FROM coldchain.certificate WHERE lot_id = ${lotId} AND to_id IS NULL ORDER BY id DESC LIMIT 1))
    ORDER BY c.id LIMIT 100`.execute(tx)
  return rows
}

/** What is written across a certificate that holds no more; null while it holds. */
function stampOf(release: string, releases: readonly Released[]): CertificatePaper['withdrawn'] {
  const state = paperState(release, releases)
  if (state === 'valid') return null
  const own = releases.findIndex(({ id }) => id === release)
  const ended = releases.slice(own + 1).find(({ kind }) => kind === 'withdraw')
  const since = ended ? `放行已于 ${dayOf(ended.at)} 撤销` : '放行已撤销'
  const reason = ended?.reason ? `：${ended.reason}` : ''
  if (state === 'withdrawn') return { word: '已撤销', note: `${since}${reason}` }
  return { word: '已换发', note: `${since}，货物已于 ${dayOf(releases.at(-1)!.at)} 重新放行，以新证为准` }
}

/**
 * Issues an exit certificate for grams of a released lot that lie in its warehouse, signed; for one who takes them, or for the lot.
 * @throws Problem 404 outside the area or for a recipient that is not registered, 409 when the lot is not released or they are not there
 */
export async function certify(
  { kernel, signer }: Parts,
  caller: Caller,
  lotId: string,
  { boxes, grams, toId }: BodyOf<Routes['cold-lot.certify']>,
): Promise<ColdCertificate> {
  return command(kernel.db, caller, 'coldchain.operate', async (tx, audit) => {
    const lot = await getLot(tx, lotId)
    const holder = await getOwnHolder(tx, caller, lot.holderId)
    const recipient = toId === undefined ? null : await getHolder(tx, toId)
    if (lot.kind !== 'imported' || lot.releases % 2 === 0) throw conflict('批次没有放行，不能出证', 'not-released')
    const stock = await tx
      .selectFrom('coldchain.balance')
      .select('grams')
      .where('lotId', '=', lotId)
      .where('holderId', '=', holder.id)
      .executeTakeFirst()
    if (grams > (stock?.grams ?? 0)) throw conflict('出证重量超过库存', 'not-enough')
    const release = await tx
      .selectFrom('coldchain.release')
      .select(['id', 'digest'])
      .where('lotId', '=', lotId)
      .orderBy('number', 'desc')
      .limit(1)
      .executeTakeFirstOrThrow()
    const at = kernel.clock.now()
    const { rows } = await sql<{ n: number }>`SELECT nextval('coldchain.certificate_number') AS n`.execute(tx)
    const number = `CC${dayOf(at).replaceAll('-', '')}${String(rows[0]!.n).padStart(6, '0')}`
    const issuedOn = dayOf(at)
    const bound = { number, release: release.id, gtin: lot.gtin, lot: lot.lotNo, grams, boxes, warehouse: holder.code }
    const token = certificateToken({ ...bound, issuedOn, digest: release.digest }, signer)
    const paper = {
      number,
      lotId,
      province: null,
      issuer: holder.name,
      issuedOn,
      grams,
      boxes,
      token,
      toId: recipient?.id ?? null,
    }
    const row = await tx
      .insertInto('coldchain.certificate')
      .values({ id: uuidv7(), ...paper, path: lot.path, at, by: caller.name })
      .returningAll()
      .executeTakeFirstOrThrow()
    const detail = { number, grams, boxes, ...(recipient ? { to: recipient.name } : {}) }
    await audit({ action: 'coldchain.certify', object: `cold-lot:${lotId}`, path: lot.path, detail })
    return shownCertificate({ ...row, toName: recipient?.name ?? null }, await releasesOf(tx, lotId))
  })
}

const subjectNames = { goods: '食品', packaging: '外包装', vehicle: '运输工具' } as const
const resultNames = { pending: '待出结果', negative: '阴性', positive: '阳性' } as const
const paperNames = {
  customs: '报关单',
  quarantine: '入境货物检验检疫证明',
  test: '核酸检测证明',
  disinfection: '消毒证明',
} as const

/** A certificate of ours on paper, for whom it concerns. @throws Problem 404 for others, or one of another province */
export async function certificatePaper(parts: Parts, caller: Caller, id: string, publicUrl: string): Promise<Download> {
  const scope = scopeFor(caller, 'coldchain.read')
  // A buyer elsewhere takes the paper of what he bought: where the lot entered is not his area.
  const paper = await readScope(parts.kernel.db, systemScope, async (tx) => {
    const row = await tx.selectFrom('coldchain.certificate').selectAll().where('id', '=', id).executeTakeFirst()
    const token = row && row.province === null ? readToken(row.token) : null
    const lots = row ? await concerning(tx, scope, [row.lotId]) : new Set()
    if (!row || !token || !lots.has(row.lotId)) throw notFound('出仓证明')
    const lot = await getLot(tx, row.lotId)
    const shown = await certificatesOf(tx, lot.id, await buyersOf(parts, tx, scope, lot))
    const own = shown.find((one) => one.id === id)
    if (!own) throw notFound('出仓证明')
    const goods = await tx
      .selectFrom('coldchain.goods')
      .select('spec')
      .where('id', '=', lot.goodsId!)
      .executeTakeFirstOrThrow()
    const declaration = await tx
      .selectFrom('coldchain.declaration')
      .selectAll()
      .where('lotId', '=', lot.id)
      .executeTakeFirstOrThrow()
    const documents = standing(await documentsOf(tx, declaration.id))
    const samples = await samplesOf(tx, lot.id)
    return {
      certificate: token.certificate,
      token: row.token,
      recipient: own.toName,
      issuer: row.issuer,
      warehouse: (await getHolder(tx, lot.holderId)).name,
      ...{ goods: lot.goodsName, spec: goods.spec, origin: lot.origin ?? '', plantNo: lot.plantNo ?? '' },
      owner: (await getHolder(tx, declaration.ownerId)).name,
      ...{ produced: lot.producedOn ?? '', expires: lot.expiresOn ?? '', enteredOn: dayOf(declaration.enteredAt!) },
      documents: documents.map(({ kind, number, sha256 }) => ({ name: `${paperNames[kind]} ${number}`, sha256 })),
      results: samples.map(({ subject, code, result }) => `${subjectNames[subject]} ${code} ${resultNames[result]}`),
      withdrawn: stampOf(token.certificate.release, await releasesOf(tx, lot.id)),
    }
  })
  const filename = `${paper.certificate.number}.pdf`
  return { mediaType: 'application/pdf', filename, body: certificatePdf(paper, publicUrl) }
}
