import { sql } from 'kysely'
import { type Db, systemScope, type Tx, withScope } from '../db/index.ts'
import { type EntryText, entryText, leafData, utcText } from './entry-text.ts'
import { type AuditHead, findHead, insertHead } from './head.ts'
import { appendHeads } from './heads-file.ts'
import { append, emptyFrontier, frontierRoot, isFrontierOf, leafHash } from './merkle.ts'
import { headText, isSigned, type Signer } from './signer.ts'

/** The newest head is not what this system signed: sealing on top of it would vouch for a forged log. */
export class AuditError extends Error {
  override name = 'AuditError'
}

export interface SealOptions {
  /** File that receives each head as a JSON line, usually `<dataDir>/audit-heads.jsonl`. */
  headsFile?: string
  /** How long a transaction may have been open and its entries still be found; default one hour. */
  lookbackMs?: number
  /** False: return at once while another process is sealing. Default true. */
  wait?: boolean
}

const batchSize = 10_000

/**
 * Gives every committed entry that has none a leaf of the Merkle tree, in batches of up to 10,000 in order of `seq`,
 * each with a signed head. Safe to run in several processes.
 * @returns entries sealed
 * @throws AuditError when the newest head in the database was forged
 */
export async function sealAudit(db: Db, signer: Signer, options: SealOptions = {}): Promise<number> {
  const { headsFile, lookbackMs = 3_600_000, wait = true } = options
  let sealed = 0
  // The second batch begins where the first ended: what commits below it meanwhile is found at the next call.
  let above: number | undefined
  for (;;) {
    const start = above
    const batch = await withScope(db, systemScope, async (tx) => {
      if (!(await lock(tx, wait))) return { count: 0, lastSeq: 0 }
      return sealBatch(tx, signer, start ?? (await watermark(tx, lookbackMs)))
    })
    sealed += batch.count
    above = batch.lastSeq
    if (batch.count < batchSize) break
  }
  // After the commit: a line without its head would look like a log that was cut off.
  if (headsFile !== undefined) await appendHeads(db, headsFile)
  return sealed
}

async function sealBatch(tx: Tx, signer: Signer, above: number): Promise<{ count: number; lastSeq: number }> {
  const last = await findHead(tx)
  if (last) assertOwn(last, signer)
  const entries = await listUnsealed(tx, above)
  if (entries.length === 0) return { count: 0, lastSeq: above }
  const lastSeq = Number(entries.at(-1)!.seq)

  const first = last?.treeSize ?? 0
  const hashes = entries.map((entry) => leafHash(leafData(entry)))
  const tree = append(last ? { size: first, nodes: last.frontier } : emptyFrontier, hashes)
  await sql`insert into audit.leaf (leaf_index, seq, at, hash)
    select ${first} + place - 1, seq, at, hash
    from unnest(${entries.map((entry) => entry.seq)}::bigint[], ${entries.map((entry) => entry.at)}::timestamptz[],
      ${hashes}::bytea[]) with ordinality as leaf (seq, at, hash, place)`.execute(tx)

  const clock = await sql<{ now: string }>`select ${utcText(sql`clock_timestamp()`)} as now`.execute(tx)
  const head = {
    treeSize: tree.size,
    root: frontierRoot(tree),
    maxSeq: Math.max(last?.maxSeq ?? 0, lastSeq),
    signedAt: clock.rows[0]!.now,
    keyId: signer.keyId,
  }
  await insertHead(tx, { ...head, frontier: [...tree.nodes], signature: signer.sign(headText(head)) })
  return { count: entries.length, lastSeq }
}

async function lock(tx: Tx, wait: boolean): Promise<boolean> {
  if (wait) {
    await sql`select pg_advisory_xact_lock(hashtext('vigil.audit.seal'))`.execute(tx)
    return true
  }
  const query = sql<{ got: boolean }>`select pg_try_advisory_xact_lock(hashtext('vigil.audit.seal')) as got`
  return (await query.execute(tx)).rows[0]!.got
}

function assertOwn(head: AuditHead, signer: Signer): void {
  const whole = isFrontierOf({ size: head.treeSize, nodes: head.frontier }, head.root)
  if (head.keyId !== signer.keyId || !isSigned(head, head.signature, signer.publicKey) || !whole) {
    throw new AuditError(`审计日志最新签名（${head.treeSize} 条）不是本系统所签，已停止封存，请运行核验`)
  }
}

/**
 * Numbers are given when a row is written, not when it commits, so a lower number may become visible later. All numbers
 * up to that of a head older than `lookbackMs` were given before then; later ones are looked at again each time.
 */
async function watermark(tx: Tx, lookbackMs: number): Promise<number> {
  const query = sql<{ maxSeq: number }>`select max_seq from audit.head
    where signed_at < clock_timestamp() - ${lookbackMs} * interval '1 millisecond' order by tree_size desc limit 1`
  return (await query.execute(tx)).rows[0]?.maxSeq ?? 0
}

async function listUnsealed(tx: Tx, above: number): Promise<EntryText[]> {
  const query = sql<EntryText>`select ${entryText} from audit.entry e
    where e.seq > ${above} and not exists (select from audit.leaf l where l.seq = e.seq and l.seq > ${above})
    order by e.seq, e.at limit ${batchSize}`
  return (await query.execute(tx)).rows
}
