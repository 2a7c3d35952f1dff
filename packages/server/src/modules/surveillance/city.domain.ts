import { type WatchedClass, watchedClassNames } from '@vigil/contract'
import type { Cell } from './pack.domain.ts'

const number = (value: number): string => Math.round(value).toLocaleString('zh-CN')
const sum = (list: readonly number[]): number => list.reduce((all, value) => all + value, 0)

/** A day of a city with its sentence. */
export interface CityCell extends Cell {
  readonly reason: string
}

/** Half of the sum's band: what the counties' bands leave on one side, for they vary each by itself. */
function side(cells: readonly Cell[], bound: 'lower' | 'upper'): number | null {
  const parts = cells.map((cell) => {
    const value = cell[bound]
    return value === null ? Number.NaN : value - (cell.expected ?? 0)
  })
  const width = Math.hypot(...parts)
  return Number.isNaN(width) ? null : width
}

/**
 * A city's day from those of its counties. A county that was not judged is left out on both sides, and told; the city itself
 * has no grade, for it is the counties that are judged.
 * @param cells of the same day and class, a county each; not empty
 */
export function cityDay(name: string, watched: WatchedClass, cells: readonly Cell[]): CityCell {
  const judged = cells.filter(({ expected, observed, untested }) => expected !== null && observed !== null && !untested)
  const shown = judged.length > 0 ? judged : cells
  const observed = sum(shown.map((cell) => cell.observed ?? 0))
  const expected = sum(judged.map((cell) => cell.expected!))
  const usual = sum(judged.map((cell) => cell.expected! / Math.max(0.001, cell.completeness)))
  const [below, above] = [side(judged, 'lower'), side(judged, 'upper')]
  const running = cells.some((cell) => cell.running)
  const graded = cells.filter(({ grade }) => grade !== null).length
  const head = `${name}${watchedClassNames[watched]}${running ? '今日至此' : '当日'}登记 ${number(observed)} 笔`
  const none = { lower: null, upper: null, score: null, p: null, grade: null, running }
  if (judged.length === 0)
    return {
      ...none,
      observed,
      expected: null,
      untested: 'too-short',
      completeness: 1,
      reason: `${head}；各区县均未判断`,
    }
  const lower = below === null ? null : Math.max(0, expected - below)
  const upper = above === null ? null : expected + above
  const band = lower === null || upper === null ? '' : `（通常 ${number(lower)}–${number(upper)}）`
  const left = cells.length - judged.length
  const parts = [
    `${head}，各区县预计合计 ${number(expected)} 笔${band}`,
    graded > 0 ? `，${graded} 个区县达到预警` : '，没有区县达到预警',
    left > 0 ? `；${left} 个区县未判断，未计入` : '',
  ]
  const completeness = usual > 0 ? expected / usual : 1
  return { ...none, observed, expected, lower, upper, untested: null, completeness, reason: parts.join('') }
}
