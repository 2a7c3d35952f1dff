import type { KeyObject } from 'node:crypto'
import type { AuditHead } from './head.ts'
import { type HeadLine, readHeads } from './heads-file.ts'
import { isSigned } from './signer.ts'

/** Compares the heads kept in a file with those in the database, both read in order and side by side. */
export class HeadsFileCheck {
  readonly #lines: AsyncGenerator<HeadLine>
  readonly #publicKey: KeyObject
  readonly #report: (seq: number | null, detail: string) => void
  #line: HeadLine
  #number = 0
  #size = 0
  #started = false

  constructor(
    file: string | undefined,
    bytes: number,
    publicKey: KeyObject,
    report: (seq: number | null, detail: string) => void,
  ) {
    this.#lines = readHeads(file ?? '', bytes)
    this.#publicKey = publicKey
    this.#report = report
  }

  /** Takes the lines up to the size of a head of the database. */
  async advance(head: AuditHead): Promise<void> {
    await this.#start()
    for (; this.#line && this.#line.treeSize < head.treeSize; await this.#next()) this.#lost(this.#line)
    if (this.#line?.treeSize !== head.treeSize) return
    const same = this.#line.root.equals(head.root) && this.#line.signature.equals(head.signature)
    if (!same) this.#differs(this.#line)
    await this.#next()
  }

  /** Takes the rest: heads of a log that was longer than it is now. */
  async finish(treeSize: number): Promise<void> {
    await this.#start()
    let longest: HeadLine
    for (; this.#line; await this.#next()) if (this.#isGenuine(this.#line)) longest = this.#line
    if (longest) {
      const seq = `第 ${longest.maxSeq} 条`
      this.#report(null, `日志被截断或还原：曾封存 ${longest.treeSize} 条（到${seq}），数据库中只有 ${treeSize} 条`)
    }
  }

  async #start(): Promise<void> {
    if (this.#started) return
    this.#started = true
    await this.#next()
  }

  async #next(): Promise<void> {
    for (;;) {
      const { value, done } = await this.#lines.next()
      this.#line = undefined
      if (done) return
      this.#number++
      const line: HeadLine = value
      if (line && line.treeSize > this.#size) {
        this.#size = line.treeSize
        this.#line = line
        return
      }
      this.#report(null, `签名文件第 ${this.#number} 行被改动`)
    }
  }

  #isGenuine(line: NonNullable<HeadLine>): boolean {
    if (isSigned(line, line.signature, this.#publicKey)) return true
    this.#report(null, `签名文件第 ${this.#number} 行被改动`)
    return false
  }

  #lost(line: NonNullable<HeadLine>): void {
    if (this.#isGenuine(line)) this.#report(null, `第 ${line.treeSize} 条处的签名在数据库中缺失`)
  }

  #differs(line: NonNullable<HeadLine>): void {
    if (this.#isGenuine(line)) this.#report(null, `第 ${line.treeSize} 条处的签名与签名文件不同：日志被改写或还原`)
  }
}
