import type { Tx } from '../db/index.ts'
import type { AuditHead } from './head.ts'
import { append, emptyFrontier, type Frontier, frontierRoot, isFrontierOf } from './merkle.ts'
import { findSuspects, judge, type Leaf, listLeaves, type Suspect } from './verify-leaf.ts'

const pageSize = 5_000
// Differences of time below this come from open transactions and small corrections of the clock.
const toleranceMs = 3_600_000
// Each pair is tried.
const maxPeers = 300

/** What was seen of the leaves that one head added. */
interface Span {
  first: number
  last: number
  moved: number[]
}

/** Recomputes the tree head by head and compares each leaf with its entry. */
export class TreeCheck {
  readonly #tx: Tx
  readonly #report: (seq: number | null, detail: string) => void
  readonly #onProgress: ((checked: number) => void) | undefined
  /** Undefined after a head whose subtrees cannot be trusted: the roots are then unknown up to the next good head. */
  #tree: Frontier | undefined = emptyFrontier
  #size = 0
  #lastSeq = 0
  /** Kept to the end, because an exchange has two halves, which may be far apart. */
  readonly #suspects: Suspect[] = []
  checked = 0

  constructor(
    tx: Tx,
    report: (seq: number | null, detail: string) => void,
    onProgress: ((checked: number) => void) | undefined,
  ) {
    this.#tx = tx
    this.#report = report
    this.#onProgress = onProgress
  }

  /**
   * Checks the leaves that a head with a valid signature added.
   * @param previous signed head before it
   */
  async check(head: AuditHead, previous: AuditHead | undefined): Promise<void> {
    const from = this.#size
    const span: Span = { first: 0, last: 0, moved: [] }
    while (this.#size < head.treeSize) {
      const leaves = await listLeaves(this.#tx, this.#size, head.treeSize, pageSize)
      if (leaves.length === 0) this.#missing(head.treeSize, undefined)
      for (const leaf of leaves) {
        if (leaf.leafIndex > this.#size) this.#missing(leaf.leafIndex, leaf)
        this.#see(leaf, span)
        this.#checkTime(leaf, head, previous)
      }
      await this.#entries(leaves)
    }
    if (this.#tree && !frontierRoot(this.#tree).equals(head.root)) this.#altered(span, head.treeSize - from)
    this.#goOn(head)
  }

  /** Looks at the leaves beyond the last signed head, which nobody vouches for, and reports the suspects. */
  async finish(): Promise<void> {
    await this.#checkTail()
    for (const suspect of this.#suspects) this.#report(suspect.leaf.seq, judge(suspect, this.#suspects))
  }

  async #checkTail(): Promise<void> {
    const leaves = await listLeaves(this.#tx, this.#size, Number.MAX_SAFE_INTEGER, pageSize)
    const [first] = leaves
    if (!first) return
    await this.#entries(leaves)
    this.#report(first.seq, `从第 ${first.seq} 条起的记录没有有效签名：签名被删除，或记录是事后补入的`)
  }

  #see(leaf: Leaf, span: Span): void {
    if (leaf.seq < span.last) span.moved.push(leaf.seq)
    span.first ||= leaf.seq
    span.last = Math.max(span.last, leaf.seq)
    this.#lastSeq = leaf.seq
    this.#size = leaf.leafIndex + 1
    if (this.#tree) this.#tree = append(this.#tree, [leaf.hash])
  }

  async #entries(leaves: readonly Leaf[]): Promise<void> {
    for (const suspect of await findSuspects(this.#tx, leaves)) {
      if (this.#suspects.length < maxPeers) this.#suspects.push(suspect)
      else this.#report(suspect.leaf.seq, judge(suspect, []))
    }
    this.checked += leaves.length
    this.#onProgress?.(this.checked)
  }

  #missing(to: number, next: Leaf | undefined): void {
    const count = to - this.#size
    const before = this.#lastSeq
    const place = next ? `第 ${before} 条与第 ${next.seq} 条之间` : `第 ${before} 条之后`
    const seq = next && next.seq === before + 2 && count === 1 ? before + 1 : null
    this.#report(seq, `${place}缺少 ${count} 条已封存的记录，已被删除`)
    this.#size = to
    this.#tree = undefined
  }

  #checkTime(leaf: Leaf, head: AuditHead, previous: AuditHead | undefined): void {
    const at = Date.parse(leaf.at)
    const early = previous !== undefined && at < Date.parse(previous.signedAt) - toleranceMs
    if (early || at > Date.parse(head.signedAt) + toleranceMs) {
      const detail = `第 ${leaf.seq} 条的时间 ${leaf.at} 与封存时间不符，可能是事后插入，或服务器时钟曾被调整`
      this.#report(leaf.seq, detail)
    }
  }

  #altered(span: Span, count: number): void {
    for (const seq of span.moved) this.#report(seq, `第 ${seq} 条记录的顺序被改动`)
    if (span.moved.length > 0) return
    const range = count === 1 ? `第 ${span.first} 条` : `第 ${span.first} 至 ${span.last} 条之间`
    this.#report(count === 1 ? span.first : null, `${range}的记录与签名不符，记录及其摘要被一并修改`)
  }

  // From a signed head on, the next batch is checked by itself: an altered batch neither hides nor blames others.
  #goOn(head: AuditHead): void {
    const tree = { size: head.treeSize, nodes: head.frontier }
    if (isFrontierOf(tree, head.root)) this.#tree = tree
    else this.#report(null, `第 ${head.treeSize} 条处的签名记录被改动（子树摘要不符）`)
  }
}
