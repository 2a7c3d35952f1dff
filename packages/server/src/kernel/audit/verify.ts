import type { KeyObject } from 'node:crypto'
import { type Db, readScope, systemScope } from '../db/index.ts'
import { type AuditHead, listHeads } from './head.ts'
import { headsFileSize } from './heads-file.ts'
import { isSigned } from './signer.ts'
import { HeadsFileCheck } from './verify-file.ts'
import type { AuditProblem } from './verify-leaf.ts'
import { TreeCheck } from './verify-tree.ts'
import { checkUnlisted } from './verify-unlisted.ts'

export interface AuditReport {
  ok: boolean
  /** Leaves compared with their entries. */
  checked: number
  /** Entries so recent that they have no leaf yet; they are not covered. */
  unsealed: number
  /** The first problems, at most `maxProblems`. */
  problems: AuditProblem[]
}

export interface VerifyOptions {
  publicKey: KeyObject
  /** The heads kept outside the database; without it, a log cut off behind an older head passes. */
  headsFile?: string
  /** Default 100. */
  maxProblems?: number
  onProgress?: (checked: number) => void
}

const headPage = 500

/**
 * Recomputes the whole log against the signed heads, in one snapshot and with bounded memory, and names each entry that
 * was changed, deleted, inserted or moved, forged signatures, missing heads and a log that was cut off.
 */
export async function verifyAudit(db: Db, options: VerifyOptions): Promise<AuditReport> {
  const { publicKey, headsFile, maxProblems = 100 } = options
  const problems: AuditProblem[] = []
  let ok = true
  const report = (seq: number | null, detail: string) => {
    ok = false
    if (problems.length < maxProblems) problems.push({ seq, detail })
  }
  // Before the snapshot: every line counted here has its head in the database by then.
  const fileSize = headsFile === undefined ? 0 : await headsFileSize(headsFile)
  return readScope(db, systemScope, async (tx) => {
    const tree = new TreeCheck(tx, report, options.onProgress)
    const file = new HeadsFileCheck(headsFile, fileSize, publicKey, report)
    let last: AuditHead | undefined
    let size = 0
    for (;;) {
      const heads = await listHeads(tx, size, headPage)
      for (const head of heads) {
        size = head.treeSize
        await file.advance(head)
        if (isSigned(head, head.signature, publicKey)) {
          await tree.check(head, last)
          last = head
        } else {
          report(null, `第 ${size} 条处的签名无效，签名记录被伪造或改动`)
        }
      }
      if (heads.length < headPage) break
    }
    await file.finish(size)
    await tree.finish()
    const unsealed = await checkUnlisted(tx, last, report)
    return { ok, checked: tree.checked, unsealed, problems }
  })
}
