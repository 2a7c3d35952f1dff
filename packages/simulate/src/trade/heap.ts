/** Takes out the earliest first; of the same time the one that was put in first. */
export class Heap<T> {
  readonly #items: { at: number; order: number; value: T }[] = []
  #order = 0

  get size(): number {
    return this.#items.length
  }
  /** Time of the earliest, or infinity. */
  get next(): number {
    return this.#items[0]?.at ?? Number.POSITIVE_INFINITY
  }

  push(at: number, value: T): void {
    const items = this.#items
    const item = { at, order: this.#order++, value }
    let place = items.length
    items.push(item)
    while (place > 0) {
      const parent = (place - 1) >> 1
      if (!before(item, items[parent]!)) break
      items[place] = items[parent]!
      place = parent
    }
    items[place] = item
  }

  pop(): T | undefined {
    const items = this.#items
    const first = items[0]
    const last = items.pop()
    if (!first || !last || items.length === 0) return first?.value
    let place = 0
    for (;;) {
      let child = 2 * place + 1
      if (child >= items.length) break
      if (child + 1 < items.length && before(items[child + 1]!, items[child]!)) child++
      if (!before(items[child]!, last)) break
      items[place] = items[child]!
      place = child
    }
    items[place] = last
    return first.value
  }
}

const before = (a: { at: number; order: number }, b: { at: number; order: number }): boolean =>
  a.at < b.at || (a.at === b.at && a.order < b.order)
