/** What is needed to find an area by what people write. */
export interface NamedArea {
  readonly code: string
  readonly name: string
  readonly parent: string | null
}

/** Areas by code and by name: 晋江市, 泉州市晋江市 and 福建省泉州市晋江市 are the same. Parents must be added first. */
export class AreaNames<A extends NamedArea> {
  readonly #byCode = new Map<string, A>()
  readonly #byName = new Map<string, A[]>()

  constructor(areas: Iterable<A> = []) {
    for (const area of areas) this.add(area)
  }

  add(area: A): void {
    this.#byCode.set(area.code, area)
    let full = ''
    for (let each: A | undefined = area; each; each = this.#byCode.get(each.parent ?? '')) {
      full = each.name + full
      const others = (this.#byName.get(full) ?? []).filter((other) => other.code !== area.code)
      this.#byName.set(full, [...others, area])
    }
  }

  byCode(code: string): A | undefined {
    return this.#byCode.get(code)
  }

  /** All areas that a text may mean: one for a code, several for a name that is borne more than once. */
  find(text: string): readonly A[] {
    const area = this.#byCode.get(text.toUpperCase())
    return area ? [area] : (this.#byName.get(text) ?? [])
  }
}
