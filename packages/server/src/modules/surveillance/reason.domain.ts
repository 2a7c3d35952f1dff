import { type WatchedClass, watchedClassNames } from '@vigil/contract'
import type { Cell } from './pack.domain.ts'

const number = (value: number): string =>
  value >= 100 || Number.isInteger(value) ? Math.round(value).toLocaleString('zh-CN') : value.toFixed(1)
const percent = (share: number): string => `${Math.round(share * 100)}%`
const gradeNames = { blue: '蓝色', yellow: '黄色', orange: '橙色', red: '红色' } as const

/** What the sentence is about. */
export interface Subject {
  readonly name: string
  readonly class: WatchedClass
  readonly kind: 'county' | 'office' | 'store'
}

const untested = {
  'too-short': '此前的数据还不够多，暂不判断',
  missing: '当天报告的药店太少，作缺报处理，不判断',
  'too-early': '今日时间尚早，暂不判断',
  closed: '这一天通常不营业，暂不判断',
  'no-fit': '历史数据不足以建立预期，不判断',
} as const

/** One plain Chinese sentence of what a day says. */
export function reasonOf(subject: Subject, cell: Cell): string {
  const head = `${subject.name}${watchedClassNames[subject.class]}${cell.running ? '今日至此' : '当日'}登记 ${number(cell.observed ?? 0)} 笔`
  if (cell.untested === 'missing' && subject.kind === 'store')
    return `${subject.name}的登记没有报来（停报或迟报），作缺报处理，不判断`
  if (cell.untested) return `${head}；${untested[cell.untested]}`
  const { observed, expected, lower, upper, score, grade } = cell
  if (observed === null || expected === null) return `${head}；没有可比的预期`
  const band =
    lower !== null && upper !== null ? `（通常 ${number(Math.ceil(lower))}–${number(Math.floor(upper))}）` : ''
  const usual = `预计 ${number(expected)} 笔${band}`
  const share =
    cell.running || cell.completeness >= 0.995
      ? ''
      : `；已报告的约占平日销量的 ${percent(cell.completeness)}，未报和迟报部分已折算`
  if (!grade) return `${head}，${usual}，未见异常${share}`
  const more =
    expected >= 1 ? `高出 ${percent((observed - expected) / expected)}` : `多 ${number(observed - expected)} 笔`
  // A run of days can be conspicuous although none of its days is.
  const run = upper !== null && observed <= upper ? '，连日合计偏高' : ''
  return `${head}，${usual}，${more}${run}，强度 ${(score ?? 0).toFixed(1)}，达到${gradeNames[grade]}${share}`
}
