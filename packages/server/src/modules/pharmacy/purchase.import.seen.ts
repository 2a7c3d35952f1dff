/**
 * Counts how often a keyed digest has come, in some 10 bytes each: a file may have a million rows. 53 bits of the digest
 * stand for it; that two of a million agree by chance is 1 in 18,000, and then one row more is told apart than need be.
 */
export class Occurrences {
  #keys = new Float64Array(1 << 12)
  #counts = new Uint16Array(1 << 12)
  #size = 0

  /** @returns how often this digest had come before */
  next(digest: Buffer): number {
    if (this.#size * 2 > this.#keys.length) this.#grow()
    // Never zero, which marks a free place.
    const key = digest.readUIntBE(0, 6) * 32 + (digest[6]! & 31) + 1
    const at = this.#place(key)
    if (this.#keys[at] === 0) {
      this.#keys[at] = key
      this.#size += 1
    }
    const before = this.#counts[at]!
    this.#counts[at] = Math.min(before + 1, 65_535)
    return before
  }

  #place(key: number): number {
    const mask = this.#keys.length - 1
    let at = (key % 4_294_967_296) & mask
    while (this.#keys[at] !== 0 && this.#keys[at] !== key) at = (at + 1) & mask
    return at
  }

  #grow(): void {
    const keys = this.#keys
    const counts = this.#counts
    this.#keys = new Float64Array(keys.length * 2)
    this.#counts = new Uint16Array(keys.length * 2)
    keys.forEach((key, from) => {
      if (key === 0) return
      const at = this.#place(key)
      this.#keys[at] = key
      this.#counts[at] = counts[from]!
    })
  }
}
