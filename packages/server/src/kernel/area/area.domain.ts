import { within } from '../access/caller.ts'
import type { Scope } from '../db/index.ts'
import type { RowProblem } from '../tabular/index.ts'
import { AreaNames } from './area.names.ts'
import type { AreaRow } from './area.store.ts'

/** One row of a file: `code` is '' when it is to be made, `parent` a code or a name. */
export interface AreaInput {
  readonly rowNumber: number
  readonly code: string
  readonly name: string
  readonly parent: string
  readonly level: 'office' | 'grid'
  readonly lon: number | null
  readonly lat: number | null
}

export interface AreaPlan {
  readonly put: AreaRow[]
  readonly problems: RowProblem[]
}

const above = { office: 'county', grid: 'office' } as const
const letter = { office: 'S', grid: 'G' } as const
const names = { province: '省', city: '市', county: '县（市、区）', office: '所', grid: '网格' } as const
const codeMax = 20

/** What is known while a file is planned: the areas of before and those of earlier rows. */
class Plan {
  readonly put: AreaRow[] = []
  readonly problems: RowProblem[] = []
  readonly #names = new AreaNames<AreaRow>()
  readonly #byPlace = new Map<string, AreaRow>()
  readonly #last = new Map<string, number>()
  readonly #rowOf = new Map<string, number>()

  readonly #scope: Scope

  constructor(existing: Iterable<AreaRow>, rows: readonly AreaInput[], scope: Scope) {
    this.#scope = scope
    for (const area of existing) this.#know(area)
    for (const row of rows) this.#reserve(row.code)
  }

  #know(area: AreaRow): void {
    this.#names.add(area)
    this.#byPlace.set(`${area.parent}/${area.name}`, area)
    this.#reserve(area.code)
  }

  /** A number that is in use is not given again. */
  #reserve(code: string): void {
    const [, parent, digits] = /^(.+)[SG](\d{2,})$/.exec(code) ?? []
    if (parent) this.#last.set(parent, Math.max(this.#last.get(parent) ?? 0, Number(digits)))
  }

  #refuse(row: AreaInput, column: string, message: string): undefined {
    this.problems.push({ rowNumber: row.rowNumber, column, message })
    return undefined
  }

  #parentOf(row: AreaInput): AreaRow | undefined {
    const wanted = above[row.level]
    const visible = this.#names.find(row.parent).filter((area) => this.#scope.some((root) => within(area.path, root)))
    const fitting = visible.filter((area) => area.level === wanted)
    if (fitting.length === 1) return fitting[0]
    if (fitting.length > 1)
      return this.#refuse(row, 'parent', `有 ${fitting.length} 个叫“${row.parent}”的区划，请填写代码`)
    const other = visible[0]
    if (other)
      return this.#refuse(
        row,
        'parent',
        `${names[row.level]}的上级应为${names[wanted]}，“${row.parent}”是${names[other.level]}`,
      )
    return this.#refuse(row, 'parent', `上级“${row.parent}”不存在，或不在您的管辖范围内`)
  }

  #makeCode(row: AreaInput, parent: AreaRow): string | undefined {
    const number = (this.#last.get(parent.code) ?? 0) + 1
    const code = `${parent.code}${letter[row.level]}${String(number).padStart(2, '0')}`
    return code.length <= codeMax
      ? code
      : this.#refuse(row, 'code', `上级代码过长，请自行填写不超过 ${codeMax} 位的代码`)
  }

  take(row: AreaInput): void {
    const parent = this.#parentOf(row)
    if (!parent) return
    if (row.code === parent.code) return void this.#refuse(row, 'parent', '上级不能是自己')
    const same = row.code ? this.#names.byCode(row.code) : this.#byPlace.get(`${parent.code}/${row.name}`)
    if (same && (same.level !== row.level || same.parent !== parent.code))
      return void this.#refuse(row, 'code', `代码 ${same.code} 已属于另一个区划（${same.name}），不能移动或改级`)
    const earlier = same && this.#rowOf.get(same.code)
    if (earlier !== undefined)
      return void this.#refuse(row, row.code ? 'code' : 'name', `与第 ${earlier} 行重复，请删除其中一行`)
    const code = same?.code ?? (row.code || this.#makeCode(row, parent))
    if (!code) return
    const { name, level, lon, lat } = row
    const area = { code, name, level, parent: parent.code, path: `${parent.path}${code}/`, lon, lat, standard: false }
    this.#rowOf.set(code, row.rowNumber)
    this.#know(area)
    this.put.push(area)
  }
}

/**
 * Decides where the offices and grids of a file belong: offices first, so that a grid may stand above its office. An
 * area is known again by its code, or without one by parent and name; then only its name and centre change.
 * @param existing areas that the sender sees and all above them, in order of their paths
 * @param scope subtrees in which the sender may add areas
 * @param taken codes used outside of what the sender sees
 */
export function planAreas(
  existing: Iterable<AreaRow>,
  rows: readonly AreaInput[],
  scope: Scope,
  taken: ReadonlySet<string> = new Set(),
): AreaPlan {
  const plan = new Plan(existing, rows, scope)
  for (const level of ['office', 'grid'] as const)
    for (const row of rows)
      if (row.level === level) {
        if (taken.has(row.code))
          plan.problems.push({ rowNumber: row.rowNumber, column: 'code', message: `代码 ${row.code} 已被使用` })
        else plan.take(row)
      }
  return { put: plan.put, problems: plan.problems }
}
