import { type Checked, toHalfWidth } from '@vigil/codes'
import type { CellProblem } from '../tabular/index.ts'

/** Reads the cells of one row and collects everything that is wrong with it. */
export class Cells {
  readonly problems: CellProblem[] = []
  readonly #values: Readonly<Record<string, string>>

  constructor(values: Readonly<Record<string, string>>) {
    this.#values = values
  }

  problem(column: string, message: string): void {
    this.problems.push({ column, message })
  }

  /** Text of at most `max` characters; '' when empty. */
  text(column: string, max: number): string {
    const text = toHalfWidth(this.#values[column] ?? '').replace(/\s+/g, ' ')
    if (text.length > max) this.problem(column, `最多 ${max} 个字，现为 ${text.length} 个字`)
    return text
  }

  required(column: string, max: number, what: string): string {
    const text = this.text(column, max)
    if (text === '') this.problem(column, `请填写${what}`)
    return text
  }

  /** A code with a check of its own; null when empty or wrong. */
  checked<T>(column: string, check: (text: string) => Checked<T>): T | null {
    const text = this.text(column, 200)
    if (text === '') return null
    const result = check(text)
    if (result.ok) return result.value
    this.problem(column, result.message)
    return null
  }

  /** One of several names for a value; undefined (and a problem) when it is none of them. */
  choice<T>(column: string, names: ReadonlyMap<string, T>, what: string): T | undefined {
    const text = this.text(column, 60)
    const value = names.get(text.toLowerCase())
    if (value === undefined)
      this.problem(column, text ? `${what}“${text}”无法识别，可填 ${[...names.keys()].join('、')}` : `请填写${what}`)
    return value
  }

  /** Longitude and latitude in degrees (WGS 84), within China; null when both are empty. */
  place(lonColumn: string, latColumn: string): { lon: number; lat: number } | null {
    const read = (column: string, low: number, high: number, what: string) => {
      const text = this.text(column, 40)
      if (text === '') return null
      const value = Number(text)
      if (Number.isFinite(value) && value >= low && value <= high) return value
      this.problem(column, `${what}应为 ${low} 至 ${high} 之间的十进制度数`)
      return null
    }
    const before = this.problems.length
    const lon = read(lonColumn, 73, 136, '经度')
    const lat = read(latColumn, 3, 54, '纬度')
    if (lon !== null && lat !== null) return { lon, lat }
    if ((lon === null) !== (lat === null) && this.problems.length === before)
      this.problem(lon === null ? lonColumn : latColumn, '经度和纬度应同时填写')
    return null
  }
}
