import { sql } from 'kysely'
import type { Db, Tx } from '../db/index.ts'
import { utcText } from './entry-text.ts'
import type { SignedHead } from './signer.ts'

/** A signed tree head with what is needed to go on. */
export interface AuditHead extends SignedHead {
  readonly frontier: Buffer[]
  readonly signature: Buffer
}

const columns = sql`h.tree_size, h.root, h.frontier, h.max_seq, ${utcText(sql`h.signed_at`)} as signed_at, h.key_id, h.signature`

/** Newest signed head; undefined before the first sealing. */
export async function findHead(db: Db | Tx): Promise<AuditHead | undefined> {
  const query = sql<AuditHead>`select ${columns} from audit.head h order by h.tree_size desc limit 1`
  return (await query.execute(db)).rows[0]
}

/** Heads of trees larger than `size`, smallest first, at most `limit`. */
export async function listHeads(db: Db | Tx, size: number, limit: number): Promise<AuditHead[]> {
  const query = sql<AuditHead>`select ${columns} from audit.head h where h.tree_size > ${size} order by h.tree_size limit ${limit}`
  return (await query.execute(db)).rows
}

/** Adds a head. */
export async function insertHead(tx: Tx, head: AuditHead): Promise<void> {
  const { treeSize, root, frontier, maxSeq, signedAt, keyId, signature } = head
  await tx.insertInto('audit.head').values({ treeSize, root, frontier, maxSeq, signedAt, keyId, signature }).execute()
}
