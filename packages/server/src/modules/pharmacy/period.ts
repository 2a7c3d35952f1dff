import type { Day } from '@vigil/codes'
import { invalidField } from '../../kernel/error/problem.ts'

const first: Day = '2000-01-01'
const last: Day = '2099-12-31'

/**
 * Demands a period that can hold sales, so that the days before and after it exist too.
 * @param prefix pointer of the object with `from` and `to`
 * @throws Problem 400 that names the field
 */
export function assertPeriod({ from, to }: { from: Day; to: Day }, prefix: string): void {
  for (const [name, day] of Object.entries({ from, to }))
    if (day < first || day > last) throw invalidField(`${prefix}/${name}`, `日期应在 ${first} 至 ${last} 之间`)
  if (to < from) throw invalidField(`${prefix}/to`, '结束日期早于开始日期')
}
